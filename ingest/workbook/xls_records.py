"""What the reader leaves out of an old .xls: error cells, fonts of before Unicode, percentages, hidden rows."""

import io
from pathlib import Path

import xlrd

from domain.errors import UnreadableFile
from domain.form import column_letter
from ingest.workbook.legacy_text import encoding_of_font
from ingest.workbook.limits import Limits
from ingest.workbook.sheet_notes import SheetNotes, too_far


def notes_by_sheet(path: Path, limits: Limits) -> dict[str, SheetNotes]:
    """The notes on every worksheet, by its name.

    Raises:
        UnreadableFile: if the records contradict each other, are encrypted, or reach beyond the limits.
    """
    try:
        book = xlrd.open_workbook(str(path), formatting_info=True, logfile=io.StringIO())
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise UnreadableFile("Tệp có mật khẩu mở; bỏ mật khẩu rồi gửi lại.") from error
        raise UnreadableFile("Cấu trúc bên trong tệp .xls đã hỏng; mở bằng Excel, lưu lại rồi gửi.") from error
    if book.nsheets > limits.sheets:
        raise UnreadableFile(f"Sổ tính có {book.nsheets} sheet; xóa các sheet không thuộc biểu mẫu rồi gửi lại.")
    return {sheet.name: _notes(book, sheet, limits) for sheet in book.sheets()}


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
            if kind == xlrd.XL_CELL_ERROR:
                notes.troubled[address] = xlrd.error_text_from_code.get(sheet.cell_value(row, column), "#ERR!")
            elif kind == xlrd.XL_CELL_TEXT:
                encoding = encoding_of_font(book.font_list[style.font_index].name)
                if encoding:
                    notes.fonts[address] = encoding
            elif "%" in book.format_map[style.format_key].format_str:
                notes.percent.append(address)
    notes.hidden_rows = [row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden and row < sheet.nrows]
    notes.hidden_columns = [column + 1 for column, info in sheet.colinfo_map.items() if info.hidden]
    return notes
