"""Which submissions count is chosen a second time, and alike at every moment, through parkings, locks and unlocks."""

import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.findings import Findings, Verdict
from domain.submissions import NewSubmission
from services.queries.recount.ledger import lay_ledger
from storage import locks, parkings, submissions
from storage.database import Database, Session, open_database

pytestmark = pytest.mark.slow
MONTHS = ["2024-02", "2024-03"]
BEGIN = datetime(2024, 3, 1, tzinfo=UTC)
_DAYS = st.integers(0, 40).map(lambda days: BEGIN + timedelta(days=days))
_SENT = st.tuples(
    st.sampled_from(["622", "623"]), st.sampled_from(MONTHS), st.none() | st.integers(1, 3), _DAYS,
    st.sampled_from([Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS, Verdict.REJECTED, Verdict.CONFLICTING]),
)  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'ledger.db'}")
    yield database
    database.close()


def keep(session: Session, number: int, sent: tuple[str, str, int | None, datetime, Verdict]) -> int:
    unit, period, revision, at, verdict = sent
    new = NewSubmission(
        sha256=f"{number:064x}", file_name="x.xlsx", received_at=at, unit_code=unit, period=period, revision=revision,
        kind=None, reason=None, preparer_name=None, approver_name=None, is_nil=False, is_sample=True, verdict=verdict,
        working_days_late=0, content_hash=None, likeness=None, columns={},
    )  # fmt: skip
    return submissions.keep_submission(session, new, Findings(), {})


class _RolledBack(Exception):
    pass


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), sent=st.lists(_SENT, max_size=8))
def test_the_same_submissions_count_at_every_moment(
    ledger: Database, data: st.DataObject, sent: list[tuple[str, str, int | None, datetime, Verdict]]
) -> None:
    with suppress(_RolledBack), ledger.write() as session:
        ids = [keep(session, number, each) for number, each in enumerate(sent)]
        for key in data.draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)) if ids else []:
            parkings.park(session, key, ids[0], data.draw(_DAYS))
        noted = sorted(data.draw(st.lists(_DAYS, max_size=3)))
        for at in noted:
            locks.set_lock(session, data.draw(st.sampled_from(MONTHS)), data.draw(_DAYS), "A", at)
        for key in data.draw(st.lists(st.sampled_from(ids), max_size=2, unique=True)) if ids else []:
            locks.unlock(session, [key], "vì", "B", data.draw(_DAYS))
        for days in range(0, 45, 4):
            as_of = BEGIN + timedelta(days=days)
            scratch = sqlite3.connect(":memory:")
            lay_ledger(scratch, session, MONTHS, as_of)
            counting = {key for (key,) in scratch.execute("SELECT id FROM counting")}
            assert counting == {each.submission_id for each in submissions.counting_submissions(session, MONTHS, as_of)}
        raise _RolledBack
