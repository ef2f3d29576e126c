"""One file as raw cells: where each column is, which rows are data, what was typed. Nothing is coerced."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from domain import form
from domain.errors import UnreadableFile
from domain.form import Sheet
from domain.period import tidy_month
from domain.schemas import COLUMNS_FOUND, RAW_CELLS, SHEETS_FOUND
from domain.text import bare, heading, tidy
from ingest.workbook.limits import Limits
from ingest.workbook.read_cells import read_cells
from ingest.workbook.sheet_notes import position
from ingest.workbook.table_layout import Captions, Cell, Layout, RawSheet, captions_of, data_rows, find_layout

_OWN_SHEETS = frozenset(bare(name) for name in (form.CODE_LIST_SHEET, form.SELF_CHECK_SHEET, form.FEEDBACK_SHEET))


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


@dataclass
class RawWorkbook:
    """What one file says, cell by cell; the frames carry `file` so that many can be laid together."""

    file: str
    kind: str = ""
    cells: list[RawCell] = field(default_factory=list)
    columns: list[FoundColumn] = field(default_factory=list)
    sheets: list[FoundSheet] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    is_sample: bool = False

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
    """Many workbooks as one frame of each kind: `RAW_CELLS`, `COLUMNS_FOUND`, `SHEETS_FOUND`, properties."""

    cells: pl.DataFrame
    columns: pl.DataFrame
    sheets: pl.DataFrame
    properties: pl.DataFrame


NO_ALIASES: Mapping[str, Captions] = {}
LIMITS = Limits()


def read_workbook(
    path: Path, file: str, aliases: Mapping[str, Captions] = NO_ALIASES, limits: Limits = LIMITS, *, apart: bool = True
) -> RawWorkbook:
    """Read one file in a child process with limits.

    Args:
        path: where its bytes lie.
        file: the name it goes by in the frames.
        aliases: for each table, other captions of its columns and the fields they stand for.
        limits: how much of this machine it may take.
        apart: whether a process of its own reads it; only what this program wrote itself may do without.

    Raises:
        UnreadableFile: if no workbook can be made of the bytes; the text says why.
    """
    content: dict[str, Any] = _read_in_child(path, limits) if apart else read_cells(path, limits)
    sheets = {bare(str(entry["name"])): _raw_sheet(entry) for entry in reversed(content["sheets"])}
    book = RawWorkbook(file, content["kind"], properties=content["properties"])
    for definition in form.SHEETS:
        sheet = sheets.pop(bare(definition.name), None)
        layout = _read_sheet(book, definition, sheet, aliases.get(definition.table, {})) if sheet else None
        if definition.required or sheet is not None:
            book.sheets.append(
                FoundSheet(
                    file, definition.table, definition.name, sheet is not None, layout is not None or sheet is None
                )
            )
        if sheet is not None and definition is form.STATEMENT:
            book.is_sample = _has_sample_mark(sheet)
    for key, sheet in reversed(sheets.items()):
        if key not in _OWN_SHEETS and any(cell is not None for row in sheet.rows for cell in row):
            book.sheets.append(FoundSheet(file, None, sheet.name, True, True))
    return book


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
        pl.DataFrame(properties, schema=named, orient="row"),
    )


def _read_in_child(path: Path, limits: Limits) -> dict[str, Any]:
    command = [sys.executable, "-m", "ingest.workbook.read_cells", str(path), json.dumps(asdict(limits))]
    try:
        child = subprocess.run(
            command, capture_output=True, timeout=2 * limits.seconds, cwd=Path(__file__).parents[2], check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile("Đọc tệp quá lâu nên dừng lại; đề nghị gửi lại bằng biểu mẫu gốc.") from error
    if child.returncode not in (0, 2) or not child.stdout:
        raise UnreadableFile("Tệp làm chương trình đọc dừng đột ngột; đề nghị gửi lại bằng biểu mẫu gốc.")
    content: dict[str, Any] = json.loads(child.stdout)
    if "reason" in content:
        raise UnreadableFile(content["reason"])
    return content


def _raw_sheet(entry: dict[str, Any]) -> RawSheet:
    rows = [[_cell(value) for value in row] for row in entry["rows"]]
    troubled = {position(address): str(text) for address, text in entry["troubled"].items()}
    for row, column in troubled:
        while len(rows) < row:
            rows.append([])
        rows[row - 1].extend([None] * (column - len(rows[row - 1])))
    return RawSheet(
        name=str(entry["name"]),
        rows=rows,
        troubled=troubled,
        repaired={position(address): before for address, (before, _) in entry["repaired"].items()},
        suspect=frozenset((row, column) for row, column in entry["suspect"]),
        percent=frozenset(position(address) for address in entry["percent"]),
        hidden_rows=frozenset(entry["hidden_rows"]),
        hidden_columns=frozenset(entry["hidden_columns"]),
        merged=[(top, left, right) for top, left, right in entry["merged"]],
    )


def _cell(value: object) -> Cell:
    match value:
        case ["day", str(text)]:
            return date.fromisoformat(text)
        case str():
            return tidy(value) or None
        case None | bool() | float():
            return value
        case int():
            return float(value)
    raise ValueError(f"unexpected cell {value!r}")


def _has_sample_mark(sheet: RawSheet) -> bool:
    return any(
        isinstance(cell, str) and form.SAMPLE_MARK in cell for row in sheet.rows[: form.HEADER_ROW] for cell in row
    )


def _read_sheet(book: RawWorkbook, definition: Sheet, sheet: RawSheet, aliases: Captions) -> Layout | None:
    """Read one sheet; null where its captions were not found."""
    if definition in form.KEY_VALUE_SHEETS:
        named = {heading(form.KEY_CAPTION): "key", heading(form.VALUE_CAPTION): "value"}
        layout = find_layout(sheet, named, len(named))
        if layout is not None:
            _read_key_values(book, definition, sheet, layout, captions_of(definition, aliases))
    else:
        layout = find_layout(sheet, captions_of(definition, aliases), len(definition.fields))
        if layout is not None:
            _read_ledger(book, definition, sheet, layout)
    return layout


def _read_key_values(book: RawWorkbook, definition: Sheet, sheet: RawSheet, layout: Layout, captions: Captions) -> None:
    columns = {name: column for column, (_, name) in sorted(layout.captions.items(), reverse=True) if name}
    key_column, value_column = columns["key"], columns.get("value", columns["key"] + 1)
    seen: dict[str, int] = {}
    for row in range(layout.row + 1, len(sheet.rows) + 1):
        label = sheet.at(row, key_column)
        name = captions.get(heading(label)) if isinstance(label, str) else None
        if name is None:
            continue
        seen[name] = seen.get(name, 0) + 1
        if seen[name] == 1:
            book.cells.append(_raw_cell(book, definition, sheet, row, value_column, name))
        else:
            book.columns.append(FoundColumn(book.file, definition.table, name, str(label), 2, row, key_column))
    for each in definition.fields:
        if each.name not in seen:
            book.columns.append(
                FoundColumn(book.file, definition.table, each.name, each.caption, 0, layout.row, key_column)
            )


def _read_ledger(book: RawWorkbook, definition: Sheet, sheet: RawSheet, layout: Layout) -> None:
    def note(name: str | None, caption: str, times: int, column: int) -> None:
        book.columns.append(FoundColumn(book.file, definition.table, name, caption, times, layout.row, column))

    computed = {heading(caption) for caption in form.COMPUTED_CAPTIONS}
    places: dict[str, int] = {}
    width = max((len(row) for row in sheet.rows), default=0)
    for column in range(1, width + 1):
        caption, name = layout.captions.get(column, ("", None))
        if name is not None and name not in places:
            places[name] = column
        elif name is not None:
            note(name, caption, 2, column)
        elif heading(caption) not in computed and any(
            sheet.is_filled(row, column) for row in range(layout.row + 1, len(sheet.rows) + 1)
        ):
            note(None, caption or "(không có tiêu đề)", 1, column)
    for each in definition.fields:
        note(each.name, each.caption, 1 if each.name in places else 0, places.get(each.name, 1))
    for row in data_rows(definition, sheet, layout.row, places):
        for name, column in places.items():
            book.cells.append(_raw_cell(book, definition, sheet, row, column, name))


def _raw_cell(book: RawWorkbook, definition: Sheet, sheet: RawSheet, row: int, column: int, name: str) -> RawCell:
    value, place = sheet.at(row, column), (row, column)
    cell = RawCell(
        book.file,
        definition.table,
        row,
        column,
        name,
        "blank",
        original=sheet.repaired.get(place),
        is_percent=place in sheet.percent,
        is_hidden=row in sheet.hidden_rows or column in sheet.hidden_columns,
    )
    match value:
        case _ if place in sheet.troubled:
            return cell._replace(kind="error", text=sheet.troubled[place])
        case None:
            return cell
        case bool():
            return cell._replace(kind="flag", text="Có" if value else "Không")
        case float():
            return cell._replace(kind="number", text=_plain(value), number=value)
        case date():
            return cell._replace(kind="day", text=f"{value:%d/%m/%Y}", day=value)
        case str():
            return cell._replace(kind="legacy" if place in sheet.suspect else "text", text=value)
    raise ValueError(f"unexpected cell {value!r}")


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
