"""Which numbers a claim lets its words say: its sums as printed, its conclusion, its counts, its days."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from domain.calendar import VIETNAM
from domain.claims import Claim, ClaimKind, State, Sum
from domain.figures import Figure
from domain.text import fold
from domain.wording import rounded
from services.queries.recount.ranks import values_of
from services.queries.recount.spans import days_of, year_gone_pct
from services.queries.recount.states import UNIT_STATES, coverage
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
    values = _counts(claim, sides) | _values(ground, claim, sides)
    if claim.state in UNIT_STATES and not sides:
        values |= {
            Decimal(each) for each in coverage(ground.scratch.database, [str(each) for each in ground.period.months()])
        }
    carried = Carried(frozenset(values), _times(ground, sides))
    carried |= Carried(_others(ground, claim, claims), frozenset())
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
    if claim.state is State.OPEN_QUESTIONS:
        # A question's id is `2024-02/622/…`.
        counts.add(len({each.split("/")[1] for each in claim.members if "/" in each}))
    for side in sides:
        districts = sum(len(code) == len("622") for code in side.units)
        counts |= {len(side.units), districts, len(side.units) - districts}
        counts |= {side.received, side.expected, side.expected - side.received}
    return {Decimal(each) for each in counts}


def _others(ground: Ground, claim: Claim, claims: Mapping[str, Claim]) -> frozenset[Decimal]:
    """How many members are left where the words name but some of them: `… và 08 đơn vị khác`."""
    names = dict(ground.scratch.database.execute("SELECT unit, name FROM owed UNION SELECT id, name FROM village"))
    found = set()
    for members in [claim.members, *(claims[part].members for part in claim.parts if part in claims)]:
        words, named = fold(claim.words), 0
        # The longest first: “Quy Nhơn” stands within “Quy Nhơn Bắc”.
        for name in sorted((fold(names.get(each, each)) for each in members), key=len, reverse=True):
            words, times = re.subn(rf"\b{re.escape(name)}\b", " ", words, count=1)
            named += times
        if named:
            found.add(Decimal(len(members) - named))
    return frozenset(found)


def _values(ground: Ground, claim: Claim, sides: Sequence[Sum]) -> set[Decimal]:
    """Both sums, plan and conclusion, and how far they are apart."""
    shown = [abs(each) for each in map(as_printed, sides) if each is not None]
    values = {each for each in (claim.plan, claim.outcome, *shown) if each is not None}
    if len(shown) > 1:
        values.add(abs(shown[0] - shown[1]))
    if claim.plan is not None:
        gone = rounded(year_gone_pct(ground.scratch.database, ground.period), 1)
        values |= {abs(each - claim.plan) for each in shown}
        # How much of the year has gone, how far behind that the plan is, and where it wants the figure to be by now.
        values |= {gone, abs(gone - (claim.outcome or 0)), rounded(gone * claim.plan / 100, 2)}
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
        # What counts members says up to which moment it does.
        at = ground.as_of.astimezone(VIETNAM)
        days = [at.date().isoformat(), *(day for month in own for day in days_of(ground.scratch.database, month))]
        found |= {int(part) for day in days for part in day.split("-")} | {at.hour, at.minute}
    return found


def _of_figure(figure: Figure) -> Carried:
    is_time = figure.kind in ("calendar", "reference")
    times = {int(text) for text in re.findall(r"\d+", figure.text)} if is_time else set()
    return Carried(frozenset(numbers_in(figure.text)), frozenset(times))
