"""Whatever the machine does to a command: one Vietnamese sentence that names the place and says what to do, and the code 3.

Every command, in a process of its own. Those that meet no fault, because they neither write nor print, do their work.
"""

import json
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from typer.main import get_command

from cli.main import app
from services.settings import PROGRAM
from storage.database import look_at_ledger
from storage.schema import newest_revision
from tests.faults.commands import EVERY, OWN_WAY, Ended, run_command, run_commands
from tests.storage.test_released import unpacked

pytestmark = pytest.mark.slow
SOME = ("collect", "report", "status", "verify", "send", "export", "lock")
"""One of each kind: takes in, prints, looks, follows the chain, mails, writes elsewhere, notes."""
WRITING = (
    *SOME, "forms", "send-forms", "check", "narrative", "release", "withdraw", "preview", "send-units", "outbox", "questions",
    "dictionary", "backfill", "rejudge", "grid", "doctor", "backup", "upgrade",
)  # fmt: skip
"""Whatever writes a file or a row, in the ways in which there are any."""
ENDS = {0, 1, 2, 3, 4}


def refused(found: dict[str, Ended], *says: str) -> None:
    """Every command ended with 3 and said this, in one sentence."""
    assert {command: ended.code for command, ended in found.items()} == dict.fromkeys(found, 3)
    for ended in found.values():
        [sentence] = [line for line in ended.sentences if not line.startswith(("Chưa cài máy chủ thư", "Khởi động"))]
        assert sentence.startswith("ketnghia: "), ended
        assert sentence.endswith("."), ended
        assert [word for word in says if word not in sentence] == [], ended


def told(found: dict[str, Ended]) -> None:
    """No command ended in a traceback, none in a code that is not in the table, and one that ended with 3 said why."""
    for ended in found.values():
        assert ended.code in ENDS, ended
        assert "Traceback" not in ended.err, ended
        assert ended.code != 3 or any(line.startswith("ketnghia: ") for line in ended.sentences), ended


def test_every_command_is_tried() -> None:
    assert set(EVERY) == set(getattr(get_command(app), "commands"))  # noqa: B009 - typed as a single command


def test_a_ledger_of_an_older_schema_stops_every_command_and_stays_as_it_is(home: Path, tmp_path: Path) -> None:
    ledger = home / "ketnghia.sqlite3"
    shutil.copy(unpacked("0.2.0", tmp_path), ledger)
    before = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path.is_file() and path != ledger}
    refused(
        run_commands(EVERY.keys() - OWN_WAY, lambda command: run_command(command, home, tmp_path)),
        str(ledger), "chạy “ketnghia upgrade”",
    )  # fmt: skip
    assert look_at_ledger(f"sqlite:///{ledger}").revision == "0010"
    after = {path: path.stat().st_mtime_ns for path in home.rglob("*") if path in before}
    assert after == before
    upgraded = run_command("upgrade", home, tmp_path)
    assert (upgraded.code, upgraded.err) == (0, "")
    [copy] = (home / "before-upgrade").iterdir()
    assert str(copy) in upgraded.out
    assert look_at_ledger(f"sqlite:///{copy}").revision == "0010"
    assert look_at_ledger(f"sqlite:///{ledger}").revision == newest_revision()
    assert "không phải làm gì" in run_command("upgrade", home, tmp_path).out


def test_a_damaged_ledger_stops_every_command(home: Path, tmp_path: Path) -> None:
    ledger = home / "ketnghia.sqlite3"
    ledger.write_bytes(b"no ledger" * 2_000)
    commands = EVERY.keys() - OWN_WAY | {"upgrade"}
    found = run_commands(commands, lambda command: run_command(command, home, tmp_path))
    refused(found, str(ledger), "ketnghia restore")
    assert ledger.read_bytes() == b"no ledger" * 2_000
    last = json.loads((home / "log" / "ketnghia.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert "sqlite3.DatabaseError" in last["traceback"]


def damaged_in_the_middle(home: Path) -> None:
    with (home / "ketnghia.sqlite3").open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(40_000)
        file.write(b"\xff" * (size - 40_000))


def newer(home: Path) -> None:
    with closing(sqlite3.connect(home / "ketnghia.sqlite3")) as ledger:
        ledger.execute("UPDATE alembic_version SET version_num = '9999'")
        ledger.commit()


def of_another_program(home: Path) -> None:
    (home / "ketnghia.sqlite3").unlink()
    with closing(sqlite3.connect(home / "ketnghia.sqlite3")) as ledger:
        ledger.execute("CREATE TABLE guests AS SELECT 1 AS name")


def a_folder(home: Path) -> None:
    (home / "ketnghia.sqlite3").unlink()
    (home / "ketnghia.sqlite3").mkdir()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (damaged_in_the_middle, ("đã hỏng", "ketnghia restore")),
        (newer, ("do bản chương trình mới hơn lập (lược đồ 9999", "cài bản chương trình mới")),
        (of_another_program, ("bảng của chương trình khác", "KETNGHIA_HOME")),
    ],
)
def test_a_ledger_that_cannot_be_used_is_told_by_what_is_wrong_with_it(
    home: Path, tmp_path: Path, spoil: object, says: tuple[str, ...]
) -> None:
    spoil(home)  # type: ignore[operator]
    refused(run_commands(SOME, lambda command: run_command(command, home, tmp_path)), *says)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://a:geheim@b/c", ("KETNGHIA_DATABASE_URL", "không dùng “mysql”", "postgresql://")),
        ("no url at all", ("KETNGHIA_DATABASE_URL", "không phải địa chỉ")),
        ("postgresql://a:geheim@127.0.0.1:1/x", ("PostgreSQL 127.0.0.1/x", "không trả lời", "KETNGHIA_DATABASE_URL")),
    ],
)
def test_a_database_that_cannot_be_is_told_without_its_password(
    home: Path, tmp_path: Path, url: str, says: tuple[str, ...]
) -> None:
    found = run_commands(
        [*SOME, "serve", "upgrade"], lambda command: run_command(command, home, tmp_path, KETNGHIA_DATABASE_URL=url)
    )
    refused(found, *says)
    assert not any("geheim" in ended.err for ended in found.values())


def test_a_locked_ledger_is_waited_for_so_long_and_named(home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(home / "ketnghia.sqlite3")) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        refused(
            run_commands(("collect", "report", "send", "lock"), lambda command: run_command(command, home, tmp_path)),
            "đang bị một tiến trình khác giữ", "fuser", str(home / "ketnghia.sqlite3"),
        )  # fmt: skip
        looked = run_commands(("status", "verify", "grid", "backup"), lambda each: run_command(each, home, tmp_path))
        assert {ended.command: ended.code for ended in looked.values()} == dict.fromkeys(looked, 0)


def test_a_home_that_is_a_file_stops_every_kind_of_command(tmp_path: Path) -> None:
    home = tmp_path / "taken"
    home.write_text("một tệp")
    commands = [*SOME, "forms", "check", "dictionary", "serve", "upgrade", "doctor", "restore"]
    refused(
        run_commands(commands, lambda command: run_command(command, home, tmp_path)), f"{home} là tệp", "KETNGHIA_HOME"
    )


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    found = run_commands(("forms", "collect", "report", "lock", "dictionary"), partial(_nowhere, tmp_path))
    refused(found, "/proc/none", "không có tệp hoặc thư mục này")


def _nowhere(tmp_path: Path, command: str) -> Ended:
    return run_command(command, Path("/proc/none/home"), tmp_path)


@pytest.mark.parametrize("command", ["forms", "export", "dictionary", "preview", "grid", "backup"])
def test_a_place_that_cannot_be_made_is_named(home: Path, tmp_path: Path, command: str) -> None:
    taken = tmp_path / "taken"
    taken.write_text("một tệp")
    option = {"forms": "--out", "export": "--out", "dictionary": "--out", "preview": "--out", "grid": "--html"}
    arguments = {
        "forms": ("2024-01", "--unit", "622"), "export": ("2024-01",), "preview": ("2024-01-1",),
        "grid": ("2024-01", "2024-01"),
    }.get(command, ())  # fmt: skip
    place = (option[command], str(taken / "x")) if command in option else (str(taken / "x"),)
    done = subprocess.run(
        [sys.executable, "-m", "cli.main", command, *arguments, *place],
        capture_output=True, text=True, cwd=PROGRAM, env=os.environ | {"KETNGHIA_HOME": str(home)}, check=False,
    )  # fmt: skip
    refused({command: Ended(command, done.returncode, done.stdout, _last(done.stderr))}, str(taken))


def _last(lines: str) -> str:
    """What was said at the end, after the bars of progress."""
    return lines.splitlines()[-1]


def test_an_unreadable_file_of_settings_is_told(home: Path, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"KETNGHIA_MAIL_FROM=\xff\xfe\n")
    (tmp_path / ".env").chmod(0o600)
    refused(
        run_commands([*SOME, "doctor", "dictionary"], lambda each: run_command(each, home, tmp_path, cwd=tmp_path)),
        ".env",
    )


@pytest.mark.parametrize("fonts", ["/nowhere", "a file"])
def test_missing_fonts_are_told_by_the_package_that_has_them(home: Path, tmp_path: Path, fonts: str) -> None:
    (tmp_path / "a file").write_text("x")
    place = fonts if fonts.startswith("/") else str(tmp_path / fonts)
    found = run_commands(("report",), lambda command: run_command(command, home, tmp_path, KETNGHIA_FONTS=place))
    refused(found, "Tinos-Regular.ttf", "fonts-croscore", "KETNGHIA_FONTS")


def test_a_missing_library_of_the_system_is_told_by_its_package(home: Path, tmp_path: Path) -> None:
    (tmp_path / "fake").mkdir()
    (tmp_path / "fake" / "weasyprint.py").write_text("""raise OSError("cannot load library 'libpango-1.0-0'")""")
    ended = run_command("report", home, tmp_path, first_path=str(tmp_path / "fake"))
    refused({"report": ended}, "libpango-1.0-0", "cài")
    doctor = run_command("doctor", home, tmp_path, first_path=str(tmp_path / "fake"))
    assert doctor.code == 1
    assert "SỬA  Thư viện: Thiếu thư viện hệ thống của WeasyPrint" in doctor.out


def test_no_byte_can_be_written(home: Path, tmp_path: Path) -> None:
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (0, 0))
    found = run_commands(WRITING, lambda command: run_command(command, home, tmp_path, limit))
    told(found)
    assert {found[command].code for command in (*SOME, "backup", "forms", "dictionary", "narrative")} == {3}


@pytest.fixture
def small_disk(home: Path, tmp_path: Path) -> Iterator[Path]:
    """The home on a disk of its own on which there is hardly any room left."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this account may not mount a disk")
    try:
        shutil.copytree(home, disk / "home")
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_full_disk(small_disk: Path, tmp_path: Path) -> None:
    home = small_disk / "home"
    with (small_disk / "rest").open("wb", buffering=0) as rest:
        while os.statvfs(small_disk).f_bavail:
            rest.write(b"x" * 4096)
    found = run_commands(WRITING, lambda command: run_command(command, home, tmp_path))
    told(found)
    assert [ended for ended in found.values() if ended.code == 3]
    assert all("chỗ" in ended.sentences[-1] for ended in found.values() if ended.code == 3)
    (small_disk / "rest").unlink()
    assert run_command("verify", home, tmp_path).code == 0


def test_a_disk_that_may_only_be_read(small_disk: Path, tmp_path: Path) -> None:
    # Whoever opened the ledger before left nothing that would have to be written for reading it.
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    found = run_commands(WRITING, lambda command: run_command(command, small_disk / "home", tmp_path))
    told(found)
    for command in ("collect", "report", "forms", "lock", "send", "narrative"):
        assert found[command].code == 3, found[command]
        assert "chỉ cho đọc" in found[command].sentences[-1], found[command]


@pytest.mark.parametrize("handles", [9, 14])
def test_too_many_open_files(home: Path, tmp_path: Path, handles: int) -> None:
    limit = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (handles, handles))
    told(run_commands([*SOME, "backup", "trace"], lambda command: run_command(command, home, tmp_path, limit)))


def broken_by(home: Path, error: str) -> subprocess.CompletedProcess[str]:
    """`status` in a process in which it raises this."""
    script = (
        "import sys, cli.main, services.status.period\n"
        f"def broken(*_): {error}\n"
        "services.status.period.status = broken\n"
        "sys.argv = ['ketnghia', 'status', '2024-01']\n"
        "cli.main.main()"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True, text=True, cwd=PROGRAM, env=os.environ | {"KETNGHIA_HOME": str(home)}, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("error", "says"),
    [
        ("raise MemoryError", "Máy hết bộ nhớ"),
        ("raise OSError(5, 'x', '/disk/file')", "/disk/file: ổ đĩa có lỗi"),
        ("raise KeyError('x')", "lỗi không lường trước (KeyError)"),
        ("raise BaseException('Too many open files')", "mở quá nhiều tệp"),
        ("raise BaseException('a panic')", "lỗi không lường trước (BaseException)"),
    ],
)
def test_whatever_is_raised_is_told_and_its_traceback_kept(home: Path, error: str, says: str) -> None:
    done = broken_by(home, error)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert says in done.stderr.splitlines()[0]
    last = json.loads((home / "log" / "ketnghia.jsonl").read_text(encoding="utf-8").splitlines()[-1])
    assert "in broken" in last["traceback"]


def test_where_no_log_can_be_kept_the_traceback_of_a_bug_is_shown(tmp_path: Path) -> None:
    done = broken_by(tmp_path / "none", "raise KeyError('x')")
    assert done.returncode == 3
    assert "in broken" in done.stderr


def test_postgresql_that_goes_in_the_middle_is_told_and_leaves_nothing_half_done(
    postgres_url: str, tmp_path: Path
) -> None:
    script = (
        "import sys, cli.main\n"
        "from sqlalchemy import text\n"
        "import services.intake.lock as lock\n"
        "real = lock.locks.set_lock\n"
        "def gone(session, *rest):\n"
        "    real(session, *rest)\n"
        "    session.execute(text('SELECT pg_terminate_backend(pg_backend_pid())'))\n"
        "lock.locks.set_lock = gone\n"
        "sys.argv = ['ketnghia', 'lock', '2024-01', '--by', 'Nguyễn Văn A']\n"
        "cli.main.main()"
    )
    environment = os.environ | {"KETNGHIA_HOME": str(tmp_path / "home"), "KETNGHIA_DATABASE_URL": postgres_url}
    (tmp_path / "home").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=PROGRAM, env=environment, check=False
    )
    refused({"lock": Ended("lock", done.returncode, done.stdout, done.stderr)}, "đã ngắt kết nối giữa chừng")
    from sqlalchemy import create_engine, text

    engine = create_engine(postgres_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM period_locks")) == 0
    engine.dispose()


def test_a_reader_that_goes_away_ends_the_command_in_silence(home: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "cli.main", "trace", "2024-01-1", "value_total_vnd@period"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=PROGRAM, env=os.environ | {"KETNGHIA_HOME": str(home)},
    ) as running:  # fmt: skip
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == 141
