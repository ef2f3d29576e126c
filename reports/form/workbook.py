"""Writes the fill-in workbook of one unit and period: lists, checks, locked headings, its own villages."""

import io
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from domain import codes, form, wording
from domain.form import CellType, Field, Sheet
from reports.form.code_lists import CodeLists
from reports.form.content import CellValue, FormContent, Row
from reports.form.formats import Formats
from reports.form.self_check import checks
from reports.form.self_check_sheet import write_self_check
from reports.form.validation import validation

_NOT_SUMMED = ("stt", "unit_value", "bhyt_pct", "ntm_year")
"""Numeric fields whose sum means nothing."""


def write_form(content: FormContent) -> bytes:
    """The workbook; the same content gives the same bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    created = datetime.combine(content.window.first_day, time())
    book.set_properties({"title": f"Biểu mẫu {codes.FORM_VERSION}", "subject": content.unit.name, "created": created})
    for name, value in (
        (form.PROPERTY_FORM, codes.FORM_VERSION),
        (form.PROPERTY_UNIT, content.unit.code),
        (form.PROPERTY_PERIOD, str(content.period)),
    ):
        book.set_custom_property(name, value)
    _Writer(book, content).write()
    book.close()
    return buffer.getvalue()


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook, content: FormContent) -> None:
        self._content, self._formats = content, Formats(book)
        self._worksheets = {sheet.table: book.add_worksheet(sheet.name) for sheet in form.SHEETS}
        self._self_check = book.add_worksheet(form.SELF_CHECK_SHEET) if content.rules else None
        self._lists = CodeLists(book.add_worksheet(form.CODE_LIST_SHEET), self._formats)

    def write(self) -> None:
        content = self._content
        for sheet in form.SHEETS:
            self._write_heading(sheet, self._worksheets[sheet.table])
            if sheet in form.KEY_VALUE_SHEETS:
                self._write_key_values(sheet, self._worksheets[sheet.table])
            else:
                self._write_ledger(sheet, self._worksheets[sheet.table])
        if self._self_check is not None:
            write_self_check(
                self._self_check,
                self._formats,
                checks(content.rules, content.window, self._range, self._choices_range),
                knows_previous_month=content.previous_cumulative is not None,
            )
        self._lists.write_names(content)

    def _write_heading(self, sheet: Sheet, worksheet: Worksheet) -> None:
        content, formats = self._content, self._formats
        days = f"{wording.short_day(content.window.first_day)} - {wording.short_day(content.window.last_day)}"
        worksheet.write_string(0, 0, sheet.title, formats.title)
        worksheet.write_string(1, 0, f"Kỳ báo cáo: {content.period.label()} ({days})", formats.plain)
        worksheet.write_string(2, 0, f"Đơn vị: {content.unit.name} (mã {content.unit.code})", formats.plain)
        money = f"Đơn vị tính: đồng, trừ khi ghi khác ở sheet {form.STATEMENT.name}"
        worksheet.write_string(3, 0, money, formats.italic)
        if content.is_sample:
            worksheet.write_string(3, 6 if sheet in form.LEDGERS else 2, form.SAMPLE_MARK, formats.mark)
        worksheet.write_string(4, 0, f"Biểu mẫu {codes.FORM_VERSION}", formats.italic)
        worksheet.freeze_panes(form.FIRST_ROW - 1, 0)
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        worksheet.repeat_rows(form.HEADER_ROW - 1, form.HEADER_ROW)
        worksheet.protect(
            "", {"format_columns": True, "format_rows": True, "insert_rows": True, "sort": True, "autofilter": True}
        )

    def _write_key_values(self, sheet: Sheet, worksheet: Worksheet) -> None:
        """One field a row: its caption, its value, and what is expected."""
        formats, is_statement = self._formats, sheet is form.STATEMENT
        worksheet.set_column(0, 0, 30)
        worksheet.set_column(1, 1, 44 if is_statement else 100)
        worksheet.set_column(2, 2, 70)
        for column, caption in enumerate((form.KEY_CAPTION, form.VALUE_CAPTION, form.HINT_CAPTION)):
            worksheet.write_string(form.HEADER_ROW - 1, column, caption, formats.caption)
            worksheet.write_string(form.HEADER_ROW, column, "AB1"[column], formats.numbering)
        known = self._content.statement_values() if is_statement else {}
        for row, field in enumerate(sheet.fields, start=form.FIRST_ROW - 1):
            worksheet.write_string(row, 0, field.caption, formats.caption)
            if not is_statement:
                worksheet.set_row(row, 90)
            cell_format = formats.open[field.type] if is_statement else formats.open_text
            self._write_cell(worksheet, row, 1, known.get(field.name), cell_format)
            hint = field.hint or ("Bắt buộc" if field.required else "")
            worksheet.write_string(row, 2, hint, formats.italic)
            self._validate(worksheet, field, row, row, 1)

    def _write_ledger(self, sheet: Sheet, worksheet: Worksheet) -> None:
        """One field a column, below it the rows to fill in."""
        rows = self._content.sheet_rows(sheet)
        first, last = form.FIRST_ROW - 1, form.FIRST_ROW - 2 + max(len(rows), 1)
        worksheet.set_row(form.HEADER_ROW - 1, 48)
        for column, field in enumerate(sheet.fields):
            worksheet.set_column(column, column, field.width)
            worksheet.write_string(form.HEADER_ROW - 1, column, field.caption, self._formats.caption)
            worksheet.write_string(form.HEADER_ROW, column, _column_number(column), self._formats.numbering)
            note = " ".join(filter(None, (f"Nhận {field.expected}.", f"{field.hint}." if field.hint else "")))
            worksheet.write_comment(form.HEADER_ROW - 1, column, note, {"x_scale": 2})
            is_fixed = field.prefilled and sheet.table in form.ROSTERS and not sheet.blank_rows
            formats = self._formats.fixed if is_fixed else self._formats.open
            for row, values in enumerate(rows, start=first):
                self._write_cell(worksheet, row, column, values.get(field.name), formats[field.type])
            self._validate(worksheet, field, first, last, column)
        if sheet is form.CONTROL_TOTALS:
            self._write_computed_totals(worksheet, rows)
        self._write_closing(sheet, worksheet, first, last)

    def _write_closing(self, sheet: Sheet, worksheet: Worksheet, first: int, last: int) -> None:
        """The row of totals and the places for signatures, which the reader passes over."""
        below = last + 1
        if sheet in (form.ACTIVITIES, form.HOUSEHOLDS, form.CONTROL_TOTALS):
            for column, field in enumerate(sheet.fields):
                if field.type in form.NUMERIC and field.name not in _NOT_SUMMED:
                    span = f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)}"
                    total = sum(Decimal(str(row.get(field.name) or 0)) for row in self._content.sheet_rows(sheet))
                    worksheet.write_formula(below, column, f"=SUM({span})", self._formats.total, float(total))
                else:
                    worksheet.write_string(below, column, "", self._formats.total)
            worksheet.write_string(below, 1, "Tổng cộng", self._formats.total)
            below += 1
        worksheet.write_string(below + 1, 2, "Người lập biểu", self._formats.bold)
        worksheet.write_string(below + 1, min(8, len(sheet.fields) - 1), "Thủ trưởng đơn vị", self._formats.bold)

    def _write_computed_totals(self, worksheet: Worksheet, rows: Sequence[Row]) -> None:
        """Beside the typed totals, what sheet 02 adds up to and what was reported before: a gap shows at once."""
        summed, previous = (len(form.CONTROL_TOTALS.fields) + place for place in (0, 1))
        for column, caption in ((summed, form.SUMMED_CAPTION), (previous, form.PREVIOUS_CAPTION)):
            worksheet.set_column(column, column, 18)
            worksheet.write_string(form.HEADER_ROW - 1, column, caption, self._formats.caption)
        activity, value = (self._range("activities", name) for name in ("activity_code", "value_total_vnd"))
        for row, values in enumerate(rows, start=form.FIRST_ROW - 1):
            formula = f"=SUMIFS({value},{activity},{xl_rowcol_to_cell(row, 1)})"
            worksheet.write_formula(row, summed, formula, self._formats.total, values.get("value_total_vnd") or 0)
            if self._content.previous_cumulative is not None:
                known = self._content.previous_cumulative.get(str(values.get("activity_code")), 0)
                worksheet.write_number(row, previous, known, self._formats.total)

    def _range(self, table: str, name: str) -> str:
        """The absolute range of a column, over every row that can be written in."""
        sheet = form.SHEET_BY_TABLE[table]
        last = form.FIRST_ROW - 2 + max(len(self._content.sheet_rows(sheet)), 1)
        if name == "previous_cumulative_vnd":
            column = len(sheet.fields) + 1
        else:
            column = [each.name for each in sheet.fields].index(name)
        return f"'{sheet.name}'!{xl_range_abs(form.FIRST_ROW - 1, column, last, column)}"

    def _choices_range(self, table: str, name: str, kind: str) -> str:
        """Where the list of a field's choices stands, as `code` or as `name`."""
        return self._lists.range_of(
            tuple(getattr(each, kind) for each in form.SHEET_BY_TABLE[table].field(name).choices)
        )

    def _write_cell(self, worksheet: Worksheet, row: int, column: int, value: CellValue, cell_format: Format) -> None:
        match value:
            case None:
                worksheet.write_blank(row, column, None, cell_format)
            case date():
                # In a field of another kind a date still shows as one.
                days = (self._formats.open[CellType.DAY], self._formats.fixed[CellType.DAY])
                day_format = cell_format if cell_format in days else days[0]
                worksheet.write_datetime(row, column, datetime.combine(value, time()), day_format)
            case str():
                worksheet.write_string(row, column, value, cell_format)
            case _:
                worksheet.write_number(row, column, float(value), cell_format)

    def _validate(self, worksheet: Worksheet, field: Field, first: int, last: int, column: int) -> None:
        options = validation(field, self._content, self._lists)
        if options:
            worksheet.data_validation(first, column, last, column, options)


def _column_number(column: int) -> str:
    """A, B for the columns that name a row, then counted from 1."""
    return "AB"[column] if column < 2 else str(column - 1)
