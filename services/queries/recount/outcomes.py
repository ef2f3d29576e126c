"""Does what a claim concludes follow from its two sides? By the one policy of rounding, half up."""

import re
from collections.abc import Iterator
from decimal import Decimal

from domain import wording
from domain.claims import Claim, ClaimKind, Direction
from services.queries.recount.spans import year_gone_pct
from services.queries.recount.sums import Ground, printed

_SAID_UP = re.compile(r"\b(?:tăng|cao hơn|nhiều hơn)\s+\d|^\+\d", re.IGNORECASE)
_SAID_DOWN = re.compile(r"\b(?:giảm|thấp hơn|ít hơn)\s+\d|^[−-]\d", re.IGNORECASE)
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
    if claim.kind is ClaimKind.MOVED and against is None:
        # A ceiling stands where the other side would.
        against = claim.plan
    needs_side = claim.kind in (ClaimKind.CHANGE, ClaimKind.MOVED, ClaimKind.SHARE, ClaimKind.REDUCED)
    needs_plan = claim.kind in (ClaimKind.FULFILLED, ClaimKind.REDUCED)
    if (needs_side and against is None) or (needs_plan and not claim.plan):
        yield "thiếu tổng hoặc kế hoạch để so sánh"
        return
    than = against or Decimal(0)
    if claim.kind in (ClaimKind.CHANGE, ClaimKind.MOVED, ClaimKind.REDUCED):
        yield from _direction_faults(claim, now, than)
    yield from _outcome_faults(claim, _due(claim.kind, now, than, claim.plan or Decimal(0)))
    yield from _pace_faults(ground, claim, now, than)


def _outcome_faults(claim: Claim, due: Decimal | None) -> Iterator[str]:
    if claim.outcome is None:
        if due and claim.kind is not ClaimKind.TOTAL:
            yield f"không nêu kết quả, tính lại được {wording.number(due)}"
        return
    decimals = max(0, -int(claim.outcome.as_tuple().exponent))
    if due is None or wording.rounded(due, decimals) != claim.outcome:
        again = "không tính được" if due is None else f"tính lại được {wording.number(due, decimals)}"
        yield f"kết quả ghi {wording.number(claim.outcome, decimals)}, {again}"


def _pace_faults(ground: Ground, claim: Claim, now: Decimal, against: Decimal) -> Iterator[str]:
    """Whether what is told as behind its plan is behind the part of the year that has gone."""
    gone = wording.rounded(year_gone_pct(ground.scratch.database, ground.period), 1)
    is_behind = claim.direction is Direction.DOWN
    if claim.kind is ClaimKind.FULFILLED and claim.direction is not None and claim.outcome is not None:
        if is_behind is not (claim.outcome < gone):
            yield f"ghi {'chậm' if is_behind else 'kịp'} so với {wording.number(gone, 1)}% thời gian đã qua"
    elif claim.kind is ClaimKind.MOVED and claim.plan is not None and claim.against is not None:
        pace = wording.rounded(gone * claim.plan / 100, 2)
        if against - now >= pace:
            yield f"ghi chậm so với tiến độ kế hoạch {wording.number(pace, 2)}, đếm lại không chậm"


def _due(kind: ClaimKind, now: Decimal, against: Decimal, plan: Decimal) -> Decimal | None:
    """The exact conclusion; null where there is nothing to divide by."""
    match kind:
        case ClaimKind.CHANGE:
            if now == against:
                return Decimal(0)
            return 100 * abs(now - against) / against if against else None
        case ClaimKind.MOVED:
            return abs(now - against)
        case ClaimKind.SHARE:
            return 100 * now / against if against else None
        case ClaimKind.FULFILLED:
            return 100 * now / plan
        case ClaimKind.REDUCED:
            # What rose instead is told by how much.
            return 100 * (against - now) / plan if now < against else now - against
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
    if claim.against is None:
        # A ceiling is met also where it is just reached.
        due = Direction.UP if now > against else Direction.DOWN
    elif due is Direction.FROM_NOTHING and claim.kind is not ClaimKind.CHANGE and claim.direction is Direction.UP:
        # A rate may rise from nothing by so many points all the same.
        due = Direction.UP
    if claim.direction is not due:
        said = _LABELS[claim.direction] if claim.direction else "không nói tăng hay giảm"
        yield f"ghi {said}, đếm lại là {_LABELS[due]}"
    elif (due is Direction.UP and _SAID_DOWN.search(claim.words)) or (
        due is Direction.DOWN and _SAID_UP.search(claim.words)
    ):
        yield f"câu chữ nói ngược lại: đếm lại là {_LABELS[due]}"
