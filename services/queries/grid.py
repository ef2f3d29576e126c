"""Unit by month: who reported, and how it stands. One look over years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.period import Period, month_range
from domain.standing import Standing, standing_of
from domain.submissions import SubmissionRecord
from domain.units import Unit
from services.run import Run
from storage import locks, submissions


@dataclass(frozen=True, slots=True)
class GridRow:
    """One unit through all months; a unit is its code for as long as it kept its name."""

    code: str
    name: str
    cells: Sequence[Standing]


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole board, with what was owed and received each month."""

    months: Sequence[str]
    rows: Sequence[GridRow]
    received: Sequence[int]
    expected: Sequence[int]

    def as_json(self) -> dict[str, object]:
        """The board as plain data."""
        return {
            "months": list(self.months),
            "units": [
                {"unit": row.code, "name": row.name, "states": [str(cell) for cell in row.cells]} for row in self.rows
            ],
            "received": list(self.received),
            "expected": list(self.expected),
        }


def grid(run: Run, first: Period, last: Period, as_of: datetime | None = None) -> Grid:
    """Every unit that owed a report from `first` to `last`, with its standing in each month, as known at `as_of`.

    Raises:
        BadPeriod: if there is no month from `first` to `last`.
    """
    months = month_range(first, last)
    names = [str(month) for month in months]
    with run.ledger.read() as session:
        received = submissions.all_submissions(session, names, as_of)
        counting = {
            (record.period, record.unit_code): record
            for record in submissions.counting_submissions(session, names, as_of)
        }
        held = set(locks.held_among(session, names, as_of))
    own: dict[tuple[str | None, str | None], list[SubmissionRecord]] = {}
    for record in received:
        own.setdefault((record.period, record.unit_code), []).append(record)
    owed = {str(month): run.reference.expected_units(month) for month in months}
    units: dict[str, Unit] = {unit.unit_id: unit for month in names for unit in owed[month]}
    rows = [
        GridRow(
            unit.code,
            unit.name,
            [
                standing_of(
                    counting.get((month, unit.code)),
                    own.get((month, unit.code), []),
                    held,
                    is_owed=unit in owed[month],
                )
                for month in names
            ],
        )
        for unit in units.values()
    ]
    return Grid(
        names,
        rows,
        [sum((month, unit.code) in counting for unit in owed[month]) for month in names],
        [len(owed[month]) for month in names],
    )


def grid_page(found: Grid) -> bytes:
    """The board as one static HTML page that needs no other file."""
    from reports.html import TEMPLATES, render_html

    content = {
        "grid": found,
        "legend": [standing for standing in Standing if standing is not Standing.NOT_OWED],
        "totals": [f"{got}/{owed}" for got, owed in zip(found.received, found.expected, strict=True)],
        "style": (TEMPLATES / "styles" / "grid.css").read_text(encoding="utf-8"),
    }
    return render_html("grid.html.j2", content).encode()
