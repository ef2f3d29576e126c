"""Work that loses the line to the ledger's server is begun anew; whatever else it meets is raised at once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy.exc import OperationalError

from delivery.message import Letter
from domain.deliveries import DeliveryState
from services import patience
from services.editions.backfill import make_month
from services.mail.outbox import Outgoing, attempt, queue
from services.patience import LEDGER_WAITS, until_ledger_returns
from services.run import open_run
from services.settings import Settings
from services.steps import Direct
from storage import deliveries
from storage.database import Database, Session
from tests.builders import FEBRUARY


class NoWord(Exception):
    """What the driver of PostgreSQL raises where the server says nothing any more."""

    sqlstate = None


class Locked(Exception):
    """What the driver of SQLite raises: it knows no states."""


def lost() -> OperationalError:
    return OperationalError("…", None, NoWord("server closed the connection"))


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []
    monkeypatch.setattr(patience.time, "sleep", seconds.append)
    return seconds


def failing(times: int, error: Exception) -> Callable[..., int]:
    tries: list[int] = []

    def work(*_: object, **__: object) -> int:
        tries.append(1)
        if len(tries) <= times:
            raise error
        return len(tries)

    return work


def test_it_is_begun_anew_with_growing_waits(waited: list[float]) -> None:
    assert until_ledger_returns(failing(3, lost())) == 4
    assert waited == [1, 2, 5]


def test_a_server_that_stays_away_is_told_in_the_end(waited: list[float]) -> None:
    with pytest.raises(OperationalError):
        until_ledger_returns(failing(99, lost()))
    assert waited == list(LEDGER_WAITS)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a bug"),
        OSError("full"),
        OperationalError("…", None, Locked("database is locked")),
        OperationalError("…", None, NoWord("password authentication failed for user")),
    ],
)
def test_what_waiting_does_not_heal_is_raised_at_once(waited: list[float], error: Exception) -> None:
    with pytest.raises(type(error)):
        until_ledger_returns(failing(1, error))
    assert waited == []


def test_a_step_from_the_command_line_is_begun_anew_alone_or_mapped(settings: Settings, waited: list[float]) -> None:
    with open_run(settings) as run:
        assert Direct(run).run("report", failing(1, lost())) == 2
        assert Direct(run).map("report", failing(1, lost()), ["a"]) == [2]
    assert waited == [1, 1]


def test_a_ledger_that_is_away_is_no_outcome_of_a_month(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.editions.backfill.make_report", failing(1, lost()))
    with open_run(settings) as run, pytest.raises(OperationalError):
        make_month(run, FEBRUARY)


CLAIM, SETTLE = 1, 2
"""Which of the transactions that write is lost, once a mail is queued."""


@pytest.mark.parametrize("is_kept", [False, True])
@pytest.mark.parametrize("number", [CLAIM, SETTLE])
def test_what_became_of_a_mail_is_noted_once_however_the_line_breaks(
    settings: Settings, waited: list[float], monkeypatch: pytest.MonkeyPatch, number: int, is_kept: bool
) -> None:
    write, counted = Database.write, [0]

    @contextmanager
    def losing(self: Database) -> Iterator[Session]:
        counted[0] += 1
        mine = counted[0]
        with write(self) as session:
            yield session
            if mine == number and not is_kept:
                raise lost()
        if mine == number:
            raise lost()

    with open_run(settings) as run:
        mail = queue(run, Outgoing("receipt-1", "a@gialai.example", Letter("Chủ đề", "Lời", "<p>Lời</p>")))
        monkeypatch.setattr(Database, "write", losing)
        assert attempt(run, mail).state is DeliveryState.SENT
        with run.ledger.read() as session:
            tried = deliveries.attempts_of(session, "receipt-1")
            found = deliveries.find_delivery(session, "receipt-1", "a@gialai.example")
    assert found is not None
    assert (found.state, found.attempts, [each.state for each in tried]) == (
        DeliveryState.SENT,
        1,
        [DeliveryState.SENT],
    )
