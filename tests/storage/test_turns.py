"""One process at a time has the turn at a work: the others wait within bounds, hear who has it, and get it when that dies."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.errors import Busy
from domain.turns import Holder, Work
from services.settings import PROGRAM
from storage import arrivals
from storage.database import Database, LedgerUnreachable, is_away, open_database
from storage.turns import turn

pytestmark = pytest.mark.slow
OWN = Holder("may-nay", 1, datetime(2026, 11, 26, 8, 0, tzinfo=UTC))


def nobody_waits(holder: Holder | None) -> None:
    raise AssertionError(f"nobody was to wait for {holder}")


@pytest.fixture
def held_elsewhere(database_url: str, database: Database) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Lets another process have the turn at taking files in."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        url = database_url.replace("+psycopg", "")
        command = [sys.executable, "-m", "tests.storage.holding", url, str(Work.COLLECT)]
        process = subprocess.Popen(command, cwd=PROGRAM, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_the_lock_lies_beside_a_ledger_that_may_only_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'sổ của tôi.sqlite3'}"
    open_database(url).close()
    monkeypatch.setattr("storage.database.os.access", lambda *_: False)
    with open_database(url) as reader, turn(reader, Work.COLLECT, OWN, 0.5, nobody_waits):
        assert (tmp_path / f"{Work.COLLECT}.lock").is_file()


def test_whoever_waits_too_long_is_told_who_has_the_turn_and_since_when(
    database: Database, held_elsewhere: Callable[[], subprocess.Popen[str]]
) -> None:
    holder = held_elsewhere()
    begun = time.monotonic()
    with pytest.raises(Busy) as told, turn(database, Work.COLLECT, OWN, 0.5, nobody_waits):
        raise AssertionError("two have the turn")
    assert 0.5 <= time.monotonic() - begun < 5
    assert f"máy may-khac, tiến trình {holder.pid}, từ lúc 14:30 ngày 26/11/2026" in str(told.value)
    assert "KETNGHIA_LOCK_WAIT_SECONDS" in str(told.value)


def test_while_one_waits_it_is_said_once_for_whom(
    database: Database, held_elsewhere: Callable[[], subprocess.Popen[str]]
) -> None:
    said: list[Holder | None] = []
    holder = held_elsewhere()
    with pytest.raises(Busy), turn(database, Work.COLLECT, OWN, 4, said.append):
        raise AssertionError("two have the turn")
    assert [each.process for each in said if each is not None] == [holder.pid]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_the_turn_of_a_process_that_dies_is_free_at_once(
    database: Database, held_elsewhere: Callable[[], subprocess.Popen[str]], how: signal.Signals
) -> None:
    holder = held_elsewhere()
    os.kill(holder.pid, how)
    holder.wait()
    with turn(database, Work.COLLECT, OWN, 2, nobody_waits):
        pass


def test_a_process_that_is_stopped_keeps_its_turn_and_the_others_end_within_their_bounds(
    database: Database, held_elsewhere: Callable[[], subprocess.Popen[str]]
) -> None:
    holder = held_elsewhere()
    os.kill(holder.pid, signal.SIGSTOP)
    with pytest.raises(Busy, match=f"tiến trình {holder.pid}"), turn(database, Work.COLLECT, OWN, 0.3, nobody_waits):
        raise AssertionError("two have the turn")


def test_other_work_has_turns_of_its_own(
    database: Database, held_elsewhere: Callable[[], subprocess.Popen[str]]
) -> None:
    held_elsewhere()
    with turn(database, Work.OUTBOX, OWN, 0, nobody_waits):
        pass


def test_several_share_a_turn_and_nobody_has_it_alone_meanwhile(database: Database) -> None:
    with (
        turn(database, Work.OUTBOX, OWN, 0, nobody_waits, is_shared=True),
        turn(database, Work.OUTBOX, OWN, 0, nobody_waits, is_shared=True),
        pytest.raises(Busy),
        turn(database, Work.OUTBOX, OWN, 0, nobody_waits),
    ):
        raise AssertionError("it is shared")
    with turn(database, Work.OUTBOX, OWN, 0, nobody_waits):
        pass


def test_waiting_does_not_wipe_the_name_of_whoever_has_the_turn(database: Database) -> None:
    with turn(database, Work.COLLECT, OWN, 0, nobody_waits):
        for _ in range(2):
            with pytest.raises(Busy, match="may-nay"), turn(database, Work.COLLECT, OWN, 0, nobody_waits):
                raise AssertionError("two have the turn")


def _lose_sessions(url: str) -> None:
    with open_database(url) as other, other.read() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE pid <> pg_backend_pid() AND datname = current_database()"
            )
        )


def note(database: Database, name: str) -> None:
    with database.write() as session:
        arrivals.note_arrival(session, "folder", name, name, "a" * 64, None, OWN.since)


def test_who_loses_the_turn_with_its_session_begins_anew_once_it_has_it_again(postgres_ledger: str) -> None:
    with open_database(postgres_ledger) as database:
        with turn(database, Work.COLLECT, OWN, 0, nobody_waits):
            note(database, "a")
            _lose_sessions(postgres_ledger)
            with pytest.raises(LedgerUnreachable) as lost:
                note(database, "b")
            assert is_away(lost.value)
            with (
                pytest.raises(Busy),
                open_database(postgres_ledger) as other,
                turn(other, Work.COLLECT, OWN, 0, nobody_waits),
            ):
                raise AssertionError("two have the turn")
            note(database, "b")
        with open_database(postgres_ledger) as other, turn(other, Work.COLLECT, OWN, 0, nobody_waits):
            assert [each.file_name for each in _noted(other)] == ["a", "b"]


def test_who_loses_the_turn_to_another_writes_nothing_more(postgres_ledger: str) -> None:
    another = Holder("may-khac", 2, OWN.since)
    with (
        open_database(postgres_ledger) as database,
        open_database(postgres_ledger) as other,
        turn(database, Work.COLLECT, OWN, 0, nobody_waits),
    ):
        _lose_sessions(postgres_ledger)
        with turn(other, Work.COLLECT, another, 0, nobody_waits):
            for _ in range(2):
                with pytest.raises(Busy, match="may-khac"):
                    note(database, "b")
        with pytest.raises(LedgerUnreachable):
            note(database, "b")
        note(database, "b")


def _noted(database: Database) -> list[arrivals.ArrivalRecord]:
    with database.read() as session:
        return arrivals.unanswered(session)


def test_a_connection_that_the_server_closed_meanwhile_is_no_fault(postgres_ledger: str) -> None:
    with open_database(postgres_ledger) as database:
        note(database, "a")
        _lose_sessions(postgres_ledger)
        note(database, "b")
        _lose_sessions(postgres_ledger)
        assert len(_noted(database)) == 2
