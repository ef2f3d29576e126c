"""What an officer copies into place: units that systemd understands and shuts in well, a compose file that is one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from services.settings import PROGRAM

pytestmark = pytest.mark.slow
DEPLOY = PROGRAM / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
SERVICES = [unit.name for unit in UNITS if unit.suffix == ".service"]
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


def test_the_image_is_built_by_the_same_steps_as_a_folder_and_runs_without_rights() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert "deploy/install.sh /opt/ketnghia" in text
    users = re.findall(r"^USER (\S+)", text, re.MULTILINE)
    assert users
    assert users[-1] not in ("root", "0")


@pytest.mark.parametrize("paper", ["operations.md", "operations.en.md"])
def test_the_papers_name_files_that_are_there(paper: str) -> None:
    text = (PROGRAM / "docs" / paper).read_text(encoding="utf-8")
    named = set(re.findall(r"deploy/(?!secrets)[\w./]+", text))
    assert named
    for place in named:
        assert list(PROGRAM.glob(place.rstrip("/.") + "*")), place
