"""Two homes on one ledger go by the same tables; on one home, tables are edited as ever."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.errors import KetnghiaError, OtherTables
from services.change_tables import put_in_force, tables_here_and_there
from services.run import open_run
from services.settings import Settings
from storage import arrivals, soundness
from storage.tables_in_force import tables_in_force

pytestmark = pytest.mark.slow

Pair = tuple[Settings, Settings]


@pytest.fixture
def homes(new_home: Callable[[], Settings], tmp_path: Path) -> Pair:
    """Two homes with tables of their own, the same to begin with, on one ledger."""
    url = f"sqlite:///{tmp_path / 'shared.sqlite3'}"
    first, second = (new_home().model_copy(update={"database_url": url}) for _ in range(2))
    return first, second


def edit(settings: Settings) -> None:
    """One recipient more than before; the same edit in two homes makes the same table."""
    table = settings.home / "reference" / "recipients.csv"
    before = table.read_text(encoding="utf-8") if table.exists() else "email,name,role,valid_from,valid_to,note\n"
    if "r0@" not in before:
        before = "email,name,role,valid_from,valid_to,note\n"
    number = before.count("\n") - 1
    table.write_text(f"{before}r{number}@gialai.example,R{number},TO,2020-01-01,,\n", encoding="utf-8")


def work(settings: Settings, name: str) -> None:
    with open_run(settings) as run, run.ledger.write() as session:
        arrivals.note_arrival(session, "folder", name, name, "a" * 64, None, datetime(2024, 2, 1, tzinfo=UTC))


def worked(settings: Settings) -> list[str]:
    with open_run(settings) as run, run.ledger.read() as session:
        return [each.file_name for each in arrivals.unanswered(session)]


def broken(settings: Settings) -> list[tuple[str, str, str]]:
    with open_run(settings) as run, run.ledger.read() as session:
        return list(soundness.broken_links(session))


def test_on_one_home_tables_are_edited_without_being_asked(homes: Pair, tmp_path: Path) -> None:
    first, _ = homes
    work(first, "a")
    edit(first)
    work(first, "b")
    moved = first.model_copy(update={"home": first.home.rename(tmp_path / "moved")})
    edit(moved)
    work(moved, "c")
    assert worked(moved) == ["a", "b", "c"]
    assert broken(moved) == []


def test_two_homes_with_the_same_tables_work_side_by_side(homes: Pair) -> None:
    for number in range(2):
        for home, settings in enumerate(homes):
            work(settings, f"{home}{number}")
    assert len(worked(homes[0])) == 4


def test_a_home_with_other_tables_writes_nothing_and_hears_which_differ_and_whose_hold(homes: Pair) -> None:
    first, second = homes
    work(first, "a")
    edit(second)
    (second.home / "reference" / "narratives").mkdir(exist_ok=True)
    (second.home / "reference" / "narratives" / "2024-02.toml").write_text("", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(OtherTables) as told:
            work(second, "b")
    told_of = str(told.value)
    for part in ("recipients.csv", "narratives/2024-02.toml (chỉ ở đây có)", str(first.home), "--set"):
        assert part in told_of
    assert "villages.csv" not in told_of
    assert worked(second) == ["a"]  # looking is free


def test_whose_tables_hold_edits_them_and_the_other_brings_them(homes: Pair) -> None:
    first, second = homes
    for settings in homes:
        work(settings, settings.home.name)
    edit(first)
    work(first, "a")
    with pytest.raises(OtherTables):
        work(second, "b")
    edit(second)
    work(second, "b")
    assert len(worked(first)) == 4


def test_a_person_may_make_the_other_tables_those_of_the_ledger(homes: Pair) -> None:
    first, second = homes
    work(first, "a")
    edit(second)
    with open_run(second) as run:
        with pytest.raises(KetnghiaError, match="--by"):
            put_in_force(run, " ")
        current, differences = tables_here_and_there(run)
        assert current is not None
        assert (current.set_by, differences) == ("", ["recipients.csv"])
        put_in_force(run, "Nguyễn Văn A")
    work(second, "b")
    with pytest.raises(OtherTables, match="Nguyễn Văn A"):
        work(first, "c")
    with open_run(second) as run, run.ledger.read() as session:
        current = tables_in_force(session)
        assert current is not None
        assert (current.version, current.set_by) == (run.tables.version, "Nguyễn Văn A")
    assert broken(second) == []
    with open_run(second) as run, run.ledger.write() as session:
        session.execute(text("UPDATE tables_in_force SET set_by = '' WHERE id = 2"))
    assert broken(second) == [("tables", "2", "altered")]


def test_what_is_undone_sets_no_tables(homes: Pair) -> None:
    first, second = homes
    edit(first)

    def fail() -> None:
        with open_run(first) as run, run.ledger.write():
            raise KetnghiaError("x")

    with pytest.raises(KetnghiaError, match="x"):
        fail()
    work(second, "b")
    assert worked(second) == ["b"]
