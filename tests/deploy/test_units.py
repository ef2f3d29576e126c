"""What an officer copies into place: units that systemd understands and shuts in well, a compose file that is one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from services.settings import PROGRAM, Settings

pytestmark = pytest.mark.slow
DEPLOY = PROGRAM / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit.name for unit in UNITS if unit.suffix == ".service"]
PAPERS = ("operations.md", "operations.en.md")
with_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The units, with a program that is there."""
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8").replace("/opt/ketnghia/bin/ketnghia", "/bin/true")
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    return tmp_path


@with_systemd
def test_systemd_finds_nothing_wrong_with_the_units(copied: Path) -> None:
    named = [str(copied / unit.name) for unit in UNITS]
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *named], capture_output=True, text=True, check=False
    )
    assert not [line for line in told.stderr.splitlines() if "ketnghia" in line], told.stderr


@with_systemd
@pytest.mark.parametrize("service", SERVICES)
def test_a_service_that_is_taken_over_can_do_little(copied: Path, service: str) -> None:
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(copied / service)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", told.stdout)
    assert found, told.stderr
    assert float(found[1]) <= 3.0


def test_every_command_of_the_units_is_one_of_the_program_s() -> None:
    from cli.main import app

    known = {command.name for command in app.registered_commands} | {
        command.callback.__name__ for command in app.registered_commands if command.callback
    }
    for service in SERVICES:
        text = (DEPLOY / "systemd" / service).read_text(encoding="utf-8")
        [command] = re.findall(r"^ExecStart=/opt/ketnghia/bin/ketnghia (\w+)", text, re.MULTILINE)
        assert command in known, service


def test_the_compose_file_gives_no_secret_away_and_opens_no_door_to_the_network() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    program = compose["services"]["program"]
    assert program["read_only"]
    assert program["cap_drop"] == ["ALL"]
    assert all(
        port.startswith("127.0.0.1:") for service in compose["services"].values() for port in service.get("ports", ())
    )
    for service in compose["services"].values():
        for name, value in service["environment"].items():
            assert "PASSWORD" not in name or name.endswith("_FILE"), (name, value)
        assert set(service["secrets"]) <= set(compose["secrets"])


def test_podman_compose_reads_the_compose_file_as_docker_does() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    # Without the dot a secret is taken for the name of a volume.
    assert [secret["file"] for secret in compose["secrets"].values() if not secret["file"].startswith("./")] == []
    # A list is put into quotation marks, and found by no shell.
    assert isinstance(compose["services"]["database"]["healthcheck"]["test"], str)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_clock_calls_the_containers_by_the_command_that_is_installed(paper: str) -> None:
    text = (PROGRAM / "docs" / paper).read_text(encoding="utf-8")
    alias = re.findall(r"^alias compose='(.+?)'", text, re.MULTILINE)
    by_the_clock = re.findall(r"^[\d* -]+ root cd \S+ && (.+?) (?:run|exec) ", text, re.MULTILINE)
    assert by_the_clock == alias * 2
    assert f"{Path(alias[0].split()[0]).parent}/pip install podman-compose==" in text


@pytest.mark.parametrize("paper", PAPERS)
def test_doctor_is_asked_about_a_server_once_it_was_started(paper: str) -> None:
    """After restore and upgrade; asked before, it calls a Prefect silent that was stopped a moment ago."""
    text = (PROGRAM / "docs" / paper).read_text(encoding="utf-8")
    stopped = [block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if " stop " in block]
    assert len(stopped) == 3
    for block in stopped:
        assert max(block.rfind("systemctl start"), block.rfind("compose up -d")) < block.index("ketnghia doctor")


@pytest.mark.parametrize("paper", PAPERS)
def test_an_upgrade_of_the_containers_leaves_no_old_one_to_be_started_again(paper: str) -> None:
    text = (PROGRAM / "docs" / paper).read_text(encoding="utf-8")
    [upgrade] = [block for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) if "compose build" in block]
    assert re.search(r"^compose up -d --force-recreate --no-deps program\b", upgrade, re.MULTILINE)


def test_the_image_is_built_by_the_same_steps_as_a_folder_and_runs_without_rights() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "deploy/install.sh /opt/ketnghia" in text
    users = re.findall(r"^USER (\S+)", text, re.MULTILINE)
    assert users
    assert users[-1] not in ("root", "0")


@pytest.mark.parametrize("paper", PAPERS)
def test_the_papers_name_files_that_are_there(paper: str) -> None:
    text = (PROGRAM / "docs" / paper).read_text(encoding="utf-8")
    named = set(re.findall(r"deploy/(?!secrets)[\w./]+", text))
    assert named
    for place in named:
        assert list(PROGRAM.glob(place.rstrip("/.") + "*")), place


def test_both_papers_give_the_same_commands() -> None:
    first, second = (_commands(paper) for paper in PAPERS)
    assert len(first) > 40
    assert first == second


def _commands(paper: str) -> list[str]:
    """The lines of a paper's blocks, without what is said beside them and without the words that stand for others."""
    text = (PROGRAM / "docs" / paper).read_text(encoding="utf-8")
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", text, re.DOTALL)).splitlines()
    stand_ins = r"ĐỊA_CHỈ|ADDRESS|MÃ|HASH|du-thao|draft"
    return [re.sub(stand_ins, "…", re.sub(r"\s+#.*", "", line)) for line in lines]


def test_the_units_may_write_where_the_papers_put_inbox_pages_and_backups() -> None:
    for service in SERVICES:
        text = (DEPLOY / "systemd" / service).read_text(encoding="utf-8")
        rooms = {place.lstrip("-") for place in re.findall(r"^ReadWritePaths=(\S+)", text, re.MULTILINE)}
        # A folder that is not there must not keep the service from starting.
        assert "ReadWritePaths=-/srv/ketnghia\n" in text, service
        for paper in PAPERS:
            told = (PROGRAM / "docs" / paper).read_text(encoding="utf-8")
            named = re.findall(r"^KETNGHIA_(?:INBOX|STATUS)_FOLDER=(\S+)", told, re.MULTILINE)
            named += re.findall(r"^ExecStart=\S+ backup (\S+)", text, re.MULTILINE)
            assert len(named) >= 2
            assert [place for place in named if not any(Path(place).is_relative_to(room) for room in rooms)] == []


SUDOERS = DEPLOY / "sudoers"
KETNGHIA = "/opt/ketnghia/bin/ketnghia"


def _rules(is_all: bool = False) -> list[tuple[str, str]]:
    """Program and pattern of its arguments, of what the group may run; with `is_all` also of what is still marked out."""
    text = SUDOERS.read_text(encoding="utf-8")
    rules = re.findall(
        r"(/\S+) (\^[^\n]+?\$)(?=,|\n)", text if is_all else re.sub(r"^#.*", "", text, flags=re.MULTILINE)
    )
    assert rules
    return rules


def _may(command: str) -> bool:
    """As sudo matches: the program by its path, all arguments together by the pattern."""
    program, _, arguments = command.partition(" ")
    return any(program == each and re.search(pattern, arguments) for each, pattern in _rules())


@pytest.mark.skipif(shutil.which("visudo") is None, reason="needs visudo")
def test_visudo_finds_nothing_wrong_with_the_rule() -> None:
    told = subprocess.run(["visudo", "-c", "-f", str(SUDOERS)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        "check-edition 2024-02-1",
        "release 2024-02-1 --number 15 --date 2024-02-22",
        "release 2024-Q1-2 --date 2024-04-22 --number 15-BC/VP --not-before 2024-04-23 --replaces 2024-Q1-1",
        "withdraw 2024-02-1 --reason ghi nhầm số",
        "preview 2024-02-1",
        "status 2024-9M",
        "send 2024-02-1",
        "sign 2024-02-1 --pkcs12 /etc/ketnghia/keys/lan.p12",
    ],
)
def test_whoever_releases_may_do_it_as_the_services_account(arguments: str) -> None:
    assert _may(f"{KETNGHIA} {arguments}")


@pytest.mark.parametrize(
    "command",
    [
        f"{KETNGHIA} account add lan --person Lan --role releaser",
        f"{KETNGHIA} account token lan",
        f"{KETNGHIA} status 2024-02 account token lan",
        f"{KETNGHIA} preview 2024-02-1 --out /etc/ketnghia/.env",
        f"{KETNGHIA} sign 2024-02-1 --pkcs11 /tmp/mine.so --token a --label b",
        f"{KETNGHIA} sign 2024-02-1 --pkcs12 /etc/ketnghia/keys/../.env",
        f"{KETNGHIA} outbox",
        "/usr/bin/cat /etc/ketnghia/.env",
        "/usr/bin/cat /var/lib/ketnghia/prefect/login",
        f"/usr/bin/cat /var/lib/ketnghia/editions/{'0' * 64}.pdf /etc/ketnghia/.env",
        "/usr/bin/cat /var/lib/ketnghia/editions/../../../../etc/ketnghia/.env",
        "/bin/sh -c id",
    ],
)
def test_whoever_releases_may_do_nothing_else_as_the_services_account(command: str) -> None:
    assert not _may(command)


def test_no_rule_lets_a_pattern_end_early() -> None:
    for program, pattern in _rules(is_all=True):
        assert (pattern[0], pattern[-1]) == ("^", "$"), (program, pattern)
        assert "account" not in pattern


def test_the_example_of_the_containers_settings_names_settings_and_no_secret() -> None:
    text = (DEPLOY / "program.env.example").read_text(encoding="utf-8")
    named = re.findall(r"^#?KETNGHIA_(\w+)=", text, re.MULTILINE)
    assert len(named) > 10
    assert {name.lower() for name in named} <= set(Settings.model_fields)
    assert not [name for name in named if re.search("PASSWORD|SECRET|TOKEN|URL", name)]


def test_the_program_in_its_container_knows_no_role_but_its_own() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    program, init = services["program"], services["init"]
    assert {name for name in program["secrets"] if name.startswith("database")} == {"database_url"}
    assert not [name for name in program["environment"] if "OWNER" in name or "ADMIN" in name]
    assert init["command"] == ["database", "init"]
    assert init["profiles"]
    assert {"KETNGHIA_DATABASE_OWNER_URL_FILE", "KETNGHIA_DATABASE_ADMIN_URL_FILE"} <= set(init["environment"])


def test_every_folder_that_the_containers_settings_name_is_mounted() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]
    for name in ("program", "init"):
        mounted = {volume.split(":")[1] for volume in services[name]["volumes"]}
        settings = services[name]["environment"]
        assert {settings["KETNGHIA_INBOX_FOLDER"], settings["KETNGHIA_STATUS_FOLDER"], "/data", "/backups"} <= mounted
        for setting, place in settings.items():
            if setting.endswith("_FILE"):
                assert place.removeprefix("/run/secrets/") in services[name]["secrets"], setting


def test_nothing_secret_goes_into_the_image() -> None:
    left_out = (PROGRAM / ".dockerignore").read_text(encoding="utf-8").split()
    assert {"**/.env", "deploy/program.env", "deploy/inbox", "deploy/secrets", "data"} <= set(left_out)
