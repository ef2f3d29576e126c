"""What the reader leaves out of an .ods: errors, percentages, old fonts, links, what is hidden or struck."""

import re
from typing import NamedTuple
from xml.etree import ElementTree

from domain.errors import UnreadableFile
from domain.form import column_letter
from ingest.workbook.legacy_text import encoding_of_font
from ingest.workbook.limits import Limits
from ingest.workbook.package import Package
from ingest.workbook.sheet_notes import SheetNotes, too_far

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"


_LENGTH = re.compile(r"([\d.]+)")
_OTHER_FILE = re.compile(r"'[^']*'#")
_HIDDEN = ("collapse", "filter")
_LEAST_LENGTH = 0.03
"""Of a row or a column, in inches or centimetres; below that it cannot be seen."""


class _Style(NamedTuple):
    encoding: str | None = None
    is_struck: bool = False
    is_flat: bool = False


def notes_by_sheet(package: Package, limits: Limits) -> dict[str, SheetNotes]:
    """The notes on every sheet, by its name.

    Raises:
        UnreadableFile: if there are too many sheets, or one with content reaches beyond the limits.
    """
    notes: dict[str, SheetNotes] = {}
    styles: dict[str, _Style] = {}
    with package.open("content.xml") as xml:
        for _, element in ElementTree.iterparse(xml):
            if element.tag == f"{_STYLE}style":
                styles[element.get(f"{_STYLE}name", "")] = _style(element)
            elif element.tag == f"{_TABLE}table":
                name = element.get(f"{_TABLE}name", "")
                notes[name] = _notes(element, name, styles, limits)
                element.clear()
                if len(notes) > limits.sheets:
                    raise UnreadableFile(
                        f"Sổ tính có hơn {limits.sheets} sheet; xóa các sheet không thuộc biểu mẫu rồi gửi lại."
                    )
    return notes


def _style(element: ElementTree.Element) -> _Style:
    encoding, is_struck, is_flat = None, False, False
    for part in element:
        if part.tag == f"{_STYLE}text-properties":
            encoding = encoding_of_font(part.get(f"{_STYLE}font-name"))
            is_struck = part.get(f"{_STYLE}text-line-through-style", "none") != "none"
        for name in (f"{_STYLE}row-height", f"{_STYLE}column-width"):
            length = _LENGTH.match(part.get(name, ""))
            is_flat = is_flat or (length is not None and float(length[1]) < _LEAST_LENGTH)
    return _Style(encoding, is_struck, is_flat)


def _notes(table: ElementTree.Element, name: str, styles: dict[str, _Style], limits: Limits) -> SheetNotes:
    notes, row = SheetNotes(), 1
    notes.hidden_columns = _hidden_columns(table, styles, limits)
    for line in table.iter(f"{_TABLE}table-row"):
        column = 1
        is_filled = False
        repeated_rows = int(line.get(f"{_TABLE}number-rows-repeated", "1"))
        for cell in line:
            if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
                continue
            repeated = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            down, right = (int(cell.get(f"{_TABLE}number-{each}-spanned", "1")) for each in ("rows", "columns"))
            if down > 1 or right > 1:
                notes.merged.append(
                    (row, column, min(row + down - 1, limits.rows), min(column + right - 1, limits.columns))
                )
            if cell.get(f"{_OFFICE}value-type") or cell.get(f"{_TABLE}formula"):
                is_filled = True
                if row + repeated_rows - 1 > limits.rows or column + repeated - 1 > limits.columns:
                    raise too_far(name, f"{column_letter(column)}{row + repeated_rows - 1}")
                for place in range(column, column + repeated):
                    for number in range(row, row + repeated_rows):
                        _note_cell(notes, cell, f"{column_letter(place)}{number}", styles)
            column += repeated
        is_flat = styles.get(line.get(f"{_TABLE}style-name", ""), _Style()).is_flat
        if is_filled and (is_flat or line.get(f"{_TABLE}visibility") in _HIDDEN):
            notes.hidden_rows += range(row, row + repeated_rows)
        row += repeated_rows
    return notes


def _hidden_columns(table: ElementTree.Element, styles: dict[str, _Style], limits: Limits) -> list[int]:
    hidden: list[int] = []
    column = 1
    for each in table.iter(f"{_TABLE}table-column"):
        following = column + int(each.get(f"{_TABLE}number-columns-repeated", "1"))
        is_flat = styles.get(each.get(f"{_TABLE}style-name", ""), _Style()).is_flat
        if is_flat or each.get(f"{_TABLE}visibility") in _HIDDEN:
            hidden += range(column, min(following, limits.columns + 1))
        column = following
    return hidden


def _note_cell(notes: SheetNotes, cell: ElementTree.Element, address: str, styles: dict[str, _Style]) -> None:
    style = styles.get(cell.get(f"{_TABLE}style-name", ""), _Style())
    if cell.get(f"{_CALC}value-type") == "error":
        shown = cell.find(f"{_TEXT}p")
        notes.troubled[address] = (shown.text if shown is not None else None) or "#ERR!"
    elif cell.get(f"{_OFFICE}value-type") is None:
        notes.troubled[address] = "=" + cell.get(f"{_TABLE}formula", "").rpartition(":=")[2]
    elif cell.get(f"{_OFFICE}value-type") == "percentage":
        notes.percent.append(address)
    elif cell.get(f"{_OFFICE}value-type") == "string" and style.encoding:
        notes.fonts[address] = style.encoding
    if style.is_struck or any(
        styles.get(span.get(f"{_TEXT}style-name", ""), _Style()).is_struck for span in cell.iter(f"{_TEXT}span")
    ):
        notes.struck.append(address)
    if _OTHER_FILE.search(cell.get(f"{_TABLE}formula", "")):
        notes.linked.append(address)
