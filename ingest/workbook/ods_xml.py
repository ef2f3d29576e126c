"""What the reader leaves out of an .ods: error cells, percentages, hidden rows, fonts of before Unicode."""

import zipfile
from xml.etree import ElementTree

from domain.errors import UnreadableFile
from domain.form import column_letter
from ingest.workbook.legacy_text import encoding_of_font
from ingest.workbook.limits import Limits
from ingest.workbook.sheet_notes import SheetNotes, too_far

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


def notes_by_sheet(package: zipfile.ZipFile, limits: Limits) -> dict[str, SheetNotes]:
    """The notes on every sheet, by its name.

    Raises:
        UnreadableFile: if a sheet with content reaches beyond the limits.
    """
    notes: dict[str, SheetNotes] = {}
    encodings: dict[str, str] = {}
    with package.open("content.xml") as xml:
        for _, element in ElementTree.iterparse(xml):
            if element.tag == f"{_STYLE}style":
                font = element.find(f"{_STYLE}text-properties")
                encoding = encoding_of_font(font.get(f"{_STYLE}font-name")) if font is not None else None
                if encoding:
                    encodings[element.get(f"{_STYLE}name", "")] = encoding
            elif element.tag == f"{_TABLE}table":
                name = element.get(f"{_TABLE}name", "")
                notes[name] = _notes(element, name, encodings, limits)
                element.clear()
    if len(notes) > limits.sheets:
        raise UnreadableFile(f"Sổ tính có {len(notes)} sheet; xóa các sheet không thuộc biểu mẫu rồi gửi lại.")
    return notes


def _notes(table: ElementTree.Element, name: str, encodings: dict[str, str], limits: Limits) -> SheetNotes:
    notes, row = SheetNotes(), 1
    for line in table.iter(f"{_TABLE}table-row"):
        column = 1
        is_filled = False
        for cell in line:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            if cell.get(f"{_OFFICE}value-type") or cell.get(f"{_TABLE}formula"):
                is_filled = True
                if row > limits.rows or column + repeated - 1 > limits.columns:
                    raise too_far(name, f"{column_letter(column)}{row}")
                for place in range(column, column + repeated):
                    _note_cell(notes, cell, f"{column_letter(place)}{row}", encodings)
            column += repeated
        if is_filled and line.get(f"{_TABLE}visibility") in ("collapse", "filter"):
            notes.hidden_rows.append(row)
        repeated_rows = int(line.get(f"{_TABLE}number-rows-repeated", "1"))
        if is_filled and row + repeated_rows - 1 > limits.rows:
            raise too_far(name, f"A{row + repeated_rows - 1}")
        row += repeated_rows
    return notes


def _note_cell(notes: SheetNotes, cell: ElementTree.Element, address: str, encodings: dict[str, str]) -> None:
    if cell.get(f"{_CALC}value-type") == "error":
        shown = cell.find(f"{_TEXT}p")
        notes.troubled[address] = (shown.text if shown is not None else None) or "#ERR!"
    elif cell.get(f"{_OFFICE}value-type") is None:
        notes.troubled[address] = "=" + cell.get(f"{_TABLE}formula", "").rpartition(":=")[2]
    elif cell.get(f"{_OFFICE}value-type") == "percentage":
        notes.percent.append(address)
    elif cell.get(f"{_OFFICE}value-type") == "string":
        encoding = encodings.get(cell.get(f"{_TABLE}style-name", ""))
        if encoding:
            notes.fonts[address] = encoding
