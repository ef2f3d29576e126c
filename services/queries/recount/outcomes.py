"""Does what a claim concludes follow from its two sides? By the one policy of rounding, half up."""

import re
from collections.abc import Iterator
from decimal import Decimal

from domain import wording
from domain.claims import Claim, ClaimKind, Direction
from services.queries.recount.sums import Ground, printed

_SAID_UP = re.compile(r"\b(?:tăng|cao hơn|nhiều hơn)\s+\d", re.IGNORECASE)
_SAID_DOWN = re.compile(r"\b(?:giảm|thấp hơn|ít hơn)\s+\d", re.IGNORECASE)
_LABELS = {
    Direction.UP: "tăng",
    Direction.DOWN: "giảm",
    Direction.SAME: "không đổi",
    Direction.FROM_NOTHING: "kỳ trước không có",
}


def outcome_faults(ground: Ground, claim: Claim) -> Iterator[str]:
    """What a comparison, a share or a plan's fulfilment concludes wrongly.

    Raises:
        Uncountable: if the catalogue has no such indicator.
    """
    if claim.now is None:
        yield "không có tổng nào để đếm lại"
        return
    now = printed(ground, claim.now)
    against = printed(ground, claim.against) if claim.against else None
    needs_side = claim.kind in (ClaimKind.CHANGE, ClaimKind.MOVED, ClaimKind.SHARE, ClaimKind.REDUCED)
    needs_plan = claim.kind in (ClaimKind.FULFILLED, ClaimKind.REDUCED)
    if (needs_side and against is None) or (needs_plan and not claim.plan):
        yield "thiếu tổng hoặc kế hoạch để so sánh"
        return
    if claim.kind in (ClaimKind.CHANGE, ClaimKind.MOVED):
        yield from _direction_faults(claim, now, against or Decimal(0))
    due = _due(claim.kind, now, against or Decimal(0), claim.plan or Decimal(0))
    if claim.outcome is None:
        if due and claim.kind is not ClaimKind.TOTAL:
            yield f"không nêu kết quả, tính lại được {wording.number(due)}"
        return
    decimals = max(0, -int(claim.outcome.as_tuple().exponent))
    if due is None or wording.rounded(due, decimals) != claim.outcome:
        again = "không tính được" if due is None else f"tính lại được {wording.number(due, decimals)}"
        yield f"kết quả ghi {wording.number(claim.outcome, decimals)}, {again}"


def _due(kind: ClaimKind, now: Decimal, against: Decimal, plan: Decimal) -> Decimal | None:
    """The exact conclusion; null where there is nothing to divide by."""
    match kind:
        case ClaimKind.CHANGE:
            return 100 * abs(now - against) / against if against else None
        case ClaimKind.MOVED:
            return abs(now - against)
        case ClaimKind.SHARE:
            return 100 * now / against if against else None
        case ClaimKind.FULFILLED:
            return 100 * now / plan
        case ClaimKind.REDUCED:
            return 100 * abs(against - now) / plan
    return now


def direction_of(now: Decimal, against: Decimal) -> Direction:
    """Which way it went."""
    if now == against:
        return Direction.SAME
    if not against:
        return Direction.FROM_NOTHING
    return Direction.UP if now > against else Direction.DOWN


def _direction_faults(claim: Claim, now: Decimal, against: Decimal) -> Iterator[str]:
    due = direction_of(now, against)
    if claim.kind is ClaimKind.MOVED and due is Direction.FROM_NOTHING:
        # A rate may rise from nothing by so many points all the same.
        due = Direction.UP if claim.direction is Direction.UP else due
    if claim.direction is not due:
        said = _LABELS[claim.direction] if claim.direction else "không nói tăng hay giảm"
        yield f"ghi {said}, đếm lại là {_LABELS[due]}"
    elif (due is Direction.UP and _SAID_DOWN.search(claim.words)) or (
        due is Direction.DOWN and _SAID_UP.search(claim.words)
    ):
        yield f"câu chữ nói ngược lại: đếm lại là {_LABELS[due]}"
