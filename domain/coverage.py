"""Who owes a report, who sent it, and on what ground: for each basis of a period, and each month of its trend."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from domain.blocks import Block
from domain.calendar import Window
from domain.indicators import Basis
from domain.period import Period
from domain.reference import Reference
from domain.spans import Span

COMPARED = {
    Basis.PREVIOUS: Basis.PERIOD,
    Basis.SAME_LAST_YEAR: Basis.PERIOD,
    Basis.YEAR_START: Basis.PERIOD,
    Basis.TET_LAST_YEAR: Basis.TET,
}
"""What is compared with each earlier basis."""

Sent = Collection[tuple[str | None, str | None]]
"""The reports that count, as (period, unit)."""
Units = frozenset[str]


@dataclass(frozen=True)
class Coverage:
    """By basis, or by month: `2024-02`."""

    expected: Mapping[str, Units]
    """The units that owe a report."""
    reporting: Mapping[str, Units]
    """The units that sent every report they owe."""
    reported: Mapping[str, Units]
    """The units that sent at least one."""
    expected_reports: Mapping[str, int]
    received_reports: Mapping[str, int]
    months: Mapping[str, Sequence[str]]
    """The months, oldest first."""
    days: Mapping[str, Window]
    """The days whose activities count."""
    closing: Mapping[str, Units]
    """The units that state the closing stocks."""
    opening: Mapping[str, Units]
    """The units that state the opening stocks."""
    closed: Mapping[str, Units]
    """The units that state the closing stocks and sent the last month's report."""
    blocks: Mapping[str, Sequence[Block]]
    """For each basis that is compared with, the units that cover the same ground on all days of then and of now."""
    closing_blocks: Mapping[str, Sequence[Block]]
    """Likewise on the last days alone: the ground over which stocks are compared."""


@dataclass(frozen=True)
class Owed:
    """What spans ask of the units, whoever sent it: looked up once, for all of them."""

    months: Mapping[str, Sequence[Period]]
    """By basis, and each month by itself."""
    units: Mapping[Period, Units]
    departed: Collection[tuple[str, str]]
    """Months with the units that ended in them."""
    arrived: Collection[tuple[str, str]]
    """Months with the units that began in them."""
    days: Mapping[str, Window]
    blocks: Mapping[str, Sequence[Block]]
    closing_blocks: Mapping[str, Sequence[Block]]

    def of_unit(self, code: str) -> "Owed":
        """What is asked of one unit alone."""
        return replace(
            self,
            units={month: units & {code} for month, units in self.units.items()},
            blocks={basis: found.get(code, []) for basis, found in self._blocks_of.items()},
            closing_blocks={basis: found.get(code, []) for basis, found in self._closing_blocks_of.items()},
        )

    @cached_property
    def _blocks_of(self) -> Mapping[str, Mapping[str, Sequence[Block]]]:
        return {basis: _by_unit(found) for basis, found in self.blocks.items()}

    @cached_property
    def _closing_blocks_of(self) -> Mapping[str, Mapping[str, Sequence[Block]]]:
        return {basis: _by_unit(found) for basis, found in self.closing_blocks.items()}


def _by_unit(found: Iterable[Block]) -> Mapping[str, Sequence[Block]]:
    blocks: dict[str, list[Block]] = {}
    for block in found:
        for code in block.now:
            blocks.setdefault(code, []).append(block)
    return blocks


def owed_over(reference: Reference, spans: Mapping[str, Span]) -> Owed:
    """What the spans ask of all units."""
    months = sorted({month for span in spans.values() for month in span.months}, key=str)
    months_of: dict[str, Sequence[Period]] = {str(basis): span.months for basis, span in spans.items()}
    months_of |= {str(month): (month,) for month in months}
    days = {str(basis): span.days(reference.calendar) for basis, span in spans.items()}
    compared = {str(then): str(now) for then, now in COMPARED.items() if then in months_of}
    return Owed(
        months=months_of,
        units={month: frozenset(unit.code for unit in reference.expected_units(month)) for month in months},
        departed=set(reference.departed(months)),
        arrived=set(reference.arrived(months)),
        days=days | {str(month): reference.calendar.window(month) for month in months},
        blocks={then: reference.blocks(months_of[then], months_of[now]) for then, now in compared.items()},
        closing_blocks={
            then: reference.closing_blocks(months_of[then][-1], months_of[now][-1]) for then, now in compared.items()
        },
    )


def cover(owed: Owed, sent: Sent) -> Coverage:
    """How far what is owed is covered by the reports that count."""
    came = {
        month: frozenset(code for code in units if (str(month), code) in sent) for month, units in owed.units.items()
    }

    def over(months: Sequence[Period], by_month: Mapping[Period, Units]) -> Units:
        return frozenset().union(*(by_month[month] for month in months))

    def is_whole(code: str, months: Sequence[Period]) -> bool:
        return all(code in came[month] for month in months if code in owed.units[month])

    closing = {
        basis: frozenset(code for code in owed.units[months[-1]] if (str(months[-1]), code) not in owed.departed)
        for basis, months in owed.months.items()
    }
    return Coverage(
        expected={basis: over(months, owed.units) for basis, months in owed.months.items()},
        reporting={
            basis: frozenset(code for code in over(months, owed.units) if is_whole(code, months))
            for basis, months in owed.months.items()
        },
        reported={basis: over(months, came) for basis, months in owed.months.items()},
        expected_reports={
            basis: sum(len(owed.units[month]) for month in months) for basis, months in owed.months.items()
        },
        received_reports={basis: sum(len(came[month]) for month in months) for basis, months in owed.months.items()},
        months={basis: [str(month) for month in months] for basis, months in owed.months.items()},
        days=owed.days,
        closing=closing,
        opening={
            basis: frozenset(code for code in owed.units[months[0]] if (str(months[0]), code) not in owed.arrived)
            for basis, months in owed.months.items()
        },
        closed={basis: closing[basis] & came[months[-1]] for basis, months in owed.months.items()},
        blocks=owed.blocks,
        closing_blocks=owed.closing_blocks,
    )
