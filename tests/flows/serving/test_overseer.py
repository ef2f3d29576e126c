"""Who looks after the workers: a lost one's work is done again, operators hear of it once, and when it is back."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.accounts import Duty, RoleName
from flows.serving.overseer import Overseer
from services.heartbeat import last_run
from services.settings import Settings
from tests.commands import give
from tests.flows.serving.scheduler import Scheduler


@pytest.fixture
def office(settings: Settings) -> Settings:
    """An office in which somebody hears of what is wrong."""
    give(settings, "Trực máy", Duty(RoleName.OPERATOR, date(2020, 1, 1)), email="it@gialai.example")
    return settings


@pytest.fixture
def overseer(office: Settings, scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> Overseer:
    """One that has listened for hours, and looks whenever it is asked to."""
    monkeypatch.setattr("flows.serving.overseer._LOOK_SECONDS", 0.0)
    begun = Overseer(scheduler.api, office, "here")
    begun._since -= timedelta(hours=2)
    return begun


def mails(settings: Settings) -> list[str]:
    return sorted(path.parent.name.rsplit("-", 3)[0] for path in settings.mail_sink.glob("*/*.eml"))


def test_a_lost_workers_run_is_done_again_and_told_once(
    overseer: Overseer, scheduler: Scheduler, office: Settings
) -> None:
    scheduler.heard("there", datetime.now(UTC))
    scheduler.has_under_way("run", "there", datetime.now(UTC))
    overseer.look()
    assert (scheduler.ended, scheduler.started, mails(office)) == ([], [], [])
    scheduler.heard("there", datetime.now(UTC) - timedelta(hours=1))
    for _ in range(3):
        overseer.look()
    assert (scheduler.ended, scheduler.started) == (["run"], ["reconcile"])
    assert mails(office) == ["trouble-worker-lost"]
    scheduler.heard("there", datetime.now(UTC))
    for _ in range(3):
        overseer.look()
    assert mails(office) == ["trouble-over-worker-lost", "trouble-worker-lost"]


def test_a_server_that_does_not_answer_is_asked_again_later(
    overseer: Overseer, scheduler: Scheduler, office: Settings
) -> None:
    scheduler.code = 500
    overseer.look()
    scheduler.code = 200
    scheduler.has_under_way("run", "there", datetime.now(UTC))
    overseer.look()
    assert scheduler.ended == ["run"]


def test_what_could_not_be_begun_or_told_is_not_forgotten(
    overseer: Overseer, scheduler: Scheduler, office: Settings
) -> None:
    scheduler.has_under_way("run", "there", datetime.now(UTC))
    ledger, aside = office.home / "ketnghia.sqlite3", office.home / "aside"
    ledger.rename(aside)
    ledger.mkdir()
    overseer.look()
    assert (scheduler.started, mails(office)) == (["reconcile"], [])
    ledger.rmdir()
    aside.rename(ledger)
    overseer.look()
    assert (scheduler.started, mails(office)) == (["reconcile"], ["trouble-worker-lost"])


def test_the_daily_work_of_another_machine_is_no_silence_here(
    overseer: Overseer, scheduler: Scheduler, office: Settings
) -> None:
    assert last_run(office.home, "reconcile") is None
    scheduler.done = [{"end_time": "2026-11-26T00:05:03+00:00"}]
    overseer.look()
    assert last_run(office.home, "reconcile") == datetime(2026, 11, 26, 0, 5, 3, tzinfo=UTC)
