"""One function says how a unit stands; of several things that hold, the one that most needs looking at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.findings import Verdict
from domain.standing import Standing, standing_of
from domain.submissions import SubmissionRecord

NOON = datetime(2024, 2, 15, 5, 0, tzinfo=UTC)


def record(number: int = 1, verdict: Verdict = Verdict.ACCEPTED, **odd: Any) -> SubmissionRecord:
    sound: dict[str, Any] = {
        "sha256": str(number) * 64,
        "file_name": f"{number}.xlsx",
        "received_at": NOON + timedelta(hours=number),
        "unit_code": "622",
        "period": "2024-02",
        "revision": number,
        "kind": None,
        "reason": None,
        "preparer_name": None,
        "approver_name": None,
        "is_nil": False,
        "is_sample": True,
        "verdict": verdict,
        "working_days_late": 0,
        "content_hash": None,
        "likeness": None,
        "columns": {},
        "submission_id": number,
    }
    return SubmissionRecord(**(sound | odd))


FIRST, SECOND = record(), record(2)
WARNED = record(1, Verdict.ACCEPTED_WITH_WARNINGS)


@pytest.mark.parametrize(
    ("counting", "received", "held", "expected"),
    [
        (None, [], set(), Standing.MISSING),
        (None, [record(1, Verdict.REJECTED)], set(), Standing.REJECTED),
        (None, [FIRST, record(2, Verdict.CONFLICTING, revision=1)], set(), Standing.CONFLICTING),
        (None, [FIRST, record(2, Verdict.REJECTED)], {1}, Standing.HELD),
        (None, [record(1, Verdict.SET_ASIDE)], set(), Standing.SET_ASIDE),
        (FIRST, [FIRST, record(2, Verdict.SET_ASIDE, revision=2)], set(), Standing.SET_ASIDE),
        (SECOND, [record(1, Verdict.SET_ASIDE), SECOND], set(), Standing.REVISED),
        (FIRST, [FIRST], set(), Standing.ACCEPTED),
        (WARNED, [WARNED], set(), Standing.ACCEPTED_WITH_WARNINGS),
        (record(1, is_nil=True), [record(1, is_nil=True)], set(), Standing.NIL),
        (record(1, is_nil=True, working_days_late=2), [record()], set(), Standing.LATE),
        (record(2, working_days_late=2), [FIRST, SECOND], set(), Standing.REVISED),
        (FIRST, [FIRST, record(2, Verdict.REJECTED)], set(), Standing.ACCEPTED),
        (FIRST, [FIRST, SECOND], {2}, Standing.HELD),
        # A conflict is settled by a later revision that counts, and only by that.
        (FIRST, [FIRST, SECOND, record(3, Verdict.CONFLICTING, revision=2)], set(), Standing.CONFLICTING),
        (SECOND, [FIRST, record(3, Verdict.CONFLICTING, revision=1), SECOND], set(), Standing.REVISED),
    ],
)
def test_how_a_unit_stands(
    counting: SubmissionRecord | None, received: list[SubmissionRecord], held: set[int], expected: Standing
) -> None:
    assert standing_of(counting, received, held) is expected
    assert standing_of(counting, received, held, is_owed=False) is Standing.NOT_OWED


def test_every_standing_has_a_sign_and_a_label_of_its_own() -> None:
    assert len({standing.sign for standing in Standing}) == len({standing.label for standing in Standing}) == 11
    assert all(len(standing.sign) == 1 for standing in Standing)
