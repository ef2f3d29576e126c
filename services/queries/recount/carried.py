"""Which numbers a claim lets its words say: its sums as printed, its conclusion, its counts, its days."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.claims import Claim, ClaimKind, Sum
from domain.figures import Figure
from services.queries.recount.ranks import values_of
from services.queries.recount.spans import days_of
from services.queries.recount.sums import Ground, as_printed
from services.queries.recount.words import Carried, numbers_in, times_of


def carried_by(
    ground: Ground,
    claim: Claim,
    claims: Mapping[str, Claim],
    figures: Mapping[str, Figure],
    passed: frozenset[str] = frozenset(),
) -> Carried:
    """Every number that the claim, and the claims and figures it is made of, let its words say."""
    sides = [side for side in (claim.now, claim.against) if side is not None]
    carried = Carried(frozenset(_counts(claim, sides) | _values(ground, claim, sides)), _times(ground, sides))
    for part in claim.parts:
        if part in claims and part not in passed:
            carried |= carried_by(ground, claims[part], claims, figures, passed | {claim.claim_id})
        elif part in figures:
            carried |= _of_figure(figures[part])
    return carried


def names_with_digits(ground: Ground, figures: Mapping[str, Figure]) -> set[str]:
    """Names and citations that hold digits of their own."""
    database = ground.scratch.database
    names = {
        name for table in ("unit", "village", "partner") for (name,) in database.execute(f"SELECT name FROM {table}")
    }
    names |= {each.short_name for each in ground.reference.directives}
    names |= {each.name for each in ground.reference.programmes}
    names |= {figure.text for figure in figures.values() if figure.kind == "reference"}
    return {name for name in names if re.search(r"\d", name)}


def _counts(claim: Claim, sides: Sequence[Sum]) -> set[Decimal]:
    """How many there are: members, the others of the whole, units by rank, reports that came, were owed, are missing."""
    counts = {len(each) for each in (claim.members, claim.whole) if each}
    if claim.whole:
        counts.add(len(claim.whole) - len(claim.members))
    for side in sides:
        districts = sum(len(code) == len("622") for code in side.units)
        counts |= {len(side.units), districts, len(side.units) - districts}
        counts |= {side.received, side.expected, side.expected - side.received}
    return {Decimal(each) for each in counts}


def _values(ground: Ground, claim: Claim, sides: Sequence[Sum]) -> set[Decimal]:
    """Both sums, plan and conclusion, and how far they are apart."""
    shown = [abs(each) for each in map(as_printed, sides) if each is not None]
    values = {each for each in (claim.plan, claim.outcome, *shown) if each is not None}
    values |= {abs(one - other) for one in shown for other in shown}
    if claim.plan is not None:
        values |= {abs(each - claim.plan) for each in shown}
    if claim.kind is ClaimKind.RANKED:
        values |= values_of(ground, claim)
    return values


def _times(ground: Ground, sides: Sequence[Sum]) -> frozenset[int]:
    own = [str(month) for month in ground.period.months()]
    spans: list[Sequence[str]] = [side.months for side in sides] or [own]
    found = frozenset[int]().union(*(times_of(months) for months in spans))
    for day in (day for side in sides for day in (side.first_day, side.last_day)):
        found |= {day.day, day.month, day.year}
    if not sides:
        days = [day for month in own for day in days_of(ground.scratch.database, month)]
        found |= {int(part) for day in days for part in day.split("-")}
    return found


def _of_figure(figure: Figure) -> Carried:
    is_time = figure.kind in ("calendar", "reference")
    times = {int(text) for text in re.findall(r"\d+", figure.text)} if is_time else set()
    return Carried(frozenset(numbers_in(figure.text)), frozenset(times))
