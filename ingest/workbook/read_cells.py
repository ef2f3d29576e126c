"""Opens one file and gives its sheets, cell by cell, as plain data.

A hostile or broken file can exhaust memory, hang or abort the process that does so.
"""

import io
import math
import unicodedata
import zipfile
from collections.abc import Container, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from domain import form
from domain.errors import UnreadableFile
from domain.form import column_letter
from domain.text import bare
from ingest.workbook import ods_xml, package_xml, xlsb_records
from ingest.workbook.csv_package import read_csv_package
from ingest.workbook.kinds import Kind, opened
from ingest.workbook.legacy_text import looks_legacy, to_unicode
from ingest.workbook.limits import Limits
from ingest.workbook.package import BROKEN, Package, as_readers_expect
from ingest.workbook.sheet_notes import SheetNotes, position, too_far


def read_cells(path: Path, limits: Limits) -> dict[str, Any]:
    """Kind, sheets with their rows from row 1 on, notes on their cells, custom properties.

    Raises:
        UnreadableFile: if nothing can be read; the text says why.
    """
    source = opened(path, limits)
    content, properties, unread = source.content, dict[str, str](), frozenset[str]()
    if source.kind is Kind.XLS:
        from ingest.workbook import xls_records

        notes = xls_records.notes_by_sheet(content, limits)
        return {"kind": source.kind, "sheets": _read_sheets(content, notes, limits), "properties": properties}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if source.kind is Kind.CSV_ZIP:
            sheets = [_sheet(name, rows, SheetNotes(), limits) for name, rows in read_csv_package(archive, limits)]
            return {"kind": source.kind, "sheets": sheets, "properties": properties}
        package = Package(archive)
        if source.kind is Kind.ODS:
            notes = ods_xml.notes_by_sheet(package, limits)
        else:
            if source.kind is Kind.XLSB:
                entries = xlsb_records.sheets_of(package, limits)
                notes = xlsb_records.notes_by_sheet(package, entries, limits)
            else:
                entries = package.sheets(limits)
                unread = _unread_sheets([each.name for each in entries])
                notes = package_xml.notes_by_sheet(
                    package, [each for each in entries if each.name not in unread], limits
                )
            properties = package_xml.custom_properties(package)
            content = as_readers_expect(package, content, entries)
    return {"kind": source.kind, "sheets": _read_sheets(content, notes, limits, unread), "properties": properties}


def _unread_sheets(names: Sequence[str]) -> frozenset[str]:
    """The sheets that the form brings along for the clerk, and nobody reads; a second one of such a name is somebody's."""
    keys = [bare(name) for name in names]
    return frozenset(names[keys.index(key)] for key in form.UNREAD_SHEETS if key in keys)


def _read_sheets(
    content: bytes, notes: dict[str, SheetNotes], limits: Limits, unread: Container[str] = ()
) -> list[dict[str, object]]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheets = []
        for entry in book.sheets_metadata:
            is_hidden = entry.visible is not python_calamine.SheetVisibleEnum.Visible
            if entry.name in unread:
                sheets.append(_sheet(entry.name, [], SheetNotes(), limits, is_hidden=is_hidden))
                continue
            if entry.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                sheets.append(_sheet(entry.name, [], SheetNotes(), limits, is_hidden=is_hidden, is_table=False))
                continue
            sheet = book.get_sheet_by_name(entry.name)
            if sheet.end is not None and (sheet.end[0] >= limits.rows or sheet.end[1] >= limits.columns):
                raise too_far(entry.name, f"dòng {sheet.end[0] + 1}")
            own = notes.get(entry.name)
            if own is None:
                raise UnreadableFile(BROKEN)
            ranges = sheet.merged_cell_ranges or ()
            if len(ranges) > limits.merged_ranges:
                raise UnreadableFile(
                    f"Sheet “{entry.name}” có {len(ranges)} vùng ô gộp; bỏ gộp ô (Merge & Center) rồi gửi lại."
                )
            merged = [[top + 1, left + 1, bottom + 1, right + 1] for (top, left), (bottom, right) in ranges]
            rows = sheet.to_python(skip_empty_area=False)
            sheets.append(_sheet(entry.name, rows, own, limits, merged, is_hidden=is_hidden))
    except python_calamine.PasswordError as error:
        raise UnreadableFile("Tệp có mật khẩu mở; bỏ mật khẩu rồi gửi lại.") from error
    except python_calamine.CalamineError as error:
        raise UnreadableFile(BROKEN) from error
    return sheets


def _sheet(
    name: str,
    rows: Sequence[list[Any]],
    notes: SheetNotes,
    limits: Limits,
    merged: list[list[int]] | None = None,
    *,
    is_hidden: bool = False,
    is_table: bool = True,
) -> dict[str, object]:
    """One sheet as plain data; text in old encodings is converted where its font names the encoding."""
    repaired: dict[str, list[str]] = {}
    for address, encoding in notes.fonts.items():
        row, column = position(address)
        typed = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None
        if isinstance(typed, str):
            converted = to_unicode(typed, encoding)
            if converted != unicodedata.normalize("NFC", typed):
                repaired[address] = [typed, encoding]
                rows[row - 1][column - 1] = converted
    suspect: list[list[int]] = []
    tagged: list[list[object]] = []
    for number, line in enumerate(rows, start=1):
        cells: list[object] = []
        for value in line:
            # Most cells are blank: they cost one comparison.
            cells.append(None if value == "" else _tagged(value))
            if value != "" and isinstance(value, str):
                if len(value) > limits.cell_characters:
                    raise _too_long(name, number, len(cells), value)
                if looks_legacy(value):
                    suspect.append([number, len(cells)])
        tagged.append(cells)
    return {
        "name": name,
        "rows": tagged,
        "troubled": notes.troubled,
        "repaired": repaired,
        "suspect": suspect,
        "percent": notes.percent,
        "hidden_rows": notes.hidden_rows,
        "hidden_columns": notes.hidden_columns,
        "struck": notes.struck,
        "unseen": notes.unseen,
        "linked": notes.linked,
        "pictures": notes.pictures,
        "merged": merged or notes.merged,
        "is_hidden": is_hidden,
        "is_table": is_table,
    }


def _too_long(sheet: str, row: int, column: int, text: str) -> UnreadableFile:
    return UnreadableFile(
        f"Ô {column_letter(column)}{row} của sheet “{sheet}” dài {len(text)} ký tự; rút gọn rồi gửi lại."
    )


def _tagged(value: object) -> object:
    """A cell as JSON: text, number, true/false, `["day", …]`, or null."""
    match value:
        case float() if not math.isfinite(value):
            # JSON has no word for it, and one such cell does not make a broken file.
            return str(value)
        case str() | bool() | float() | int():
            return value
        case datetime():
            return ["day", value.date().isoformat()]
        case date():
            return ["day", value.isoformat()]
        case None:
            return None
        case _:
            return str(value)
