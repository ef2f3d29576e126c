"""What the reader leaves out of an .xlsb: its error cells. Records as in [MS-XLSB] 2.1.4."""

import struct
import zipfile
from collections.abc import Iterator

from domain.form import column_letter
from ingest.workbook.sheet_notes import SheetNotes

_ROW, _CELL_ERROR, _FORMULA_ERROR, _SHEET = 0, 3, 11, 156
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def notes_by_sheet(package: zipfile.ZipFile) -> dict[str, SheetNotes]:
    """The notes on every worksheet, by its name; sheets stand in the order of the workbook."""
    names = [_sheet_name(body) for kind, body in _records(package.read("xl/workbook.bin")) if kind == _SHEET]
    parts = sorted(
        (name for name in package.namelist() if name.lower().startswith("xl/worksheets/sheet")),
        key=lambda name: (len(name), name),
    )
    return {name: _notes(package.read(part)) for name, part in zip(names, parts, strict=False)}


def _notes(content: bytes) -> SheetNotes:
    notes, row = SheetNotes(), 0
    for kind, body in _records(content):
        if kind == _ROW and len(body) >= 4:
            row = struct.unpack_from("<I", body)[0]
        elif kind in (_CELL_ERROR, _FORMULA_ERROR) and len(body) >= 9:
            column = struct.unpack_from("<I", body)[0]
            notes.troubled[f"{column_letter(column + 1)}{row + 1}"] = _ERRORS.get(body[8], "#ERR!")
    return notes


def _sheet_name(body: bytes) -> str:
    """The second of the two texts of a sheet's record, after its state and number."""
    text = ""
    place = 8
    for _ in range(2):
        (length,) = struct.unpack_from("<I", body, place)
        place += 4
        length = 0 if length == 0xFFFFFFFF else length
        text = body[place : place + 2 * length].decode("utf-16-le", "replace")
        place += 2 * length
    return text


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
