"""What one file says, cell by cell, and many files laid together as frames. Nothing is coerced."""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

import polars as pl

from domain import form
from domain.period import tidy_month
from domain.schemas import COLUMNS_FOUND, ODD_PLACES, RAW_CELLS, SHEETS_FOUND


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
        return f"{cell.day:%Y-%m}" if cell.day is not None else tidy_month(cell.text)

    @property
    def stated_unit(self) -> str | None:
        """The unit the workbook claims to come from."""
        cell = self._stated("unit_code")
        return None if cell is None else cell.text

    @property
    def stated_revision(self) -> int:
        """The revision the workbook claims; 0 where it claims none."""
        cell = self._stated("revision")
        if cell is None or cell.text is None:
            return 0
        return int(cell.text) if cell.text.isdecimal() else 0

    def _stated(self, name: str) -> RawCell | None:
        return next((cell for cell in self.cells if (cell.table, cell.field) == (form.STATEMENT.table, name)), None)


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Many workbooks as one frame of each kind: `RAW_CELLS`, `COLUMNS_FOUND`, `SHEETS_FOUND`, `ODD_PLACES`, totals, properties."""

    cells: pl.DataFrame
    columns: pl.DataFrame
    sheets: pl.DataFrame
    odd: pl.DataFrame
    totals: pl.DataFrame
    properties: pl.DataFrame


def gather(books: list[RawWorkbook]) -> RawBatch:
    """Lay the workbooks together."""
    properties = [
        (book.file, book.properties.get(form.PROPERTY_UNIT), book.properties.get(form.PROPERTY_PERIOD))
        for book in books
    ]
    named = {"file": pl.String, "property_unit": pl.String, "property_period": pl.String}
    return RawBatch(
        pl.DataFrame([cell for book in books for cell in book.cells], schema=RAW_CELLS, orient="row"),
        pl.DataFrame([column for book in books for column in book.columns], schema=COLUMNS_FOUND, orient="row"),
        pl.DataFrame([sheet for book in books for sheet in book.sheets], schema=SHEETS_FOUND, orient="row"),
        pl.DataFrame([place for book in books for place in book.odd], schema=ODD_PLACES, orient="row"),
        pl.DataFrame([cell for book in books for cell in book.totals], schema=RAW_CELLS, orient="row"),
        pl.DataFrame(properties, schema=named, orient="row"),
    )
