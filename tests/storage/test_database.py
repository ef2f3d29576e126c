"""Looking into the ledger changes nothing, keeps nobody waiting, and sees one moment throughout."""

import threading
import time
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from domain.errors import LedgerBusy
from storage import arrivals
from storage.database import Database, LedgerUnreachable, is_away, open_database

pytestmark = pytest.mark.slow
AT = datetime(2024, 2, 15, tzinfo=UTC)


def note(database: Database, name: str) -> None:
    with database.write() as session:
        arrivals.note_arrival(session, "folder", name, name, "a" * 64, None, AT)


def count(database: Database) -> int:
    with database.read() as session:
        return len(arrivals.unanswered(session))


@pytest.mark.parametrize(
    "statement",
    ["UPDATE arrivals SET file_name = 'x'", "DELETE FROM arrivals", "CREATE TABLE sneaky (id INTEGER)"],
)
def test_whatever_writes_inside_a_read_is_refused(database: Database, statement: str) -> None:
    note(database, "a.xlsx")
    with pytest.raises(DBAPIError), database.read() as session:
        session.execute(text(statement))
    assert count(database) == 1


def test_a_service_that_writes_inside_a_read_is_refused(database: Database) -> None:
    with pytest.raises(DBAPIError), database.read() as session:
        arrivals.note_arrival(session, "folder", "a", "a.xlsx", "a" * 64, None, AT)
    assert count(database) == 0


def test_after_a_read_the_same_connection_may_write_again_and_the_other_way_round(database: Database) -> None:
    for number in range(3):
        note(database, f"{number}.xlsx")
        assert count(database) == number + 1


def test_a_reader_keeps_no_writer_waiting_and_sees_one_moment(database: Database) -> None:
    note(database, "first.xlsx")
    with database.read() as session:
        assert len(arrivals.unanswered(session)) == 1
        writer = threading.Thread(target=note, args=(database, "second.xlsx"))
        writer.start()
        writer.join(20)
        assert not writer.is_alive()
        assert len(arrivals.unanswered(session)) == 1
    assert count(database) == 2


def test_what_raises_inside_a_write_is_undone(database: Database) -> None:
    def fail_halfway() -> None:
        with database.write() as session:
            arrivals.note_arrival(session, "folder", "a", "a.xlsx", "a" * 64, None, AT)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert count(database) == 0


def test_a_writer_waits_for_another_within_bounds_and_hears_that_it_may_try_again(
    postgres_ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.database._OF_A_SESSION", ("SET lock_timeout = '300ms'",))
    with open_database(postgres_ledger) as first, open_database(postgres_ledger) as second:
        with first.write() as session:
            session.execute(text("SELECT 1"))
            with pytest.raises(LedgerUnreachable) as told:
                note(second, "a")
        assert is_away(told.value)
        note(second, "a")


def test_who_looks_waits_for_no_writer_also_when_opening(database: Database, database_url: str) -> None:
    note(database, "a")
    with database.write() as session:
        arrivals.note_arrival(session, "folder", "b", "b", "b" * 64, None, AT)
        begun = time.monotonic()
        with open_database(database_url.replace("+psycopg", "")) as another:
            assert count(another) == 1
        assert time.monotonic() - begun < 5


def test_a_database_that_cannot_be_reached_is_named_by_its_setting() -> None:
    with pytest.raises(LedgerBusy, match="KETNGHIA_DATABASE_URL"):
        open_database("postgresql://nobody@127.0.0.1:1/none?connect_timeout=2")
