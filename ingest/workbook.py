"""One workbook as raw cells: where each column is, which rows are data, what was typed. Nothing is coerced."""

import json
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from domain import form
from domain.errors import UnreadableFile
from domain.form import Sheet
from domain.schemas import COLUMNS_FOUND, RAW_CELLS, SHEETS_FOUND
from domain.text import fold, tidy
from ingest.read_cells import position

Cell = None | str | float | bool | date
READ_TIMEOUT_SECONDS = 90
_TOTAL = re.compile(r"(tổng cộng|tổng số)\b.*|cộng\W*")
"""A village may be called Cộng Hòa; none is called Tổng cộng."""
_SIGNATURE_WORDS = ("người lập", "thủ trưởng")
_HEADER_SEARCH_ROWS = 40


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as the workbook holds it; rows and columns count from 1 when spoken of."""

    name: str
    rows: list[list[Cell]]
    troubled: dict[tuple[int, int], str]


@dataclass
class RawWorkbook:
    """What one workbook says, cell by cell; the frames carry `file` so that many can be laid together."""

    file: str
    cells: list[dict[str, object]] = field(default_factory=list)
    columns: list[dict[str, object]] = field(default_factory=list)
    sheets: list[dict[str, object]] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    is_sample: bool = False

    @property
    def stated_period(self) -> str | None:
        """The period the workbook claims, before anything is checked; those of one period are examined together."""
        cell = self._stated("period") or {}
        text, day = cell.get("text"), cell.get("day")
        return f"{day:%Y-%m}" if isinstance(day, date) else None if text is None else str(text)

    @property
    def stated_revision(self) -> int:
        """The revision the workbook claims; 0 where it claims none."""
        cell = self._stated("revision")
        return int(cell["number"]) if cell is not None and isinstance(cell["number"], float) else 0

    def _stated(self, name: str) -> dict[str, object] | None:
        return next(
            (cell for cell in self.cells if (cell["table"], cell["field"]) == (form.STATEMENT.table, name)), None
        )


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Many workbooks as one frame of each kind: `RAW_CELLS`, `COLUMNS_FOUND`, `SHEETS_FOUND`, properties."""

    cells: pl.DataFrame
    columns: pl.DataFrame
    sheets: pl.DataFrame
    properties: pl.DataFrame


def read_workbook(path: Path, file: str) -> RawWorkbook:
    """Read one workbook in a child process with limits; `file` is the name it goes by in the frames.

    Raises:
        UnreadableFile: if no workbook can be made of the bytes; the text says why.
    """
    content = _read_in_child(path)
    sheets = [_raw_sheet(entry) for entry in content["sheets"]]
    book = RawWorkbook(file, properties=content["properties"])
    by_name = {fold(sheet.name): sheet for sheet in sheets}
    for definition in form.SHEETS:
        sheet = by_name.get(fold(definition.name))
        if sheet is not None:
            header = _find_header(sheet, definition)
            if header is not None:
                if definition in form.KEY_VALUE_SHEETS:
                    _read_key_values(book, definition, sheet, header)
                else:
                    _read_ledger(book, definition, sheet, header)
        else:
            header = None
        if definition.required or sheet is not None:
            book.sheets.append(
                {
                    "file": file,
                    "table": definition.table,
                    "sheet_found": sheet is not None,
                    "header_found": header is not None or sheet is None,
                }
            )
    statement = by_name.get(fold(form.STATEMENT.name))
    book.is_sample = statement is not None and any(
        isinstance(cell, str) and form.SAMPLE_MARK in cell for row in statement.rows[: form.HEADER_ROW] for cell in row
    )
    return book


def gather(books: list[RawWorkbook]) -> RawBatch:
    """Lay the workbooks together."""
    properties = [
        {
            "file": book.file,
            "property_unit": book.properties.get(form.PROPERTY_UNIT),
            "property_period": book.properties.get(form.PROPERTY_PERIOD),
        }
        for book in books
    ]
    return RawBatch(
        pl.DataFrame([cell for book in books for cell in book.cells], schema=RAW_CELLS),
        pl.DataFrame([column for book in books for column in book.columns], schema=COLUMNS_FOUND),
        pl.DataFrame([sheet for book in books for sheet in book.sheets], schema=SHEETS_FOUND),
        pl.DataFrame(properties, schema={"file": pl.String, "property_unit": pl.String, "property_period": pl.String}),
    )


def _read_in_child(path: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "ingest.read_cells", str(path)]
    try:
        child = subprocess.run(
            command, capture_output=True, timeout=READ_TIMEOUT_SECONDS, cwd=Path(__file__).parents[1], check=False
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
    return RawSheet(str(entry["name"]), rows, troubled)


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


def _find_header(sheet: RawSheet, definition: Sheet) -> int | None:
    """The row that holds most of the captions the form asks for; `None` where fewer than half are found."""
    wanted = _wanted_captions(definition)
    best, best_count = None, 0
    for number, row in enumerate(sheet.rows[:_HEADER_SEARCH_ROWS], start=1):
        count = len({fold(cell) for cell in row if isinstance(cell, str)} & wanted)
        if count > best_count:
            best, best_count = number, count
    return best if best_count * 2 >= len(wanted) else None


def _wanted_captions(definition: Sheet) -> set[str]:
    if definition in form.KEY_VALUE_SHEETS:
        return {fold(form.KEY_CAPTION), fold(form.VALUE_CAPTION)}
    return {fold(field.caption) for field in definition.fields}


def _read_key_values(book: RawWorkbook, definition: Sheet, sheet: RawSheet, header: int) -> None:
    captions = {fold(field.caption): field.name for field in definition.fields}
    row = sheet.rows[header - 1]
    key_column = _place(row, form.KEY_CAPTION)
    value_column = _place(row, form.VALUE_CAPTION)
    seen: dict[str, int] = {}
    for number in range(header + 1, len(sheet.rows) + 1):
        label = _at(sheet.rows, number, key_column)
        name = captions.get(fold(label)) if isinstance(label, str) else None
        if name is None:
            continue
        seen[name] = seen.get(name, 0) + 1
        if seen[name] == 1:
            _keep_cell(book, definition, sheet, number, value_column, name)
        else:
            _keep_column(book, definition, name, str(label), 2, number, key_column)
    for field_ in definition.fields:
        if field_.name not in seen:
            _keep_column(book, definition, field_.name, field_.caption, 0, header, key_column)


def _read_ledger(book: RawWorkbook, definition: Sheet, sheet: RawSheet, header: int) -> None:
    captions = {fold(field.caption): field for field in definition.fields}
    places: dict[str, int] = {}
    computed = {fold(caption) for caption in form.COMPUTED_CAPTIONS}
    last_row = len(sheet.rows)
    for column, cell in enumerate(sheet.rows[header - 1], start=1):
        caption = tidy(str(cell)) if cell is not None else ""
        found = captions.get(fold(caption))
        if found is not None and found.name not in places:
            places[found.name] = column
        elif found is not None:
            _keep_column(book, definition, found.name, caption, 2, header, column)
        elif fold(caption) not in computed and any(
            _at(sheet.rows, number, column) is not None for number in range(header, last_row + 1)
        ):
            _keep_column(book, definition, None, caption or "(không có tiêu đề)", 1, header, column)
    for field_ in definition.fields:
        if field_.name in places:
            _keep_column(book, definition, field_.name, field_.caption, 1, header, places[field_.name])
        else:
            _keep_column(book, definition, field_.name, field_.caption, 0, header, 1)
    for number in _data_rows(definition, sheet, header, places):
        for name, column in places.items():
            _keep_cell(book, definition, sheet, number, column, name)


def _data_rows(definition: Sheet, sheet: RawSheet, header: int, places: dict[str, int]) -> list[int]:
    """Row numbers that carry data: not blank, not the column numbers, totals, signatures or notes."""
    typed = [places[field.name] for field in definition.fields if field.name in places and not field.prefilled]
    identity = [places[field.name] for field in definition.fields if field.name in places and field.name != "stt"]
    needed = [places[field.name] for field in definition.fields if field.name in places and field.required]
    numbers: list[int] = []
    signed = False
    for number in range(header + 1, len(sheet.rows) + 1):
        row = sheet.rows[number - 1]
        words = [fold(cell) for cell in row if isinstance(cell, str)]
        if number == header + 1 and _is_column_numbers(row):
            continue
        if words and _TOTAL.fullmatch(words[0]):
            continue
        signed = signed or any(word.startswith(_SIGNATURE_WORDS) for word in words)
        filled = {column for column in range(1, len(row) + 1) if row[column - 1] is not None}
        filled |= {column for line, column in sheet.troubled if line == number}
        if not filled & set(identity) or (not filled & set(typed) and definition.table not in form.ROSTERS):
            continue
        if signed and len(filled & set(needed)) * 2 < len(needed):
            continue
        numbers.append(number)
    return numbers


def _is_column_numbers(row: list[Cell]) -> bool:
    """The row `A B 1 2 3 …` that Vietnamese forms carry under their captions."""
    texts = [str(cell).removesuffix(".0") for cell in row if cell is not None]
    return bool(texts) and all(text.isdigit() or len(text) == 1 for text in texts)


def _keep_cell(book: RawWorkbook, definition: Sheet, sheet: RawSheet, row: int, column: int, name: str) -> None:
    value = _at(sheet.rows, row, column)
    cell: dict[str, object] = {
        "file": book.file,
        "table": definition.table,
        "source_row": row,
        "source_column": column,
        "field": name,
        "kind": "blank",
        "text": None,
        "number": None,
        "day": None,
    }
    match value:
        case None if (row, column) in sheet.troubled:
            cell |= {"kind": "error", "text": sheet.troubled[row, column]}
        case None:
            pass
        case bool():
            cell |= {"kind": "flag", "text": "Có" if value else "Không"}
        case float():
            cell |= {"kind": "number", "text": _plain(value), "number": value}
        case date():
            cell |= {"kind": "day", "text": f"{value:%d/%m/%Y}", "day": value}
        case str():
            is_error = (row, column) in sheet.troubled
            cell |= {"kind": "error" if is_error else "text", "text": value}
    book.cells.append(cell)


def _keep_column(
    book: RawWorkbook, definition: Sheet, name: str | None, caption: str, times: int, row: int, column: int
) -> None:
    book.columns.append(
        {
            "file": book.file,
            "table": definition.table,
            "field": name,
            "caption": caption,
            "times": times,
            "source_row": row,
            "source_column": column,
        }
    )


def _plain(number: float) -> str:
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


def _place(row: list[Cell], caption: str) -> int:
    return next(
        column for column, cell in enumerate(row, start=1) if isinstance(cell, str) and fold(cell) == fold(caption)
    )


def _at(rows: list[list[Cell]], row: int, column: int) -> Cell:
    line = rows[row - 1]
    return line[column - 1] if column <= len(line) else None
