"""A second lock takes the place of the first from its own moment on; what was known before stays as it was."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.findings import Findings, Verdict
from domain.submissions import NewSubmission
from storage import locks, soundness, submissions
from storage.database import Database, Session

pytestmark = pytest.mark.slow
MARCH = "2024-03"


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def keep(session: Session, number: int, received_at: datetime, period: str = MARCH, unit: str = "622") -> int:
    new = NewSubmission(
        sha256=f"{period} {unit} {number}".ljust(64, "0"),
        file_name=f"{number}.xlsx",
        received_at=received_at,
        unit_code=unit,
        period=period,
        revision=number,
        kind="CHINH_THUC",
        reason=None,
        preparer_name=None,
        approver_name=None,
        is_nil=False,
        is_sample=True,
        verdict=Verdict.ACCEPTED,
        working_days_late=0,
        content_hash=None,
        likeness=None,
        columns={},
    )
    return submissions.keep_submission(session, new, Findings(), {})


def known(session: Session, as_of: datetime | None, period: str = MARCH) -> tuple[object, ...]:
    """Everything of the period that a lock has a part in, as known at a moment."""
    return (
        [record.revision for record in submissions.counting_submissions(session, [period], as_of)],
        sorted(locks.held_among(session, [period], as_of)),
        locks.locks_of(session, [period], as_of),
        locks.last_change_of_locks(session, [period], as_of),
    )


FIRST, BETWEEN, SECOND = moment("2024-05-10 00:00"), moment("2024-05-15 00:00"), moment("2024-05-20 00:00")


@pytest.fixture
def locked(database: Database) -> Database:
    """One revision in April, one on 5 May, one on 12 May; on 10 May the month is locked from 1 May on."""
    with database.write() as session:
        keep(session, 1, moment("2024-04-05 00:00"))
        keep(session, 2, moment("2024-05-05 00:00"))
        locks.set_lock(session, MARCH, moment("2024-05-01 00:00"), "A", FIRST)
        keep(session, 3, moment("2024-05-12 00:00"))
    return database


@pytest.mark.parametrize(
    ("locked_from", "counts"), [("2024-05-11 00:00", 2), ("2024-05-13 00:00", 3), ("2024-04-01 00:00", None)]
)
def test_a_second_lock_changes_what_counts_from_its_own_moment_on(
    locked: Database, locked_from: str, counts: int | None
) -> None:
    with locked.write() as session:
        before = known(session, BETWEEN)
        assert before[0] == [1]
        locks.set_lock(session, MARCH, moment(locked_from), "B", SECOND)
        assert known(session, BETWEEN) == before
        assert known(session, None)[0] == ([] if counts is None else [counts])
        assert locks.last_change_of_locks(session, [MARCH], None) == SECOND
        lock = locks.lock_of(session, MARCH)
        assert lock is not None
        assert (lock.locked_by, lock.locked_from) == ("B", moment(locked_from))
        assert list(soundness.broken_links(session)) == []


def test_a_second_lock_that_holds_the_same_submissions_is_no_change_of_what_is_known(locked: Database) -> None:
    with locked.write() as session:
        locks.set_lock(session, MARCH, moment("2024-05-02 00:00"), "B", SECOND)
        assert locks.last_change_of_locks(session, [MARCH], None) == FIRST


def test_a_second_lock_does_not_take_back_what_somebody_unlocked(locked: Database) -> None:
    with locked.write() as session:
        opened = BETWEEN + timedelta(days=1)
        locks.unlock(session, locks.held_submissions(session, MARCH), "Biên bản số 7", "A", opened)
        locks.set_lock(session, MARCH, moment("2024-05-11 00:00"), "B", SECOND)
        assert known(session, None)[0] == [3]
        assert locks.last_change_of_locks(session, [MARCH], None) == opened


DAYS = st.integers(0, 30).map(lambda day: moment("2024-05-01 00:00") + timedelta(days=day))
EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("file"), DAYS),
        st.tuples(st.just("lock"), DAYS),
        st.tuples(st.just("unlock"), DAYS),
    ),
    max_size=9,
)


@pytest.fixture
def next_period(database: Database) -> Callable[[], str]:
    """A month that no other example has used; one ledger serves them all."""
    numbers = iter(range(1, 10_000))
    return lambda: f"{3000 + next(numbers)}-01"


@given(events=EVENTS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_happens_later_changes_what_was_known(
    database: Database, next_period: Callable[[], str], events: list[tuple[str, datetime]]
) -> None:
    period, clock = next_period(), moment("2024-05-01 00:00")
    history: list[tuple[datetime, tuple[object, ...]]] = []
    with database.write() as session:
        for number, (what, day) in enumerate(events, start=1):
            clock += timedelta(days=3)
            if what == "file":
                keep(session, number, clock, period)
            elif what == "lock":
                locks.set_lock(session, period, day, "A", clock)
            else:
                locks.unlock(session, locks.held_submissions(session, period), "lý do", "A", clock)
            history.append((clock, known(session, clock, period)))
        for at, told in history:
            assert known(session, at, period) == told
        changes = [told[3] for _, told in history]
        for (_, before), (at, after) in pairwise(history):
            if before[0] and before[0] != after[0]:
                # What counts has changed: a file came that counts, or the locks say when.
                newest = submissions.counting_submissions(session, [period], at)
                assert after[3] == at or any(record.received_at == at for record in newest)
        assert all(change is None or change <= clock for change in changes)
