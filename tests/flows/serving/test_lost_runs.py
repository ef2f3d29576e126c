"""Which runs are ended: those of a worker that answers no more, and never one that goes on elsewhere."""

from datetime import UTC, datetime, timedelta

from flows.serving.lost_runs import SILENCE, end_lost_runs, end_runs_of, workers_back
from tests.flows.serving.scheduler import Scheduler

NOW = datetime(2026, 11, 26, 7, tzinfo=UTC)
LONG_AGO = NOW - timedelta(hours=3)
SECOND = timedelta(seconds=1)


def test_a_run_goes_on_while_its_worker_answers_and_is_ended_when_it_does_not(scheduler: Scheduler) -> None:
    scheduler.heard("alive", NOW - SILENCE)
    scheduler.heard("silent", NOW - SILENCE - SECOND)
    for worker in ("alive", "silent", "never heard of"):
        scheduler.has_under_way(f"of {worker}".replace(" ", "-"), worker, LONG_AGO)
    assert end_lost_runs(scheduler.api, NOW, LONG_AGO, "here") == {"silent", "never heard of"}
    assert scheduler.ended == ["of-silent", "of-never-heard-of"]
    assert end_lost_runs(scheduler.api, NOW, LONG_AGO, "here") == set()


def test_the_worker_beside_the_server_is_known_to_live_however_slow_it_is(scheduler: Scheduler) -> None:
    scheduler.heard("here", LONG_AGO)
    scheduler.has_under_way("own", "here", LONG_AGO)
    assert end_lost_runs(scheduler.api, NOW, LONG_AGO, "here") == set()
    assert scheduler.ended == []


def test_a_worker_is_given_six_beats_of_its_own(scheduler: Scheduler) -> None:
    for name, seconds in (("quick", 5), ("slow", 60), ("by default", None)):
        scheduler.heard(name, NOW - timedelta(seconds=31), seconds)
        scheduler.has_under_way(f"of-{name.split()[0]}", name, LONG_AGO)
    assert end_lost_runs(scheduler.api, NOW, LONG_AGO, "here") == {"quick"}
    assert workers_back(scheduler.api, NOW, {"quick", "slow", "unknown"}) == {"slow"}


def test_a_server_that_has_just_begun_anew_listens_before_it_judges(scheduler: Scheduler) -> None:
    scheduler.heard("quick", LONG_AGO, 5)
    for worker in ("quick", "forgotten", ""):
        scheduler.has_under_way(f"of-{worker}", worker, LONG_AGO)
    assert end_lost_runs(scheduler.api, NOW, NOW, "here") == set()
    assert end_lost_runs(scheduler.api, NOW + 31 * SECOND, NOW, "here") == {"quick"}
    assert end_lost_runs(scheduler.api, NOW + SILENCE + SECOND, NOW, "here") == {"forgotten", ""}


def test_a_run_that_no_worker_told_of_is_given_time_and_one_by_hand_is_left_alone(scheduler: Scheduler) -> None:
    scheduler.has_under_way("just-taken", "", NOW - SILENCE)
    scheduler.has_under_way("taken-and-dropped", "", NOW - SILENCE - SECOND)
    scheduler.has_under_way("by-hand", "", LONG_AGO, deployment=None)
    assert end_lost_runs(scheduler.api, NOW, LONG_AGO, "here") == {""}
    assert scheduler.ended == ["taken-and-dropped"]


def test_a_worker_that_begins_anew_ends_what_it_had_and_nothing_else(scheduler: Scheduler) -> None:
    scheduler.has_under_way("own", "here", NOW)
    scheduler.has_under_way("of-another", "there", LONG_AGO)
    assert end_runs_of(scheduler.api, "here") == 1
    assert scheduler.ended == ["own"]
