"""Is one side of a claim true? Its number, its units, its days and its coverage are found again."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain import wording
from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import State, Sum
from domain.comparison import Differences, compared
from domain.indicators import FigureKey
from domain.period import Period
from domain.reference import Reference
from services.queries.recount import states
from services.queries.recount.definitions import COUNTED, is_of_one_month, parts_of
from services.queries.recount.ground import comparable
from services.queries.recount.measures import Reach, Uncountable, by_member, count, reach_of
from services.queries.recount.scratch import Scratch
from services.queries.recount.spans import days_of, months_of_basis

_TET, _PROGRAMME = "tet", "programme"
_NEAR = Decimal("0.000000001")
"""A quotient ends somewhere; two that were divided in another order may differ behind that."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What sums are found again in."""

    scratch: Scratch
    reference: Reference
    period: Period
    as_of: datetime
    """Up to which moment the edition knows."""
    differences: Differences

    def names(self, codes: Collection[str]) -> str:
        """Units by their names; a code that nobody bears stays one."""
        rows = dict(self.scratch.database.execute("SELECT unit, name FROM owed"))
        return ", ".join(rows.get(code, code) for code in sorted(codes))


def printed(ground: Ground, asked: Sum) -> Decimal:
    """The value with which a sum enters a comparison, in the unit it is printed in.

    Raises:
        Uncountable: if the catalogue has no such indicator.
    """
    entry = INDICATOR_BY_CODE.get(asked.indicator)
    if entry is None:
        raise Uncountable(f"danh mục không có chỉ tiêu {asked.indicator}")
    return compared(asked.value / entry.printed_per, entry.decimals, ground.differences)


def as_printed(asked: Sum) -> Decimal | None:
    """The value as it stands on the page."""
    entry = INDICATOR_BY_CODE.get(asked.indicator)
    return None if entry is None else wording.rounded(asked.value / entry.printed_per, entry.decimals)


def sum_faults(ground: Ground, asked: Sum, *, is_compared: bool) -> Iterator[str]:
    """What is not true of one side; the units of one that is compared over time are judged by `ground_faults`."""
    key = FigureKey.parse(asked.figure)
    if key.indicator != asked.indicator:
        yield f"mã số {asked.figure} không phải của chỉ tiêu {asked.indicator}"
    yield from _span_faults(ground, asked, key.basis)
    yield from _value_faults(ground, asked)
    yield from _coverage_faults(ground, asked)
    yield from _named_units_faults(asked, key)
    if not is_compared and key.dimension not in ("unit", "units"):
        yield from _units_faults(ground, asked)


def _span_faults(ground: Ground, asked: Sum, basis: str) -> Iterator[str]:
    months = months_of_basis(ground.reference, ground.period, basis)
    # A stock is taken of one month of its span, whichever the span is.
    one = [[month] for month in (months[0], months[-1])] if months and is_of_one_month(asked.indicator) else []
    if months is not None and list(asked.months) not in (list(months), *one):
        yield f"{asked.figure} phải lấy các tháng {', '.join(months)}, nhận định ghi {', '.join(asked.months)}"
    begins = days_of(ground.scratch.database, asked.months[0])
    ends = days_of(ground.scratch.database, asked.months[-1])
    first, last = asked.first_day.isoformat(), asked.last_day.isoformat()
    is_within = begins[0] <= first <= begins[1] and ends[0] <= last <= ends[1] and first <= last
    programme = ground.reference.programme(ground.period) if basis == _PROGRAMME else None
    # A programme may begin within its first month.
    since = begins[0] if programme is None else max(begins[0], programme.valid_from.isoformat())
    is_whole = (first, last) == (since, ends[1])
    if not is_within or not (is_whole or basis.startswith(_TET)):
        yield (
            f"{asked.figure} ghi từ {wording.short_day(asked.first_day)} đến {wording.short_day(asked.last_day)}, "
            f"không phải những ngày của tháng {', '.join(asked.months)}"
        )


def _value_faults(ground: Ground, asked: Sum) -> Iterator[str]:
    try:
        found = count(ground.scratch.database, asked.indicator, reach_of(ground.scratch.database, asked))
    except Uncountable as error:
        yield f"{asked.figure}: {error}"
        return
    if found is None or abs(found - asked.value) > _NEAR:
        shown = "không có số nào" if found is None else wording.number(found, 6 if found % 1 else 0)
        yield f"{asked.figure} ghi {wording.number(asked.value, 6 if asked.value % 1 else 0)}, đếm lại được {shown}"


def _coverage_faults(ground: Ground, asked: Sum) -> Iterator[str]:
    received, expected = states.coverage(ground.scratch.database, asked.months)
    if (asked.received, asked.expected) != (received, expected):
        yield f"{asked.figure} ghi {asked.received}/{asked.expected} báo cáo, đếm lại được {received}/{expected}"


def _named_units_faults(asked: Sum, key: FigureKey) -> Iterator[str]:
    named = set(key.member.split("+")) if key.dimension in ("unit", "units") else None
    # Of a stock, those among the named who were there at the time.
    is_same = (
        named is None or named == set(asked.units) or (is_of_one_month(asked.indicator) and set(asked.units) < named)
    )
    if not is_same:
        yield f"{asked.figure} nêu đơn vị khác với các đơn vị của tổng ({', '.join(asked.units) or 'không có'})"
    if len(set(asked.units)) != len(asked.units):
        yield f"{asked.figure} nêu một đơn vị hai lần"


def _units_faults(ground: Ground, asked: Sum) -> Iterator[str]:
    """A sum of all is over all that reported: nobody who did not, and nobody who did left out."""
    told = set(asked.units)
    may = set(states.reporting(ground.scratch.database, asked.months))
    must = set(may)
    if is_of_one_month(asked.indicator):
        must = {unit for part in parts_of(asked.indicator) for unit in _stating(ground, part, asked.months)}
    elif any(part in COUNTED and COUNTED[part].table == "report" for part in parts_of(asked.indicator)):
        may |= set(states.whole_of(ground.scratch.database, State.REPORTED, asked.months))
    yield from _difference(ground, asked.figure, told, must - told, told - may)


def _stating(ground: Ground, indicator: str, months: Sequence[str]) -> set[str]:
    database = ground.scratch.database
    return set(by_member(database, indicator, Reach(months, states.reporting(database, months)), "unit"))


def ground_faults(ground: Ground, now: Sum, against: Sum) -> Iterator[str]:
    """Whether both sides are over the very ground that may be compared."""
    key = FigureKey.parse(now.figure)
    plots = comparable(ground.scratch.database, now.months, against.months, now.indicator)
    if key.dimension == "unit":
        # One unit alone: its own plot must be one that may be compared.
        if not any(plot.now == set(now.units) and plot.then == set(against.units) for plot in plots):
            yield f"{now.figure}: địa bàn của {ground.names(now.units)} không so sánh được với kỳ kia"
        return
    for side, said, due in (
        (now, set(now.units), _joined(plot.now for plot in plots)),
        (against, set(against.units), _joined(plot.then for plot in plots)),
    ):
        yield from _difference(ground, side.figure, said, due - said, said - due)


def _joined(parts: Iterator[frozenset[str]]) -> set[str]:
    return set().union(*parts)


def _difference(ground: Ground, figure: str, told: set[str], lacking: set[str], added: set[str]) -> Iterator[str]:
    if lacking:
        yield f"{figure} bỏ sót {len(lacking)} đơn vị trong {len(told) + len(lacking)}: {ground.names(lacking)}"
    if added:
        yield f"{figure} nêu thừa {len(added)} đơn vị: {ground.names(added)}"
