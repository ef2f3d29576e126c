"""What the reader leaves out of an old .xls: errors, old fonts, percentages, what is hidden or struck.

Formulas are not looked into: links to other files cannot be seen here.
"""

import io

import xlrd

from domain.errors import UnreadableFile
from domain.form import column_letter
from ingest.workbook.legacy_text import encoding_of_font
from ingest.workbook.limits import Limits
from ingest.workbook.package import refuse_many_sheets
from ingest.workbook.sheet_notes import SheetNotes, too_far
from ingest.workbook.sheet_styles import hidden_by_format

_WHITE = 9
"""Its place in the palette."""
_LEAST_ROW_HEIGHT, _LEAST_COLUMN_WIDTH = 40, 77
"""In twentieths of a point and in parts of 1/256 of a letter; below that nothing can be seen."""


def notes_by_sheet(content: bytes, limits: Limits) -> dict[str, SheetNotes]:
    """The notes on every worksheet, by its name.

    Raises:
        UnreadableFile: if the records contradict each other, are encrypted, or reach beyond the limits.
    """
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, on_demand=True, logfile=io.StringIO())
        refuse_many_sheets(book.nsheets, limits)
        return {sheet.name: _notes(book, sheet, limits) for sheet in map(book.sheet_by_index, range(book.nsheets))}
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise UnreadableFile(
                "Tệp .xls có mật khẩu mở hoặc được bảo vệ cấu trúc; mở bằng Excel, gỡ Review - Protect Workbook "
                "và mật khẩu mở nếu có, lưu thành .xlsx rồi gửi lại."
            ) from error
        raise UnreadableFile("Cấu trúc bên trong tệp .xls đã hỏng; mở bằng Excel, lưu lại rồi gửi.") from error


def _notes(book: xlrd.Book, sheet: xlrd.sheet.Sheet, limits: Limits) -> SheetNotes:
    notes = SheetNotes()
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            kind = sheet.cell_type(row, column)
            if kind in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
                continue
            address = f"{column_letter(column + 1)}{row + 1}"
            if row >= limits.rows or column >= limits.columns:
                raise too_far(sheet.name, address)
            style = book.xf_list[sheet.cell_xf_index(row, column)]
            font, format_ = book.font_list[style.font_index], book.format_map[style.format_key].format_str
            if kind == xlrd.XL_CELL_ERROR:
                notes.troubled[address] = xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#ERR!")
            elif kind == xlrd.XL_CELL_TEXT:
                encoding = encoding_of_font(font.name)
                if encoding:
                    notes.fonts[address] = encoding
            elif "%" in format_:
                notes.percent.append(address)
            runs = sheet.rich_text_runlist_map.get((row, column), ())
            if font.struck_out or any(book.font_list[number].struck_out for _, number in runs):
                notes.struck.append(address)
            is_white = font.colour_index == _WHITE and style.background.fill_pattern == 0
            if is_white or hidden_by_format(format_)[kind == xlrd.XL_CELL_TEXT]:
                notes.unseen.append(address)
    notes.hidden_rows = [
        row + 1
        for row, info in sheet.rowinfo_map.items()
        if row < sheet.nrows and (info.hidden or (info.height or 0) < _LEAST_ROW_HEIGHT)
    ]
    notes.hidden_columns = [
        column + 1 for column, info in sheet.colinfo_map.items() if info.hidden or info.width < _LEAST_COLUMN_WIDTH
    ]
    return notes
