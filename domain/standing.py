"""How a unit stands in a month: one word, one sign and one label for the grid, the status page and the terminal."""

from collections.abc import Sequence, Set
from enum import StrEnum

from domain.findings import Verdict
from domain.submissions import SubmissionRecord


class Standing(StrEnum):
    """How one unit stands in one month."""

    ACCEPTED = "accepted"
    ACCEPTED_WITH_WARNINGS = "accepted_with_warnings"
    NIL = "nil"
    """Accepted, and says that nothing happened."""
    LATE = "late"
    REVISED = "revised"
    """A later revision counts, not the first."""
    HELD = "held"
    """A file came after the period was locked and waits to be unlocked."""
    CONFLICTING = "conflicting"
    """Two files bear one revision, neither counts, and no later revision does."""
    REJECTED = "rejected"
    SET_ASIDE = "set_aside"
    """A file came, and the program could not judge it; the unit owes nothing."""
    MISSING = "missing"
    NOT_OWED = "not_owed"
    """The unit does not report this month."""

    @property
    def sign(self) -> str:
        """One letter that tells the standing apart from every other, also without colour."""
        return _SIGNS[self][0]

    @property
    def label(self) -> str:
        """The standing in Vietnamese."""
        return _SIGNS[self][1]


_SIGNS = {
    Standing.ACCEPTED: ("●", "đã nhận"),
    Standing.ACCEPTED_WITH_WARNINGS: ("◐", "đã nhận, có cảnh báo"),
    Standing.NIL: ("○", "không phát sinh"),
    Standing.LATE: ("T", "đã nhận, trễ hạn"),
    Standing.REVISED: ("Đ", "đã thay thế, đính chính"),
    Standing.HELD: ("K", "nộp sau khi khóa kỳ, chưa tính"),
    Standing.CONFLICTING: ("2", "hai tệp cùng lần nộp, chưa tính"),
    Standing.REJECTED: ("✗", "bị trả lại"),
    Standing.SET_ASIDE: ("C", "đã nộp, chương trình chưa kiểm tra được"),
    Standing.MISSING: ("?", "chưa nộp"),
    Standing.NOT_OWED: (" ", "không phải nộp"),
}


def standing_of(
    counting: SubmissionRecord | None, received: Sequence[SubmissionRecord], held: Set[int], *, is_owed: bool = True
) -> Standing:
    """The standing of a unit in a month; of several that hold, the one that most needs looking at.

    Args:
        counting: the submission whose rows are counted, if there is one.
        received: every submission of the unit and month.
        held: the ids of the submissions that a lock keeps from counting.
        is_owed: whether the unit reports this month.
    """
    if not is_owed:
        return Standing.NOT_OWED
    counted = 0 if counting is None else counting.revision or 1
    if any(each.verdict is Verdict.CONFLICTING and (each.revision or 1) > counted for each in received):
        return Standing.CONFLICTING
    if any(each.submission_id in held for each in received):
        return Standing.HELD
    if any(each.verdict is Verdict.SET_ASIDE and (each.revision or 1) > counted for each in received):
        return Standing.SET_ASIDE
    if counting is None:
        return Standing.REJECTED if received else Standing.MISSING
    if counted > 1:
        return Standing.REVISED
    if counting.working_days_late:
        return Standing.LATE
    if counting.is_nil:
        return Standing.NIL
    if counting.verdict is Verdict.ACCEPTED_WITH_WARNINGS:
        return Standing.ACCEPTED_WITH_WARNINGS
    return Standing.ACCEPTED
