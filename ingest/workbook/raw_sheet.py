"""One sheet as the readers give it, cells and notes laid together: text in old encodings converted, what is odd placed."""

import math
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from domain.errors import UnreadableFile
from domain.form import column_letter
from domain.text import tidy
from ingest.workbook.legacy_text import looks_legacy, to_unicode
from ingest.workbook.limits import Limits
from ingest.workbook.sheet_notes import SheetNotes, position
from ingest.workbook.table_layout import Cell, RawSheet


def raw_sheet(
    name: str,
    given: Sequence[Sequence[object]],
    notes: SheetNotes,
    limits: Limits,
    merged: Sequence[tuple[int, int, int, int]] = (),
    *,
    is_hidden: bool = False,
    is_table: bool = True,
) -> RawSheet:
    """The sheet with its rows from row 1 on.

    Raises:
        UnreadableFile: if the text of a cell is longer than the limits allow.
    """
    rows, repaired = _converted(given, notes) if notes.fonts else (given, {})
    suspect: list[tuple[int, int]] = []
    cells: list[list[Cell]] = []
    for number, line in enumerate(rows, start=1):
        # Most rows of a form are blank, and most cells of the others: they cost next to nothing.
        if line.count("") == len(line):
            cells.append([None] * len(line))
            continue
        row: list[Cell] = []
        for value in line:
            row.append(None if value == "" else _cell(value))
            if isinstance(value, str) and value:
                if len(value) > limits.cell_characters:
                    raise _too_long(name, number, len(row), value)
                if looks_legacy(value):
                    suspect.append((number, len(row)))
        cells.append(row)
    troubled = {position(address): text for address, text in notes.troubled.items()}
    pictures = _places(notes.pictures)
    for number, column in (*troubled, *pictures):
        while len(cells) < number:
            cells.append([])
        cells[number - 1].extend([None] * (column - len(cells[number - 1])))
    return RawSheet(
        name=name,
        rows=cells,
        troubled=troubled,
        repaired=repaired,
        suspect=frozenset(suspect),
        percent=_places(notes.percent),
        hidden_rows=frozenset(notes.hidden_rows),
        hidden_columns=frozenset(notes.hidden_columns),
        struck=_places(notes.struck),
        unseen=_places(notes.unseen),
        linked=_places(notes.linked),
        pictures=pictures,
        merged=merged or notes.merged,
        is_hidden=is_hidden,
        is_table=is_table,
    )


def _converted(
    given: Sequence[Sequence[object]], notes: SheetNotes
) -> tuple[Sequence[Sequence[object]], dict[tuple[int, int], str]]:
    """The rows, converted where the font of a cell says that its text is in an old encoding; and what stood there."""
    rows, before = [list(line) for line in given], dict[tuple[int, int], str]()
    for address, encoding in notes.fonts.items():
        row, column = position(address)
        typed = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None
        if isinstance(typed, str):
            converted = to_unicode(typed, encoding)
            if converted != unicodedata.normalize("NFC", typed):
                before[row, column] = typed
                rows[row - 1][column - 1] = converted
    return rows, before


def _cell(value: object) -> Cell:
    match value:
        case str():
            return tidy(value) or None
        case None | bool():
            return value
        case float() | int():
            # No figure is without end; one such cell does not make a broken file.
            return float(value) if math.isfinite(value) else str(value)
        case datetime():
            return value.date()
        case date():
            return value
        case _:
            return tidy(str(value)) or None


def _places(addresses: Sequence[str]) -> frozenset[tuple[int, int]]:
    return frozenset(map(position, addresses))


def _too_long(sheet: str, row: int, column: int, text: str) -> UnreadableFile:
    return UnreadableFile(
        f"Ô {column_letter(column)}{row} của sheet “{sheet}” dài {len(text)} ký tự; rút gọn rồi gửi lại."
    )
