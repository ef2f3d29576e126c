"""The commands about the ledger's own place, in processes of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from storage.database import open_database
from tests.cli.test_main import run

pytestmark = pytest.mark.slow


@pytest.fixture
def roles(postgres_ledger: str) -> Iterator[tuple[str, str]]:
    """The URLs of an owner and of the program; neither role is there yet."""
    place = make_url(postgres_ledger)
    names = (f"chu_{place.database}", f"ct_{place.database}")
    owner, program = (place.set(username=name).render_as_string(hide_password=False) for name in names)
    yield owner, program
    admin = create_engine(place.set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name in names:
            connection.execute(text(f"REASSIGN OWNED BY {name} TO CURRENT_USER"))
            connection.execute(text(f"DROP OWNED BY {name}"))
            connection.execute(text(f"DROP ROLE {name}"))
    admin.dispose()


def test_roles_and_ledger_are_made_and_made_again_and_the_program_works(
    tmp_path: Path, postgres_url: str, roles: tuple[str, str]
) -> None:
    owner, program = roles
    made = {"KETNGHIA_DATABASE_URL": program, "KETNGHIA_DATABASE_OWNER_URL": owner}
    for again in (made | {"KETNGHIA_DATABASE_ADMIN_URL": postgres_url}, made):
        done = run(tmp_path, "database", "init", **again)
        assert (done.returncode, done.stderr) == (0, "")
        assert "chỉ thêm vào sổ" in done.stdout
    done = run(tmp_path, "collect", KETNGHIA_DATABASE_URL=program)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "KETNGHIA_DATABASE_OWNER_URL"),
        ({"KETNGHIA_DATABASE_OWNER_URL": "sqlite:///x"}, "chỉ có trên PostgreSQL"),
        (
            {
                "KETNGHIA_DATABASE_OWNER_URL": "postgresql://a@127.0.0.1:1/d?connect_timeout=2",
                "KETNGHIA_DATABASE_URL": "postgresql://b@127.0.0.1:1/d?connect_timeout=2",
            },
            "KETNGHIA_DATABASE",
        ),
    ],
)
def test_what_lacks_is_said_in_a_sentence(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    done = run(tmp_path, "database", "init", **environment)
    # A setting that lacks is for whoever gives the command; one that is wrong, or a server that is away, is the machine's.
    assert (done.returncode, done.stdout) == (3 if environment else 2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_which_tables_hold_is_told_and_decided(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    open_database(url).close()
    first, second = tmp_path / "first", tmp_path / "second"
    shared = {"KETNGHIA_DATABASE_URL": url}
    assert "Sổ chưa theo bảng nào" in run(first, "database", "tables", **shared).stdout
    assert run(first, "database", "tables", "--set", **shared).returncode == 2
    assert run(first, "database", "tables", "--set", "--by", "Nguyễn Văn A", **shared).returncode == 0
    (second / "reference").mkdir(parents=True)
    (second / "reference" / "waivers.csv").write_text(
        "rule,unit_code,first_period,last_period,granted_by,reason,valid_from,valid_to\n\n", encoding="utf-8"
    )
    here = run(first, "database", "tables", **shared)
    assert (here.returncode, "Nguyễn Văn A" in here.stdout, "đúng như vậy" in here.stdout) == (0, True, True)
    there = run(second, "database", "tables", **shared)
    assert (there.returncode, "khác: waivers.csv" in there.stdout) == (1, True), there.stderr
    refused = run(second, "lock", "2024-01", "--from", "2024-07-01", "--by", "A", **shared)
    assert refused.returncode == 2
    assert "waivers.csv" in refused.stderr
    assert run(second, "database", "tables", "--set", "--by", "B", **shared).returncode == 0
    assert run(second, "lock", "2024-01", "--from", "2024-07-01", "--by", "A", **shared).returncode == 0


def test_a_store_is_changed_and_left_by_a_person(tmp_path: Path) -> None:
    home, store, new = (tmp_path / name for name in ("home", "kho", "new"))
    for folder in (store, new):
        folder.mkdir(mode=0o700)
    named, moved = {"KETNGHIA_STORE": str(store)}, {"KETNGHIA_STORE": str(new)}
    (home / "inbox").mkdir(parents=True)
    (home / "inbox" / "note.txt").write_bytes(b"no workbook")
    run(home, "collect", **named)
    said = ("database", "store")
    for words in (("--none", "--set"), ("--as-new",)):
        assert run(home, *said, *words, "--by", "A", **named).returncode == 2
    [kept] = (home / "archive").rglob("?" * 64)
    kept.unlink()
    done = run(home, *said, "--set", "--by", "A", **moved)
    assert (done.returncode, "CÒN THIẾU: 1 tệp của sổ" in done.stdout) == (1, True), done.stdout
    done = run(home, *said, "--set", "--by", "A", **named)
    assert (done.returncode, "CÒN THIẾU" in done.stdout) == (0, False), done.stdout + done.stderr
    done = run(home, *said, "--none", "--by", "A", **named)
    assert (done.returncode, done.stderr) == (0, "")
    assert kept.is_file()
    assert run(home, "verify", "--ledger").returncode == 0
