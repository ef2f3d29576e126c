"""Writes the fill-in workbook of one unit and period: lists, checks, locked headings, its own villages."""

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from domain import form, wording
from domain.form import Field, Sheet
from reports.form.code_lists import CodeLists
from reports.form.conditions import Layout
from reports.form.content import CellValue, FormContent, Row
from reports.form.formats import FACE, Formats
from reports.form.guide_sheet import write_guide
from reports.form.row_colours import colour_rows
from reports.form.self_check import checks
from reports.form.self_check_sheet import write_self_check
from reports.form.totals_sheet import write_totals
from reports.form.validation import validation

_NOT_SUMMED = ("stt", "unit_value", "bhyt_pct", "ntm_year")
"""Numeric fields whose sum means nothing."""
_KEPT_IN_SIGHT = {"activities": "description"}
"""Up to which column a table stays in sight; the others up to the village's name."""
_FIELD = re.compile(r"\[(\w+)\]")
_LINE_HEIGHT, _LINES_OF_A_ROW = 16, 3
_ROWS_WITH_SUMS = 9
"""So many blank rows show their sum, which fills the rest of a printed page; those below are summed in sheet 06 alone."""
_SIDES, _ENDS = 0.2, 0.5
"""Margins in inches: the less, the larger the letters."""


def write_form(content: FormContent) -> bytes:
    """The workbook; the same content gives the same bytes."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    # Columns are as wide as so many figures of this face: any other may be missing, and be replaced by a wider one.
    # A copy, for xlsxwriter writes into it.
    book = xlsxwriter.Workbook(buffer, options | {"default_format_properties": dict(FACE)})
    created, version = datetime.combine(content.window.first_day, time()), content.form.version
    book.set_properties({"title": f"Biểu mẫu {version}", "subject": content.unit.name, "created": created})
    for name, value in (
        (form.PROPERTY_FORM, version),
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
        self._guide = book.add_worksheet(form.GUIDE_SHEET) if content.form.in_words else None
        sheets = [*content.form.sheets, *content.form.shown]
        self._worksheets = {sheet.table: book.add_worksheet(sheet.name) for sheet in sheets}
        self._self_check = book.add_worksheet(form.SELF_CHECK_SHEET) if content.rules else None
        self._lists = CodeLists(book.add_worksheet(form.CODE_LIST_SHEET), self._formats)

    def write(self) -> None:
        content = self._content
        if self._guide is not None:
            write_guide(self._guide, self._formats, content)
        for sheet in content.form.sheets:
            self._write_heading(sheet, self._worksheets[sheet.table])
            if sheet.table in form.KEY_VALUE_TABLES:
                self._write_key_values(sheet, self._worksheets[sheet.table])
            else:
                self._write_ledger(sheet, self._worksheets[sheet.table])
        for sheet in content.form.shown:
            self._write_heading(sheet, self._worksheets[sheet.table])
            write_totals(self._worksheets[sheet.table], self._formats, content, self._range)
        if self._self_check is not None:
            write_self_check(
                self._self_check,
                self._formats,
                checks(content.rules, Layout(content.form, content.window, self._range, self._lists.range_of)),
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
            is_table = sheet.table not in form.KEY_VALUE_TABLES
            worksheet.write_string(3, 6 if is_table else 2, form.SAMPLE_MARK, formats.mark)
        worksheet.write_string(4, 0, f"Biểu mẫu {content.form.version}", formats.italic)
        worksheet.freeze_panes(form.FIRST_ROW - 1, self._columns_in_sight(sheet))
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.set_margins(left=_SIDES, right=_SIDES, top=_ENDS, bottom=_ENDS)
        worksheet.fit_to_pages(1, 0)
        worksheet.repeat_rows(form.HEADER_ROW - 1, form.HEADER_ROW)
        worksheet.set_footer("&L&12&A&R&12Trang &P/&N")
        worksheet.set_zoom(85)
        worksheet.protect(
            "", {"format_columns": True, "format_rows": True, "insert_rows": True, "sort": True, "autofilter": True}
        )

    def _columns_in_sight(self, sheet: Sheet) -> int:
        last = _KEPT_IN_SIGHT.get(sheet.table, "village_name")
        names = [each.name for each in sheet.fields]
        return names.index(last) + 1 if self._content.form.in_words and last in names else 0

    def _write_key_values(self, sheet: Sheet, worksheet: Worksheet) -> None:
        """One field a row: its caption, its value, and what is expected."""
        formats, is_statement = self._formats, sheet.table == form.STATEMENT.table
        worksheet.set_column(0, 0, 46)
        worksheet.set_column(1, 1, 40 if is_statement else 90)
        worksheet.set_column(2, 2, 62 if is_statement else 30)
        for column, caption in enumerate((form.KEY_CAPTION, form.VALUE_CAPTION, form.HINT_CAPTION)):
            worksheet.write_string(form.HEADER_ROW - 1, column, caption, formats.caption)
            worksheet.write_string(form.HEADER_ROW, column, "AB1"[column], formats.numbering)
        known = self._content.statement_values() if is_statement else {}
        for row, field in enumerate(sheet.fields, start=form.FIRST_ROW - 1):
            worksheet.write_string(row, 0, field.caption, formats.label)
            worksheet.set_row(row, 22 if is_statement else 90)
            cell_format = formats.of_value(field) if is_statement else formats.long_text
            self._write_cell(worksheet, row, 1, known.get(field.name), cell_format)
            hint = field.hint or ("Bắt buộc" if field.required and not field.locked else "")
            worksheet.write_string(row, 2, hint, formats.hint)
            self._validate(worksheet, field, row, row, 1)

    def _write_ledger(self, sheet: Sheet, worksheet: Worksheet) -> None:
        """One field a column, below it the rows to fill in."""
        rows, is_roster = self._content.sheet_rows(sheet), sheet.table in _WITH_ROWS
        first, last = form.FIRST_ROW - 1, form.FIRST_ROW - 2 + max(len(rows), 1)
        worksheet.set_row(form.HEADER_ROW - 1, 78)
        for row, values in enumerate(rows, start=first):
            lines = _lines(sheet, values)
            if is_roster and lines > 1:
                worksheet.set_row(row, _LINE_HEIGHT * lines)
            elif self._content.form.in_words and not is_roster:
                worksheet.set_row(row, _LINE_HEIGHT * max(lines, _LINES_OF_A_ROW))
        for column, field in enumerate(sheet.fields):
            worksheet.set_column(column, column, field.width)
            worksheet.write_string(form.HEADER_ROW - 1, column, field.caption, self._formats.of_caption(field))
            worksheet.write_string(form.HEADER_ROW, column, _column_number(column), self._formats.numbering)
            note = " ".join(filter(None, (f"Nhận {field.expected}.", f"{field.hint}." if field.hint else "")))
            worksheet.write_comment(form.HEADER_ROW - 1, column, note, {"x_scale": 2})
            for row, values in enumerate(rows, start=first):
                value = values.get(field.name)
                is_shown = is_roster and bool(values)
                look = self._formats.of_row_cell(field, is_standing=is_shown, is_known=value is not None)
                if field.computed and (values or row < first + _ROWS_WITH_SUMS):
                    self._write_computed(worksheet, sheet, field, row, column, value, look)
                elif not field.computed:
                    self._write_cell(worksheet, row, column, value, look)
            self._validate(worksheet, field, first, last, column, self._group_cell(sheet, first))
        if not is_roster:
            colour_rows(worksheet, self._formats, self._lists, sheet, first, last)
        if sheet is form.CONTROL_TOTALS:
            self._write_computed_totals(worksheet, rows)
        if not self._content.form.in_words:
            self._write_closing(sheet, worksheet, first, last)

    def _write_computed(
        self, worksheet: Worksheet, sheet: Sheet, field: Field, row: int, column: int, value: CellValue, look: Format
    ) -> None:
        """The formula of a cell that the workbook computes; it shows nothing until there is something to compute with."""
        places = {each.name: xl_rowcol_to_cell(row, at) for at, each in enumerate(sheet.fields)}
        named = list(dict.fromkeys(_FIELD.findall(field.computed)))
        needed = len(named) if all(sheet.field(name).required for name in named) else 1
        sum_ = _FIELD.sub(lambda found: places[found[1]], field.computed)
        filled = f"COUNT({','.join(places[name] for name in named)})"
        formula = f'=IF({filled}<{needed},"",IFERROR({sum_},""))'
        shown = float(value) if isinstance(value, int | float | Decimal) else ""
        worksheet.write_formula(row, column, formula, look, shown)

    def _group_cell(self, sheet: Sheet, row: int) -> str:
        """Where a row of the sheet says its group of activities, if the lists depend on it."""
        names = [each.name for each in sheet.fields]
        if not self._content.form.in_words or "activity_code" not in names:
            return ""
        return str(xl_rowcol_to_cell(row, names.index("activity_code"), col_abs=True))

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
        """The absolute range of a column, over every row that can be written in; or the one cell of a key."""
        sheet = self._content.form.sheet_by_table[table]
        names = [each.name for each in sheet.fields]
        if table in form.KEY_VALUE_TABLES:
            row = form.FIRST_ROW - 1 + names.index(name)
            return f"'{sheet.name}'!{xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)}"
        last = form.FIRST_ROW - 2 + max(len(self._content.sheet_rows(sheet)), 1)
        column = len(sheet.fields) + 1 if name == "previous_cumulative_vnd" else names.index(name)
        return f"'{sheet.name}'!{xl_range_abs(form.FIRST_ROW - 1, column, last, column)}"

    def _write_cell(self, worksheet: Worksheet, row: int, column: int, value: CellValue, cell_format: Format) -> None:
        match value:
            case None:
                worksheet.write_blank(row, column, None, cell_format)
            case date():
                worksheet.write_datetime(
                    row, column, datetime.combine(value, time()), self._formats.as_day(cell_format)
                )
            case str():
                worksheet.write_string(row, column, value, cell_format)
            case _:
                worksheet.write_number(row, column, float(value), cell_format)

    def _validate(
        self, worksheet: Worksheet, field: Field, first: int, last: int, column: int, group_cell: str = ""
    ) -> None:
        if field.computed:
            return
        options = validation(field, self._content, self._lists, group_cell)
        if options:
            worksheet.data_validation(first, column, last, column, options)


_WITH_ROWS = ("households", "politics_security", "control_totals")
"""Tables whose rows stand there from the start; in the others a clerk begins a row."""


def _lines(sheet: Sheet, values: Row) -> int:
    """Over how many lines the longest text of a row runs."""
    texts = [(len(value), field.width) for field in sheet.fields if isinstance(value := values.get(field.name), str)]
    return max((-(-letters // (width - 1)) for letters, width in texts), default=1)


def _column_number(column: int) -> str:
    """A, B for the columns that name a row, then counted from 1."""
    return "AB"[column] if column < 2 else str(column - 1)
