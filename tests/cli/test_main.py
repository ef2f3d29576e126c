"""The command line in processes of its own: what it answers, how it exits, what it does not import."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from services.settings import PROGRAM
from storage.database import open_database

pytestmark = pytest.mark.slow


HEAVY = {"prefect", "great_expectations", "weasyprint", "pandas"}


def run(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        capture_output=True,
        text=True,
        cwd=PROGRAM,
        env=os.environ | {"KETNGHIA_HOME": str(home), "COLUMNS": "120", **environment},
        check=False,
    )


def imported(home: Path, *arguments: str) -> set[str]:
    """The modules a command has imported by its end."""
    script = (
        "import sys, atexit\n"
        "atexit.register(lambda: print('IMPORTED', *sys.modules, file=sys.stderr))\n"
        f"sys.argv = ['ketnghia', *{list(arguments)!r}]\n"
        "from cli.main import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=PROGRAM, check=False,
        env=os.environ | {"KETNGHIA_HOME": str(home)},
    )  # fmt: skip
    [line] = [line for line in done.stderr.splitlines() if line.startswith("IMPORTED")]
    return set(line.split())


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """A home with a ledger in which nothing is written yet."""
    open_database(f"sqlite:///{tmp_path / 'begun' / 'ketnghia.sqlite3'}").close()
    return tmp_path / "begun"


@pytest.mark.parametrize(
    "arguments",
    [
        ("--help",),
        ("status", "2024-02"),
        ("trace", "2024-02-1", "x@period"),
        ("export", "2024-02", "--out", "/dev/null/x"),
    ],
)
def test_light_commands_import_no_heavy_library(begun: Path, arguments: tuple[str, ...]) -> None:
    assert imported(begun, *arguments) & HEAVY == set()


@pytest.mark.parametrize(
    ("arguments", "spared"),
    [
        (
            ("--help",),
            {"sqlalchemy", "polars", "pydantic", "jinja2", "domain.reference", "rich.markdown", "rich.traceback"},
        ),
        (
            ("status", "2024-02"),
            {"polars", "numpy", "alembic", "smtplib", "rich", "fontTools", "pypdf", "holidays.countries.iran"},
        ),
    ],
)
def test_a_question_waits_for_no_library_that_it_does_not_need(
    begun: Path, arguments: tuple[str, ...], spared: set[str]
) -> None:
    there = imported(begun, *arguments)
    assert there & spared == set()
    # What is asked for by a name that it does not bear would never be found.
    assert all(find_spec(name) is not None for name in spared)


def test_a_report_that_the_ledger_answers_waits_for_nothing_that_adds_up_or_prints() -> None:
    asked = "import sys, flows.monthly_report; print({'polars', 'weasyprint', 'altair', 'docx'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], cwd=PROGRAM, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "--ledger"),
        ("grid", "2024-01", "2024-02"),
        ("trace", "2024-02-1", "x@period"),
        ("watch",),
        ("outbox",),
        ("send", "2024-02-1"),
        ("unlock", "2024-02", "--by", "Người Khóa", "--unlock-reason", "nhầm"),
        ("backfill", "2024-01", "2024-02", "--dry-run"),
    ],
)
def test_in_the_wrong_folder_a_command_finds_no_ledger_and_makes_none(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    done = run(tmp_path / "data", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"ketnghia: Không có sổ ở {tmp_path}/data; xem KETNGHIA_HOME hoặc thư mục đang đứng.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [("watch",), ("outbox",), ("verify", "--ledger"), ("send", "2024-02-1")])
def test_where_the_ledger_was_lost_a_command_says_that_and_not_that_there_is_none(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    (tmp_path / "ledger.id").write_text("of a ledger that was here\n", encoding="utf-8")
    done = run(tmp_path, *arguments)
    assert done.returncode == 3
    assert f"Không còn sổ {tmp_path}/ketnghia.sqlite3" in done.stderr
    assert "Khôi phục sổ từ bản sao lưu" in done.stderr


def test_an_account_that_came_into_the_ledger_by_other_means_is_listed_as_such(tmp_path: Path) -> None:
    assert run(tmp_path, "account", "add", "lan", "--person", "Trần Thị Lan", "--role", "releaser").returncode == 0
    with closing(sqlite3.connect(tmp_path / "ketnghia.sqlite3")) as ledger, ledger:
        ledger.execute(
            "INSERT INTO accounts (name, person, email, os_user, token_sha256, duties, noted_by, noted_at) VALUES ('ma', "
            "'Kẻ Lạ', '', '', '', '[]', 'x', '2024-01-01 00:00:00')"
        )
    lines = run(tmp_path, "account", "list").stdout.splitlines()
    stranger = next(place for place, line in enumerate(lines) if line.startswith("ma "))
    assert lines[stranger + 1].strip().startswith("KHÔNG DÙNG ĐƯỢC")
    assert sum("KHÔNG DÙNG ĐƯỢC" in line for line in lines) == 1


def test_in_an_empty_folder_status_says_who_owes_a_report_and_leaves_nothing(tmp_path: Path) -> None:
    done = run(tmp_path / "data", "status", "2024-02")
    assert done.returncode == 0
    assert done.stdout.count("chưa nộp") == 17
    assert done.stderr == (
        f"ketnghia: Không có sổ ở {tmp_path}/data; xem KETNGHIA_HOME hoặc thư mục đang đứng. Chưa nhận tệp nào.\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_before_the_first_file_status_says_that_every_unit_still_owes_its_report(tmp_path: Path) -> None:
    assert run(tmp_path, "forms", "2024-02", "--unit", "622").returncode == 0
    assert "Trang HTML" not in run(tmp_path, "status", "2024-02").stdout
    done = run(tmp_path, "status", "2024-02", "--json")
    assert done.returncode == 0, done.stderr
    assert (json.loads(done.stdout)["expected"], json.loads(done.stdout)["accepted"]) == (17, 0)
    assert not (tmp_path / "ketnghia.sqlite3").exists()
    assert not (tmp_path / "status").exists()


def test_repair_speaks_of_the_editions_alone(begun: Path) -> None:
    done = run(begun, "repair")
    assert (done.returncode, done.stdout) == (
        0,
        "Mọi tệp của các bản đều còn nguyên; tệp đã nhận: ketnghia verify --ledger\n",
    )


@pytest.mark.slow
def test_report_and_check_do_not_import_prefect(tmp_path: Path, pleiku: Any) -> None:
    workbook = tmp_path / "x.xlsx"
    workbook.write_bytes(pleiku())
    checking = imported(tmp_path, "check", str(workbook))
    assert checking & HEAVY == {"great_expectations", "pandas"}
    assert checking & {"altair", "boto3", "jsonschema", "scipy.stats", "services.mail.outbox"} == set()
    assert "prefect" not in imported(tmp_path, "report", "2024-02")
    assert "prefect" not in imported(tmp_path, "collect")


@pytest.mark.slow
def test_check_answers_in_json_with_its_exit_code_and_stores_nothing(tmp_path: Path, pleiku: Any) -> None:
    sound, empty, broken = (tmp_path / name for name in ("sound.xlsx", "empty.xlsx", "broken.xlsx"))
    sound.write_bytes(pleiku())
    empty.write_bytes(pleiku(rows={"activities": [], "households": [], "control_totals": []}))
    broken.write_bytes(b"PK")
    home = tmp_path / "home"
    done = [run(home, "check", str(path), "--json") for path in (sound, empty, broken)]
    assert [one.returncode for one in done] == [0, 1, 2]
    answers = [json.loads(one.stdout) for one in done]
    assert answers[0] == {"verdict": "accepted", "unit": "622", "period": "2024-02", "revision": 1, "findings": []}
    assert set(answers[1]["findings"][0]) == {"rule", "severity", "sheet", "cell", "value", "message"}
    assert (answers[2]["verdict"], answers[2]["unit"]) == ("unreadable", None)
    assert not home.exists()


def test_an_error_is_one_vietnamese_sentence_and_exit_2(tmp_path: Path) -> None:
    done = run(tmp_path, "status", "tháng hai")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("ketnghia: Kỳ báo cáo “tháng hai” không đúng dạng.")


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "status", "2024-02", KETNGHIA_SMTP_PORT="nhiều")
    assert done.returncode == 3
    assert "KETNGHIA_SMTP_PORT" in done.stderr


def logged(home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (home / "log" / "ketnghia.jsonl").read_text(encoding="utf-8").splitlines()]


def test_the_error_a_command_ends_with_is_kept_in_the_log(tmp_path: Path) -> None:
    done = run(tmp_path, "status", "tháng hai")
    [line] = logged(tmp_path)
    assert (line["level"], line["event"], line["error"]) == ("error", "command-failed", "BadPeriod")
    assert done.stderr == f"ketnghia: {line['message']}\n"
    assert "traceback" not in line


def test_an_error_nobody_foresaw_is_kept_with_where_it_came_from(tmp_path: Path) -> None:
    script = (
        "import sys, cli.main, services.status.period\n"
        "services.status.period.status = lambda *_: 1 / 0\n"
        "sys.argv = ['ketnghia', 'status', '2024-02']\n"
        "cli.main.main()"
    )
    environment = os.environ | {"KETNGHIA_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROGRAM, env=environment, capture_output=True, check=False
    )
    assert done.returncode == 3
    [line] = logged(tmp_path)
    assert (line["event"], line["error"]) == ("command-broke", "ZeroDivisionError")
    assert "1 / 0" in line["traceback"] or "<lambda>" in line["traceback"]


def test_what_the_system_refuses_is_one_vietnamese_sentence_that_names_the_path(begun: Path) -> None:
    taken = begun / "taken"
    taken.write_text("một tệp")
    for arguments, home, named in (
        (("export", "2024-02", "--out", str(taken)), begun, taken),
        (("forms", "2024-02", "--unit", "622", "--out", str(taken)), begun, taken),
        (("dictionary", "--out", str(begun.parent)), begun, f"{begun.parent}:"),
        (("collect",), Path("/proc/foo"), "/proc/foo"),
    ):
        done = run(home, *arguments)
        assert done.returncode == 3, done.stderr
        assert [line for line in done.stderr.splitlines() if not line.startswith("ketnghia: Không đọc")] == []
        assert str(named) in done.stderr
    assert {line["error"] for line in logged(begun)} == {"FileExistsError", "IsADirectoryError"}


def test_a_file_that_was_named_and_is_not_there_is_wrong_use(begun: Path) -> None:
    for named, says in ((begun / "nofile.eml", "Không có tệp"), (begun, "là thư mục, cần một tệp")):
        done = run(begun, "outbox", "--bounced", str(named))
        assert (done.returncode, done.stdout) == (2, "")
        assert str(named) in done.stderr
        assert says in done.stderr


def test_help_tells_the_codes_with_which_commands_end(tmp_path: Path) -> None:
    told = " ".join(run(tmp_path, "--help").stdout.split())
    assert "0 xong, 1 câu trả lời là không, 2 gõ sai, 3 máy có trục trặc, 4 chưa kết luận được" in told
    assert "docs/commands.md" in told


def test_what_cannot_be_verified_is_one_sentence_whatever_a_library_says_of_it(tmp_path: Path) -> None:
    done = run(tmp_path, "verify", str(PROGRAM / "README.md"))
    assert done.returncode == 2
    assert done.stderr == f"ketnghia: Không đọc được {PROGRAM}/README.md như một tệp PDF (PdfStreamError).\n"
    assert "pypdf" in {line["event"].partition(".")[0] for line in logged(tmp_path)}
    folder = run(tmp_path, "verify", str(tmp_path))
    assert folder.stderr == f"ketnghia: {tmp_path} là thư mục; cần một tệp PDF.\n"


@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_vietnamese_is_printed_whatever_the_locale(tmp_path: Path, locale: str) -> None:
    done = run(tmp_path, "status", "2024-02", LC_ALL=locale, PYTHONUTF8="0", PYTHONIOENCODING="")
    assert done.returncode == 0, done.stderr


def test_forms_are_written_for_one_unit_or_refused_by_name(tmp_path: Path) -> None:
    done = run(tmp_path, "forms", "2024-02", "--unit", "622", "--out", str(tmp_path / "forms"))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "forms").iterdir()] == ["KN_622_2024-02_v1.xlsx"]
    assert "636" in run(tmp_path, "forms", "2024-02", "--unit", "636").stderr


def test_every_command_has_help(tmp_path: Path) -> None:
    listed = run(tmp_path, "--help").stdout
    for command in (
        "forms",
        "check",
        "collect",
        "report",
        "release",
        "send",
        "backfill",
        "grid",
        "revisions",
        "lock",
        "unlock",
        "series",
        "import-history",
        "rehearse",
        "status",
        "trace",
        "export",
        "serve",
        "worker",
        "demo",
        "doctor",
        "backup",
        "restore",
        "upgrade",
    ):
        assert command in listed
