"""Unit by month: who reported, and how it stands. One look over years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from domain.findings import Verdict
from domain.period import Period, month_range
from domain.submissions import SubmissionRecord
from domain.units import Unit
from services.registers import load_registers
from services.settings import Settings
from storage import locks, submissions
from storage.archive import write_durably
from storage.database import open_database


class CellState(StrEnum):
    """How one unit stands in one month."""

    ACCEPTED = "accepted"
    WARNED = "warned"
    NIL = "nil"
    LATE = "late"
    REVISED = "revised"
    HELD = "held"
    CONFLICTING = "conflicting"
    REJECTED = "rejected"
    MISSING = "missing"
    NOT_OWED = "not_owed"

    @property
    def sign(self) -> str:
        """One letter that tells the state apart from every other, also without colour."""
        return _SIGNS[self][0]

    @property
    def words(self) -> str:
        """The state in Vietnamese."""
        return _SIGNS[self][1]


_SIGNS = {
    CellState.ACCEPTED: ("●", "đã nhận"),
    CellState.WARNED: ("◐", "đã nhận, có cảnh báo"),
    CellState.NIL: ("○", "không phát sinh"),
    CellState.LATE: ("T", "đã nhận, trễ hạn"),
    CellState.REVISED: ("Đ", "đã thay thế, đính chính"),
    CellState.HELD: ("K", "nộp sau khi khóa kỳ, chưa tính"),
    CellState.CONFLICTING: ("2", "hai tệp cùng lần nộp, chưa tính"),
    CellState.REJECTED: ("✗", "bị trả lại"),
    CellState.MISSING: ("?", "chưa nộp"),
    CellState.NOT_OWED: (" ", "không phải nộp"),
}


_MONTHS_ABREAST = 24


@dataclass(frozen=True, slots=True)
class GridRow:
    """One unit through all months; a unit is its code for as long as it kept its name."""

    code: str
    name: str
    cells: Sequence[CellState]


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


def grid(settings: Settings, first: Period, last: Period, as_of: datetime | None = None) -> Grid:
    """Every unit that owed a report from `first` to `last`, with its state in each month, as known at `as_of`.

    Raises:
        BadPeriod: if there is no month from `first` to `last`.
    """
    months = month_range(first, last)
    names = [str(month) for month in months]
    reference = load_registers(settings)
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        received = submissions.all_submissions(session, names, as_of)
        counting = {
            (record.period, record.unit_code): record
            for record in submissions.counting_submissions(session, names, as_of)
        }
        held = set(locks.held_among(session, names, as_of))
    database.close()
    own: dict[tuple[str | None, str | None], list[SubmissionRecord]] = {}
    for record in received:
        own.setdefault((record.period, record.unit_code), []).append(record)
    owed = {str(month): reference.expected_units(month) for month in months}
    units: dict[str, Unit] = {unit.unit_id: unit for month in names for unit in owed[month]}
    rows = [
        GridRow(
            unit.code,
            unit.name,
            [
                _state(counting.get((month, unit.code)), own.get((month, unit.code), []), held)
                if unit in owed[month]
                else CellState.NOT_OWED
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


def _state(used: SubmissionRecord | None, own: Sequence[SubmissionRecord], held: set[int]) -> CellState:
    """The state that most needs looking at."""
    if used is None:
        if any(record.verdict is Verdict.CONFLICTING for record in own):
            return CellState.CONFLICTING
        if any(record.submission_id in held for record in own):
            return CellState.HELD
        return CellState.REJECTED if own else CellState.MISSING
    for state, holds in (
        (CellState.HELD, any(record.submission_id in held for record in own)),
        (CellState.REVISED, (used.revision or 1) > 1),
        (CellState.LATE, used.working_days_late > 0),
        (CellState.NIL, used.is_nil),
        (CellState.WARNED, used.verdict is Verdict.ACCEPTED_WITH_WARNINGS),
    ):
        if holds:
            return state
    return CellState.ACCEPTED


def grid_lines(found: Grid) -> list[str]:
    """The board for a terminal: two years side by side, further years below, one sign a cell, the legend last."""
    width = max((len(row.name) for row in found.rows), default=0)
    lines: list[str] = []
    for start in range(0, len(found.months), _MONTHS_ABREAST):
        part = slice(start, start + _MONTHS_ABREAST)
        months = found.months[part]
        years = "".join(
            f" {month[2:4]}" if month.endswith("-01") or not place else "   " for place, month in enumerate(months)
        )
        lines += [" " * (width + 7) + years, " " * (width + 7) + "".join(f" {month[5:]}" for month in months)]
        lines += [
            f"{row.code:<6} {row.name:<{width}}" + "".join(f"  {cell.sign}" for cell in row.cells[part])
            for row in found.rows
            if any(cell is not CellState.NOT_OWED for cell in row.cells[part])
        ]
        lines.append("")
    used = {cell for row in found.rows for cell in row.cells}
    legend = "; ".join(f"{state.sign} {state.words}" for state in CellState if state in used and state.sign.strip())
    return [*lines, f"{legend}.", f"Đã nhận {sum(found.received)}/{sum(found.expected)} báo cáo."]


def write_grid_page(found: Grid, place: Path) -> None:
    """The board as one static HTML page that needs no other file."""
    from reports.pdf.render import TEMPLATES, render_html

    content = {
        "grid": found,
        "legend": [state for state in CellState if state is not CellState.NOT_OWED],
        "totals": [f"{got}/{owed}" for got, owed in zip(found.received, found.expected, strict=True)],
        "style": (TEMPLATES / "styles" / "grid.css").read_text(encoding="utf-8"),
    }
    write_durably(place, render_html("grid.html.j2", content).encode())
