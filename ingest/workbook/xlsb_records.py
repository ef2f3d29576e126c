"""What the reader leaves out of an .xlsb: its error cells, hidden rows and columns. Records as in [MS-XLSB] 2.1.4.

Styles and formulas are not looked into: what is struck, white or linked cannot be seen here.
"""

import struct
from collections.abc import Iterator

from domain.form import column_letter
from ingest.workbook.limits import Limits
from ingest.workbook.package import Package, SheetEntry
from ingest.workbook.sheet_notes import SheetNotes

_ROW, _CELL_ERROR, _FORMULA_ERROR, _COLUMNS, _SHEET = 0, 3, 11, 60, 156
_ROW_IS_HIDDEN, _COLUMNS_ARE_HIDDEN = 0x10, 0x01
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def sheets_of(package: Package, limits: Limits) -> list[SheetEntry]:
    """The sheets in the order of the workbook.

    Raises:
        UnreadableFile: if there are too many, or two share a name or a part.
    """
    relations = {each.id: each for each in package.relations(package.document or "")}
    named = [
        _name_and_relation(body) for kind, body in _records(package.read(package.document or "")) if kind == _SHEET
    ]
    return package.checked_sheets(named, relations, limits)


def notes_by_sheet(package: Package, sheets: list[SheetEntry], limits: Limits) -> dict[str, SheetNotes]:
    """The notes on every worksheet, by its name."""
    return {each.name: _notes(package.read(each.part), limits) for each in sheets if each.part is not None}


def _notes(content: bytes, limits: Limits) -> SheetNotes:
    notes, row = SheetNotes(), 0
    for kind, body in _records(content):
        if kind == _ROW and len(body) >= 4:
            row = struct.unpack_from("<I", body)[0]
            if len(body) > 11 and body[11] & _ROW_IS_HIDDEN:
                notes.hidden_rows.append(row + 1)
        elif kind == _COLUMNS and len(body) >= 18:
            first, last, width = struct.unpack_from("<III", body)
            if width < 77 or body[16] & _COLUMNS_ARE_HIDDEN:
                notes.hidden_columns += range(first + 1, min(last + 1, limits.columns) + 1)
        elif kind in (_CELL_ERROR, _FORMULA_ERROR) and len(body) >= 9:
            column = struct.unpack_from("<I", body)[0]
            notes.troubled[f"{column_letter(column + 1)}{row + 1}"] = _ERRORS.get(body[8], "#ERR!")
    return notes


def _name_and_relation(body: bytes) -> tuple[str, str]:
    """The two texts of a sheet's record, after its state and number: its relation, its name."""
    texts = []
    place = 8
    for _ in range(2):
        (length,) = struct.unpack_from("<I", body, place)
        place += 4
        length = 0 if length == 0xFFFFFFFF else length
        texts.append(body[place : place + 2 * length].decode("utf-16-le", "replace"))
        place += 2 * length
    return texts[1], texts[0]


def _records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each record's number and body; both numbers are written in groups of seven bits."""
    place = 0
    while place < len(content):
        kind = content[place]
        place += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (content[place] & 0x7F) << 7
            place += 1
        size = 0
        for step in range(4):
            part = content[place]
            place += 1
            size |= (part & 0x7F) << (7 * step)
            if not part & 0x80:
                break
        yield kind, content[place : place + size]
        place += size
