"""Every misfortune of an installation is one line with what to do; no check ends the others, and none changes anything."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.accounts import Duty, RoleName
from services.run import open_run
from services.settings import PROGRAM, Settings
from services.upkeep import doctor
from services.upkeep.backup import back_up
from services.upkeep.doctor import CHECKS, Line, examine
from services.upkeep.house import Found, House, good
from storage.database import open_database
from tests.commands import give
from tests.services.mail.office import Office, address
from tests.storage.test_released import unpacked

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
]


@pytest.fixture
def sound(office: tuple[Office, Settings], tmp_path: Path) -> Settings:
    """An installation in which nothing is wrong."""
    _, settings = office
    give(settings, "Trực máy", Duty(RoleName.OPERATOR, date(2020, 1, 1)), email="it@gialai.example")
    give(settings, "Người Duyệt", Duty(RoleName.RELEASER, date(2020, 1, 1)))
    settings.home.chmod(0o700)
    settings.least_free_mb = 1
    with open_run(settings) as run:
        back_up(run, tmp_path / "disk")
    return settings


def line_of(settings: Settings, name: str) -> Line:
    [check] = [check for check in CHECKS if check[0] == name]
    [line] = examine(settings, checks=[check])
    return line


def faults(settings: Settings) -> dict[str, Found]:
    return {line.name: line.found for line in examine(settings) if not line.found.is_good}


def test_where_nothing_is_wrong_every_line_is_good(sound: Settings) -> None:
    lines = examine(sound)
    assert [line.name for line in lines if not line.found.is_good] == []
    assert [line.name for line in lines] == [name for name, *_ in CHECKS]


def test_on_an_empty_machine_it_says_what_to_do_and_makes_nothing(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "none" / "data", _env_file=None)
    assert faults(settings).keys() >= {"operators", "roles", "mail-out"}
    assert list(tmp_path.iterdir()) == []


def test_looking_changes_nothing(sound: Settings) -> None:
    def seen() -> dict[str, float]:
        return {str(path): path.stat().st_mtime for path in sound.home.rglob("*") if "sqlite3-" not in path.name}

    before = seen()
    examine(sound)
    assert seen() == before


def spoil(name: str) -> Callable[[Settings, Path], None]:
    return {
        "fonts": lambda settings, tmp: setattr(settings, "fonts", tmp / "no fonts"),
        "rights": lambda settings, tmp: settings.home.chmod(0o755),
        "disk": lambda settings, tmp: setattr(settings, "least_free_mb", 10**9),
        "database": lambda settings, tmp: (settings.home / "ketnghia.sqlite3").write_bytes(b"no ledger" * 999),
        "schema": lambda settings, tmp: shutil.copy(unpacked("0.2.0", tmp), settings.home / "ketnghia.sqlite3"),
        "archive": lambda settings, tmp: shutil.rmtree(settings.archive),
        "backup": lambda settings, tmp: (settings.home / "backup.json").unlink(),
        "tables": lambda settings, tmp: (settings.home / "reference" / "units.csv").write_text("a,b\n1,2\n"),
        "operators": lambda settings, tmp: give(settings, "Trực máy"),
        "roles": lambda settings, tmp: setattr(settings, "two_persons", True),
        "holidays": lambda settings, tmp: (settings.home / "reference" / "holidays.csv").write_text("day,name,kind\n"),
        "ways-in": lambda settings, tmp: (
            setattr(settings, "imap_host", "127.0.0.1"),
            setattr(settings, "imap_port", settings.smtp_port),
            setattr(settings, "imap_security", "none"),
        ),
        "mail-out": lambda settings, tmp: setattr(settings, "smtp_port", 1),
        "prefect": lambda settings, tmp: (settings.home / "prefect").mkdir(),
    }[name]  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("name", "says", "advises"),
    [
        ("fonts", "Thiếu phông chữ Tinos-Regular.ttf", "fonts-croscore"),
        ("rights", "tài khoản khác đọc được", "chmod go-rwx"),
        ("disk", "cần ít nhất 1000000000 MB", "dọn ổ đĩa"),
        ("database", "không phải sổ, hoặc tệp đã hỏng", "ketnghia restore"),
        ("schema", "sổ ở lược đồ 0010", "ketnghia upgrade"),
        ("archive", "không còn trong", "verify --ledger"),
        ("backup", "chưa sao lưu lần nào", "ketnghia backup"),
        ("tables", "units.csv", ""),
        ("operators", "không ai được báo", "account add"),
        ("roles", "chưa ai giữ vai người soát", "checker"),
        ("holidays", "chưa có ngày nghỉ năm", "holidays.csv"),
        ("ways-in", "không mở được", "KETNGHIA_IMAP"),
        ("mail-out", "không nhận đăng nhập", "KETNGHIA_SMTP"),
        ("prefect", "không trả lời", "ketnghia serve"),
    ],
)
def test_what_is_wrong_is_a_line_with_what_to_do(
    sound: Settings, tmp_path: Path, name: str, says: str, advises: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    spoil(name)(sound, tmp_path)
    line = line_of(sound, name)
    assert not line.found.is_good
    assert says in line.found.text
    assert advises in line.found.advice
    assert line.found.advice


def test_a_part_that_a_setting_needs_and_nobody_installed_is_named(
    sound: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound.s3_url = "s3://bucket"
    assert line_of(sound, "extras").found.is_good
    monkeypatch.setattr("services.upkeep.checks.machine.find_spec", lambda name: None)
    found = line_of(sound, "extras").found
    assert (found.is_good, found.advice) == (False, 'pip install "ketnghia[s3]"')


def test_a_backup_that_is_too_old_is_told_with_its_age(sound: Settings) -> None:
    note = sound.home / "backup.json"
    told = json.loads(note.read_bytes())
    with open_run(sound) as run:
        told["at"] = (run.now() - timedelta(days=9)).isoformat()
    note.write_text(json.dumps(told))
    assert "đã 9 ngày, quá 7 ngày" in line_of(sound, "backup").found.text


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
@pytest.mark.parametrize("place", ["collect.lock", "log/ketnghia.jsonl", "status", "heartbeat/deliver.json"])
def test_what_another_account_left_in_the_home_is_named_with_how_to_mend_it(sound: Settings, place: str) -> None:
    left = sound.home / place
    left.parent.mkdir(exist_ok=True)
    if left.suffix:
        left.touch()
    else:
        left.mkdir(exist_ok=True)
    assert line_of(sound, "rights").found.is_good
    os.chown(left, 65534, 65534)
    found = line_of(sound, "rights").found
    assert not found.is_good
    assert f"{left} là của tài khoản nobody" in found.text
    assert f"chown -R root: {sound.home}" in found.advice


@pytest.mark.parametrize("harm", ["lost", "emptied", "another"])
def test_a_used_home_without_its_own_ledger_is_never_called_good(sound: Settings, tmp_path: Path, harm: str) -> None:
    ledger = sound.home / "ketnghia.sqlite3"
    for place in sound.home.glob("ketnghia.sqlite3*"):
        place.unlink()
    if harm == "emptied":
        ledger.touch()
    elif harm == "another":
        with open_database(sound.ledger_url):
            pass
    found = line_of(sound, "database").found
    assert not found.is_good
    assert ("không còn sổ" if harm != "another" else "là một sổ trống") in found.text
    assert "bản sao lưu" in f"{found.text} {found.advice}"
    (sound.home / "backup.json").unlink()
    others = [line_of(sound, name).found.is_good for name in ("archive", "backup")]
    assert others == [False, False]
    assert line_of(sound, "schema").found.is_good is (harm == "another")


def test_a_ledger_whose_end_was_cut_off_since_the_backup_is_told(sound: Settings) -> None:
    assert line_of(sound, "backup").found.is_good
    with closing(sqlite3.connect(sound.home / "ketnghia.sqlite3")) as ledger, ledger:
        ledger.execute("DELETE FROM chain WHERE position = (SELECT max(position) FROM chain)")
    found = line_of(sound, "backup").found
    assert (found.is_good, "đã bị cắt hoặc lập lại" in found.text) == (False, True)
    # A note of an earlier program knows no end.
    note = sound.home / "backup.json"
    told = json.loads(note.read_bytes())
    del told["head"]
    note.write_text(json.dumps(told), encoding="utf-8")
    assert line_of(sound, "backup").found.is_good


def test_a_backup_that_lacks_a_file_of_the_ledger_is_told_with_what_it_lacks(sound: Settings, tmp_path: Path) -> None:
    lost = next(path for path in sound.archive.rglob("*") if path.is_file())
    lost.unlink()
    with open_run(sound) as run:
        back_up(run, tmp_path / "disk")
    found = line_of(sound, "backup").found
    assert not found.is_good
    assert "THIẾU" in found.text
    assert lost.name[:12] in found.text
    assert "bản sao lưu cũ hơn" in found.advice


def test_a_clock_that_stands_before_the_ledger_is_told(sound: Settings) -> None:
    from services.clock import stopped, system_clock

    behind = stopped(system_clock() - timedelta(days=2))
    [clock] = [line for line in examine(sound, behind) if line.name == "clock"]
    assert "sổ đã ghi việc lúc" in clock.found.text
    assert line_of(sound, "clock").found.is_good


def test_a_check_that_raises_is_a_line_and_the_others_go_on(sound: Settings) -> None:
    def breaks(house: House) -> Found:
        raise ZeroDivisionError("x")

    def closed(house: House) -> Found:
        raise PermissionError(13, "Permission denied", "/somewhere")

    lines = examine(sound, checks=[("a", "A", breaks), ("b", "B", closed), ("c", "C", lambda house: good("c"))])
    assert [line.found.is_good for line in lines] == [False, False, True]
    assert "ZeroDivisionError" in lines[0].found.text
    assert "/somewhere" in lines[1].found.text
    assert all(line.found.advice for line in lines[:2])


@contextmanager
def silent_server() -> Iterator[int]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held: list[socket.socket] = []
        threading.Thread(target=lambda: _accept(server, held), daemon=True).start()
        yield server.getsockname()[1]
        for each in held:
            each.close()


def _accept(server: socket.socket, held: list[socket.socket]) -> None:
    while True:
        try:
            held.append(server.accept()[0])
        except OSError:
            return


def test_a_server_that_says_nothing_costs_no_more_than_its_time(
    sound: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "_SECONDS", 1.0)
    begun = time.monotonic()
    with silent_server() as port:
        sound.smtp_port, sound.imap_host, sound.imap_port, sound.imap_security = port, "127.0.0.1", port, "none"
        found = [line_of(sound, name).found for name in ("mail-out", "ways-in")]
    assert time.monotonic() - begun < 10
    assert [each.is_good for each in found] == [False, False]
    assert "không trả lời trong 1 giây" in found[1].text


def test_no_mail_is_sent_and_none_is_marked(office: tuple[Office, Settings], sound: Settings) -> None:
    server, _ = office
    assert line_of(sound, "mail-out").found.is_good
    assert server.recipients == []


def doctor_command(settings: Settings, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "doctor", *arguments],
        capture_output=True,
        text=True,
        cwd=PROGRAM,
        env=os.environ
        | {"KETNGHIA_HOME": str(settings.home), "KETNGHIA_LEAST_FREE_MB": "1"}
        | {"KETNGHIA_SMTP_HOST": settings.smtp_host, "KETNGHIA_SMTP_PORT": str(settings.smtp_port)}
        | {"KETNGHIA_SMTP_SECURITY": "none", **environment},
        check=False,
    )


def test_the_command_ends_with_0_or_1_and_speaks_json(sound: Settings) -> None:
    done = doctor_command(sound)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line[:4] for line in done.stdout.splitlines()] == ["tốt "] * len(CHECKS) + ["Mọi "]
    wrong = doctor_command(sound, "--json", KETNGHIA_FONTS="/nowhere")
    assert wrong.returncode == 1
    told = {line["check"]: line for line in json.loads(wrong.stdout)}
    assert list(told) == [name for name, *_ in CHECKS]
    assert [name for name, line in told.items() if not line["good"]] == ["fonts"]
    assert told["fonts"]["advice"]


def test_a_newer_ledger_is_told_and_not_opened(sound: Settings) -> None:
    with closing(sqlite3.connect(sound.home / "ketnghia.sqlite3")) as ledger:
        ledger.execute("UPDATE alembic_version SET version_num = '9999'")
        ledger.commit()
    assert "mới hơn" in line_of(sound, "schema").found.text
    assert faults(sound).keys() >= {"schema", "archive"}


def test_the_machine_of_a_worker_asks_after_the_server_of_the_other(sound: Settings) -> None:
    sound.prefect_server = "http://127.0.0.1:1/"
    found = line_of(sound, "prefect").found
    assert not found.is_good
    assert "http://127.0.0.1:1/api không trả lời" in found.text
    assert "KETNGHIA_PREFECT_SERVER" in found.advice
    # The books are saved where the server is.
    (sound.home / "backup.json").unlink()
    assert line_of(sound, "backup").found.is_good


@pytest.mark.parametrize(
    ("is_own", "says"),
    [
        (False, "recipients.csv và sender.toml là bản mẫu của chương trình, không phải của cơ quan"),
        (True, "recipients.csv còn địa chỉ mẫu: r0000@gialai.example"),
    ],
)
def test_real_reports_are_not_sent_by_the_tables_that_came_with_the_program(
    sound: Settings, is_own: bool, says: str
) -> None:
    own = sound.home / "reference"
    address(sound, 1)
    shutil.copy(PROGRAM / "reference" / "sender.toml", own)
    assert line_of(sound, "tables").found.is_good
    with closing(sqlite3.connect(sound.home / "ketnghia.sqlite3")) as ledger, ledger:
        ledger.execute("UPDATE submissions SET is_sample = 0")
    if not is_own:
        (own / "recipients.csv").unlink()
        (own / "sender.toml").unlink()
    found = line_of(sound, "tables").found
    assert (found.is_good, found.text) == (False, says)
    assert str(own) in found.advice
    shutil.copy(PROGRAM / "reference" / "sender.toml", own)
    (own / "recipients.csv").write_text(
        "email,name,role,valid_from,valid_to,note\nthuongtruc@gialai.gov.vn,Thường trực,TO,2020-01-01,,\n", "utf-8"
    )
    assert line_of(sound, "tables").found.is_good


def test_lost_tables_of_an_edition_are_told(sound: Settings) -> None:
    shutil.rmtree(sound.kept_tables)
    found = line_of(sound, "archive").found
    assert not found.is_good
    assert "bản 2024-01-1: danh sách bảng" in found.text
    assert "lấy lại từ bản sao lưu" in found.advice


def test_an_altered_account_bears_no_role(sound: Settings) -> None:
    with closing(sqlite3.connect(sound.home / "ketnghia.sqlite3")) as ledger, ledger:
        ledger.execute("UPDATE accounts SET token_sha256 = 'x' WHERE person = 'Người Duyệt'")
        [name] = {name for (name,) in ledger.execute("SELECT name FROM accounts WHERE person = 'Người Duyệt'")}
    found = line_of(sound, "roles").found
    assert not found.is_good
    assert f"tài khoản {name} (Người Duyệt) trong sổ đã bị sửa" in found.text
    assert f"ketnghia account disable {name}" in found.advice


def test_what_a_restore_brought_of_the_inbox_is_told_until_it_was_moved(sound: Settings) -> None:
    place = sound.home / "waiting" / "20240214T100000Z" / "622" / "waits.xlsx"
    place.parent.mkdir(parents=True)
    place.write_bytes(b"x")
    found = line_of(sound, "ways-in").found
    assert not found.is_good
    assert str(sound.home / "waiting") in found.text
    assert str(sound.inbox) in found.advice
    place.unlink()
    assert line_of(sound, "ways-in").found.is_good
