"""Opens one file and gives its sheets, cell by cell.

A hostile or broken file can exhaust memory, hang or abort the process that does so.
"""

import io
import zipfile
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from domain import form
from domain.errors import UnreadableFile
from domain.form import column_letter
from domain.text import bare
from ingest.workbook import ods_xml, package_xml, xlsb_records
from ingest.workbook.csv_package import read_csv_package
from ingest.workbook.kinds import Kind, opened
from ingest.workbook.limits import Limits
from ingest.workbook.package import BROKEN, Package, as_readers_expect
from ingest.workbook.raw_sheet import raw_sheet
from ingest.workbook.sheet_notes import SheetNotes, too_far
from ingest.workbook.table_layout import RawSheet


class FileCells(NamedTuple):
    """What a file holds: its kind, its sheets in their order, its custom properties."""

    kind: Kind
    sheets: list[RawSheet]
    properties: dict[str, str]


def read_cells(path: Path, limits: Limits) -> FileCells:
    """The sheets of a file, with what stands beside their cells.

    Raises:
        UnreadableFile: if nothing can be read; the text says why.
    """
    source = opened(path, limits)
    content, properties, unread = source.content, dict[str, str](), frozenset[str]()
    if source.kind is Kind.XLS:
        from ingest.workbook import xls_records

        notes = xls_records.notes_by_sheet(content, limits)
        return FileCells(source.kind, _read_sheets(content, notes, limits), properties)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if source.kind is Kind.CSV_ZIP:
            sheets = [raw_sheet(name, rows, SheetNotes(), limits) for name, rows in read_csv_package(archive, limits)]
            return FileCells(source.kind, sheets, properties)
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
    return FileCells(source.kind, _read_sheets(content, notes, limits, unread), properties)


def _unread_sheets(names: Sequence[str]) -> frozenset[str]:
    """The sheets that the form brings along for the clerk, and nobody reads; a second one of such a name is somebody's."""
    keys = [bare(name) for name in names]
    return frozenset(names[keys.index(key)] for key in form.UNREAD_SHEETS if key in keys)


def _read_sheets(
    content: bytes, notes: dict[str, SheetNotes], limits: Limits, unread: Container[str] = ()
) -> list[RawSheet]:
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        sheets = []
        for entry in book.sheets_metadata:
            is_hidden = entry.visible is not python_calamine.SheetVisibleEnum.Visible
            if entry.name in unread:
                sheets.append(raw_sheet(entry.name, [], SheetNotes(), limits, is_hidden=is_hidden))
                continue
            if entry.typ is not python_calamine.SheetTypeEnum.WorkSheet:
                sheets.append(raw_sheet(entry.name, [], SheetNotes(), limits, is_hidden=is_hidden, is_table=False))
                continue
            sheet = book.get_sheet_by_name(entry.name)
            if sheet.end is not None and (sheet.end[0] >= limits.rows or sheet.end[1] >= limits.columns):
                raise too_far(entry.name, f"{column_letter(sheet.end[1] + 1)}{sheet.end[0] + 1}")
            own = notes.get(entry.name)
            if own is None:
                raise UnreadableFile(BROKEN)
            ranges = sheet.merged_cell_ranges or ()
            if len(ranges) > limits.merged_ranges:
                raise UnreadableFile(
                    f"Sheet “{entry.name}” có {len(ranges)} vùng ô gộp; bỏ gộp ô (Merge & Center) rồi gửi lại."
                )
            merged = [(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in ranges]
            rows = _rows_of(entry.name, sheet)
            sheets.append(raw_sheet(entry.name, rows, own, limits, merged, is_hidden=is_hidden))
    except python_calamine.PasswordError as error:
        raise UnreadableFile("Tệp có mật khẩu mở; bỏ mật khẩu rồi gửi lại.") from error
    except python_calamine.CalamineError as error:
        raise UnreadableFile(BROKEN) from error
    return sheets


def _rows_of(name: str, sheet: Any) -> list[list[object]]:
    """The rows of a sheet from its first one on.

    Raises:
        UnreadableFile: if a value is no day and no time, though its cell says so: the reader raises, or ends in a panic,
            which is no `Exception`.
    """
    try:
        rows: list[list[object]] = sheet.to_python(skip_empty_area=False)
    except (MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise UnreadableFile(
            f"Sheet “{name}” có ô định dạng ngày, giờ nhưng chứa số không thể là ngày, giờ; đổi định dạng của ô ấy về "
            "General, sửa số rồi gửi lại."
        ) from error
    return rows
