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
from services.run import Run
from storage import locks, submissions
from storage.durable import write_durably


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


def grid(run: Run, first: Period, last: Period, as_of: datetime | None = None) -> Grid:
    """Every unit that owed a report from `first` to `last`, with its state in each month, as known at `as_of`.

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
