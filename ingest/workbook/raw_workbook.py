"""What one file says, cell by cell. Nothing is coerced."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from domain import codes, form
from domain.period import tidy_month
from domain.text import clean

_LONGEST_REVISION = 16
"""Figures of a number beyond which nobody counts, and Python refuses to."""


class RawCell(NamedTuple):
    """One row of `RAW_CELLS`."""

    file: str
    table: str
    source_row: int
    source_column: int
    field: str
    kind: str
    text: str | None = None
    number: float | None = None
    day: date | None = None
    original: str | None = None
    is_percent: bool = False
    is_hidden: bool = False
    merged: str | None = None


class FoundColumn(NamedTuple):
    """One row of `COLUMNS_FOUND`."""

    file: str
    table: str
    field: str | None
    caption: str
    times: int
    source_row: int
    source_column: int


class FoundSheet(NamedTuple):
    """One row of `SHEETS_FOUND`."""

    file: str
    table: str | None
    sheet: str
    is_found: bool
    has_header: bool


class OddPlace(NamedTuple):
    """One row of `ODD_PLACES`."""

    file: str
    table: str
    sheet: str
    source_row: int
    source_column: int
    oddity: str
    caption: str
    line: str


@dataclass
class RawWorkbook:
    """What one file says, cell by cell; the frames carry `file` so that many can be laid together."""

    file: str
    kind: str = ""
    form: str = codes.KN_01
    """Which version of the form it is."""
    cells: list[RawCell] = field(default_factory=list)
    columns: list[FoundColumn] = field(default_factory=list)
    sheets: list[FoundSheet] = field(default_factory=list)
    odd: list[OddPlace] = field(default_factory=list)
    totals: list[RawCell] = field(default_factory=list)
    """The cells of rows of totals: compared with the rows they add up, never counted."""
    properties: dict[str, str] = field(default_factory=dict)
    is_sample: bool = False

    def take(self, reading: "RawWorkbook") -> None:
        """Add what one of its sheets says."""
        self.cells += reading.cells
        self.columns += reading.columns
        self.sheets += reading.sheets
        self.odd += reading.odd
        self.totals += reading.totals

    @property
    def stated_period(self) -> str | None:
        """The period the workbook claims, before anything is checked; those of one period are examined together."""
        cell = self._stated("period")
        if cell is None or cell.text is None:
            return None
        return f"{cell.day:%Y-%m}" if cell.day is not None else tidy_month(clean(cell.text))

    @property
    def stated_unit(self) -> str | None:
        """The unit the workbook claims to come from."""
        cell = self._stated("unit_code")
        return None if cell is None or cell.text is None else clean(cell.text)

    @property
    def stated_revision(self) -> int:
        """The revision the workbook claims; 0 where it claims none."""
        cell = self._stated("revision")
        if cell is None or cell.text is None:
            return 0
        stated = clean(cell.text)
        return int(stated) if stated.isdecimal() and len(stated) < _LONGEST_REVISION else 0

    def _stated(self, name: str) -> RawCell | None:
        return next((cell for cell in self.cells if (cell.table, cell.field) == (form.STATEMENT.table, name)), None)
