"""Who owes a report, who sent it, and on what ground: for each basis of a period, and each month of its trend."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

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


def cover(reference: Reference, spans: Mapping[str, Span], sent: Sent, unit_code: str | None = None) -> Coverage:
    """The coverage of the spans by the reports that count; of all units, or of one alone."""
    months = sorted({month for span in spans.values() for month in span.months}, key=str)
    owed = {
        month: frozenset(unit.code for unit in reference.expected_units(month) if unit_code in (None, unit.code))
        for month in months
    }
    came = {month: frozenset(code for code in owed[month] if (str(month), code) in sent) for month in months}
    months_of: dict[str, Sequence[Period]] = {str(basis): span.months for basis, span in spans.items()}
    months_of |= {str(month): (month,) for month in months}
    departed, arrived = set(reference.departed(months)), set(reference.arrived(months))

    def over(months_covered: Sequence[Period], by_month: Mapping[Period, Units]) -> Units:
        return frozenset().union(*(by_month[month] for month in months_covered))

    def is_whole(code: str, months_covered: Sequence[Period]) -> bool:
        return all(code in came[month] for month in months_covered if code in owed[month])

    days = {str(basis): span.days(reference.calendar) for basis, span in spans.items()}
    days |= {str(month): reference.calendar.window(month) for month in months}
    closing = {
        basis: frozenset(code for code in owed[covered[-1]] if (str(covered[-1]), code) not in departed)
        for basis, covered in months_of.items()
    }

    def of_these(found: Sequence[Block]) -> list[Block]:
        return [block for block in found if unit_code is None or unit_code in block.now]

    return Coverage(
        expected={basis: over(covered, owed) for basis, covered in months_of.items()},
        reporting={
            basis: frozenset(code for code in over(covered, owed) if is_whole(code, covered))
            for basis, covered in months_of.items()
        },
        reported={basis: over(covered, came) for basis, covered in months_of.items()},
        expected_reports={basis: sum(len(owed[month]) for month in covered) for basis, covered in months_of.items()},
        received_reports={basis: sum(len(came[month]) for month in covered) for basis, covered in months_of.items()},
        months={basis: [str(month) for month in covered] for basis, covered in months_of.items()},
        days=days,
        closing=closing,
        opening={
            basis: frozenset(code for code in owed[covered[0]] if (str(covered[0]), code) not in arrived)
            for basis, covered in months_of.items()
        },
        closed={basis: closing[basis] & came[covered[-1]] for basis, covered in months_of.items()},
        blocks={
            str(basis): of_these(reference.blocks(months_of[basis], months_of[compared]))
            for basis, compared in COMPARED.items()
            if basis in months_of
        },
        closing_blocks={
            str(basis): of_these(reference.closing_blocks(months_of[basis][-1], months_of[compared][-1]))
            for basis, compared in COMPARED.items()
            if basis in months_of
        },
    )
