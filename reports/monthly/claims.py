"""Makes claims of what is known of a period: each comparison, share, count and rank with the ground it stands on."""

from collections.abc import Sequence
from decimal import Decimal

from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim, ClaimKind, Direction, State, Sum
from domain.coverage import COMPARED
from domain.indicators import UNITS, Basis, FigureKey, Indicator, Kind
from domain.summary import Summary
from domain.workings import Operation, outcome
from reports.figure_book import FigureBook


def total(summary: Summary, claim_id: str, key: FigureKey) -> Claim | None:
    """A figure with its days and coverage; nothing where it is not known."""
    now = side(summary, key)
    return None if now is None else Claim(claim_id, ClaimKind.TOTAL, "", now)


def compared_keys(summary: Summary, indicator: str, basis: str) -> tuple[FigureKey, FigureKey] | None:
    """The figure now and in an earlier basis over the ground that is whole in both; nothing where either is not known."""
    common = summary.common(basis, indicator)
    if not common.now:
        return None
    now = FigureKey.over(indicator, COMPARED[Basis(basis)], common.now)
    then = FigureKey.over(indicator, basis, common.then)
    return None if summary.value(now) is None or summary.value(then) is None else (now, then)


def change(book: FigureBook, summary: Summary, indicator: str, basis: str) -> Claim | None:
    """How a flow changed, in percent, over the ground that is whole in both spans; nothing without such ground."""
    keys = compared_keys(summary, indicator, basis)
    if keys is None:
        return None
    now, then = (book.operand(key) for key in keys)
    direction = _direction(now, then)
    percent = None
    if then and now != then:
        percent = book.rounded(outcome(Operation.CHANGE_PCT, [now, then]), 1)
    elif now == then:
        percent = Decimal(0)
    return Claim(
        f"{indicator}.change_from_{basis}", ClaimKind.CHANGE, "", *_sides(summary, keys), outcome=percent,
        direction=direction,
    )  # fmt: skip


def moved(book: FigureBook, summary: Summary, indicator: str, basis: str) -> Claim | None:
    """How far a ratio or a count moved: points, or units of print; over the ground that states it on both days."""
    keys = compared_keys(summary, indicator, basis)
    if keys is None:
        return None
    now, then = (book.operand(key) for key in keys)
    decimals = INDICATOR_BY_CODE[indicator].decimals
    return Claim(
        f"{indicator}.moved_from_{basis}", ClaimKind.MOVED, "", *_sides(summary, keys),
        outcome=book.rounded(abs(now - then), decimals), direction=_direction(now, then),
    )  # fmt: skip


def share(book: FigureBook, summary: Summary, claim_id: str, part: FigureKey, whole: FigureKey) -> Claim | None:
    """What part of a whole a figure is, in percent; nothing where either is nothing."""
    if not summary.value(part) or not summary.value(whole):
        return None
    percent = book.rounded(outcome(Operation.SHARE_PCT, [book.operand(part), book.operand(whole)]), 1)
    return Claim(
        claim_id, ClaimKind.SHARE, "", *_sides(summary, (part, whole)), outcome=percent
    )  # fmt: skip


def covered(claim_id: str, state: State, members: Sequence[str], whole: Sequence[str]) -> Claim:
    """How many of all are so."""
    return Claim(
        claim_id, ClaimKind.COVERED, "", outcome=Decimal(len(members)), state=state, members=tuple(sorted(members)),
        whole=tuple(sorted(whole)),
    )  # fmt: skip


def counted(claim_id: str, state: State, members: Sequence[str]) -> Claim:
    """These are so, and nobody else is."""
    return Claim(
        claim_id, ClaimKind.COUNTED, "", outcome=Decimal(len(members)), state=state, members=tuple(sorted(members))
    )


def joint(claim_id: str, parts: Sequence[str]) -> Claim:
    """What other claims and figures say together."""
    return Claim(claim_id, ClaimKind.JOINT, "", parts=tuple(parts))


def side(summary: Summary, key: FigureKey) -> Sum | None:
    """A figure as one side of a claim; nothing where it is not known."""
    value, covered = summary.value(key), summary.coverage
    if value is None:
        return None
    entry, basis = INDICATOR_BY_CODE[key.indicator], key.basis
    months, days = list(covered.months[basis]), covered.days[basis]
    taken = _taken(entry)
    if taken is Kind.STOCK:
        months = months[-1:]
    if taken is Kind.OPENING:
        months = months[:1]
    of_reports = basis
    if taken is not Kind.FLOW:
        [of_reports], days = months, covered.days[months[0]]
    return Sum(
        figure=str(key),
        indicator=key.indicator,
        value=value,
        units=tuple(sorted(_units(summary, key, taken))),
        months=tuple(months),
        first_day=days.first_day,
        last_day=days.last_day,
        received=covered.received_reports[of_reports],
        expected=covered.expected_reports[of_reports],
    )


def _sides(summary: Summary, keys: tuple[FigureKey, FigureKey]) -> tuple[Sum, Sum]:
    now, against = (side(summary, key) for key in keys)
    assert now is not None, f"figure {keys[0]} is known"
    assert against is not None, f"figure {keys[1]} is known"
    return now, against


def _taken(entry: Indicator) -> Kind:
    """On which days a figure is taken: over the span, at its end or at its beginning."""
    parts = {_taken(INDICATOR_BY_CODE[part]) for part in entry.parts}
    return entry.kind if not parts else (parts.pop() if len(parts) == 1 else Kind.FLOW)


def _units(summary: Summary, key: FigureKey, taken: Kind) -> frozenset[str]:
    """Whose rows are in the figure."""
    covered, basis = summary.coverage, key.basis
    if key.dimension == "unit":
        return frozenset({key.member})
    there = frozenset(key.member.split("+")) if key.dimension == UNITS else covered.reported[basis]
    if taken is Kind.FLOW:
        return there
    there &= covered.closed[basis] if taken is Kind.STOCK else covered.opening[basis]
    # Who reported that nothing happened states no stock.
    return frozenset(code for code in there if summary.value(FigureKey(key.indicator, basis, "unit", code)) is not None)


def _direction(now: Decimal, then: Decimal) -> Direction:
    if now == then:
        return Direction.SAME
    if not then:
        return Direction.FROM_NOTHING
    return Direction.UP if now > then else Direction.DOWN
