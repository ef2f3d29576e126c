"""Opens one file and gives its sheets, cell by cell, as plain data.

A hostile or broken file can exhaust memory, hang or abort the process that does so.
"""

import io
import math
import unicodedata
import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from domain.errors import UnreadableFile
from domain.form import column_letter
from ingest.workbook import ods_xml, package_xml, xlsb_records
from ingest.workbook.csv_package import read_csv_package
from ingest.workbook.kinds import Kind, kind_of
from ingest.workbook.legacy_text import looks_legacy, to_unicode
from ingest.workbook.limits import Limits
from ingest.workbook.sheet_notes import SheetNotes, position, too_far

_BROKEN = "Cấu trúc bên trong tệp đã hỏng; mở bằng Excel, lưu lại rồi gửi."


def read_cells(path: Path, limits: Limits) -> dict[str, Any]:
    """Kind, sheets with their rows from row 1 on, notes on their cells, custom properties.

    Raises:
        UnreadableFile: if nothing can be read; the text says why.
    """
    kind = kind_of(path, limits)
    if kind is Kind.CSV_ZIP:
        with zipfile.ZipFile(path) as package:
            sheets = [_sheet(name, rows, SheetNotes(), limits) for name, rows in read_csv_package(package, limits)]
        return {"kind": kind, "sheets": sheets, "properties": {}}
    properties: dict[str, str] = {}
    if kind is Kind.XLS:
        from ingest.workbook import xls_records

        notes = xls_records.notes_by_sheet(path, limits)
    else:
        with zipfile.ZipFile(path) as package:
            if kind is Kind.XLSB:
                notes = xlsb_records.notes_by_sheet(package)
            elif kind is Kind.ODS:
                notes = ods_xml.notes_by_sheet(package, limits)
            else:
                notes = package_xml.notes_by_sheet(package, limits)
            if kind is not Kind.ODS:
                properties = package_xml.custom_properties(package)
    return {"kind": kind, "sheets": _read_sheets(path, notes, limits), "properties": properties}


def _read_sheets(path: Path, notes: dict[str, SheetNotes], limits: Limits) -> list[dict[str, object]]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(path.read_bytes()))
        sheets = []
        for entry in book.sheets_metadata:
            if entry.typ is python_calamine.SheetTypeEnum.WorkSheet:
                sheet = book.get_sheet_by_name(entry.name)
                if sheet.end is not None and (sheet.end[0] >= limits.rows or sheet.end[1] >= limits.columns):
                    raise too_far(entry.name, f"dòng {sheet.end[0] + 1}")
                merged = [[top + 1, left + 1, right + 1] for (top, left), (_, right) in sheet.merged_cell_ranges or ()]
                rows = sheet.to_python(skip_empty_area=False)
                sheets.append(_sheet(entry.name, rows, notes.get(entry.name, SheetNotes()), limits, merged))
    except python_calamine.PasswordError as error:
        raise UnreadableFile("Tệp có mật khẩu mở; bỏ mật khẩu rồi gửi lại.") from error
    except python_calamine.CalamineError as error:
        raise UnreadableFile(_BROKEN) from error
    return sheets


def _sheet(
    name: str, rows: Sequence[list[Any]], notes: SheetNotes, limits: Limits, merged: list[list[int]] | None = None
) -> dict[str, object]:
    """One sheet as plain data; text in old encodings is converted where its font names the encoding."""
    for row, line in enumerate(rows, start=1):
        for column, value in enumerate(line, start=1):
            if isinstance(value, str) and len(value) > limits.cell_characters:
                raise UnreadableFile(
                    f"Ô {column_letter(column)}{row} của sheet “{name}” dài {len(value)} ký tự; rút gọn rồi gửi lại."
                )
    repaired: dict[str, list[str]] = {}
    for address, encoding in notes.fonts.items():
        row, column = position(address)
        typed = rows[row - 1][column - 1] if row <= len(rows) and column <= len(rows[row - 1]) else None
        if isinstance(typed, str):
            converted = to_unicode(typed, encoding)
            if converted != unicodedata.normalize("NFC", typed):
                repaired[address] = [typed, encoding]
                rows[row - 1][column - 1] = converted
    return {
        "name": name,
        "rows": [[_tagged(value) for value in row] for row in rows],
        "troubled": notes.troubled,
        "repaired": repaired,
        "suspect": [
            [row, column]
            for row, line in enumerate(rows, start=1)
            for column, value in enumerate(line, start=1)
            if isinstance(value, str) and looks_legacy(value)
        ],
        "percent": notes.percent,
        "hidden_rows": notes.hidden_rows,
        "hidden_columns": notes.hidden_columns,
        "merged": merged or [],
    }


def _tagged(value: object) -> object:
    """A cell as JSON: text, number, true/false, `["day", …]`, or null."""
    match value:
        case datetime():
            return ["day", value.date().isoformat()]
        case date():
            return ["day", value.isoformat()]
        case time() | timedelta():
            return str(value)
        case float() if not math.isfinite(value):
            # JSON has no word for it, and one such cell does not make a broken file.
            return str(value)
        case bool() | float() | int():
            return value
        case "" | None:
            return None
        case _:
            return str(value)
