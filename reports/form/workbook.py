"""Writes the fill-in workbook of one unit and period: lists, checks, locked headings, its own villages."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from domain import codes, form, wording
from domain.calendar import Window
from domain.codes import Choice
from domain.findings import Rule
from domain.form import CellType, Field, Sheet
from domain.period import Period
from domain.units import Unit
from domain.villages import Partner, Village
from reports.form.self_check import checks

CellValue = str | int | float | Decimal | date | None
Row = Mapping[str, CellValue]
_NUMBER_FORMATS = {
    CellType.WHOLE: "#,##0",
    CellType.MONEY: "#,##0",
    CellType.DECIMAL: "#,##0.###",
    CellType.DAY: "dd/mm/yyyy",
    CellType.TEXT: "@",
    CellType.CODE: "@",
}


@dataclass(frozen=True)
class FormContent:
    """What stands in a form: the unit's own data, and rows already known (none in an empty form)."""

    unit: Unit
    period: Period
    window: Window
    villages: Sequence[Village]
    partners: Mapping[str, Sequence[Partner]]
    statement: Row = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    rules: Mapping[str, Sequence[Rule]] = field(default_factory=dict)
    """What the form checks by itself; without rules it has no such sheet."""
    previous_cumulative: Mapping[str, int] | None = None
    """Last month's accepted cumulative totals by activity; null where none are known."""
    is_sample: bool = False


def form_file_name(unit_code: str, period: Period, revision: int = 1) -> str:
    """The name under which a unit sends its workbook."""
    return f"KN_{unit_code}_{period}_v{revision}.xlsx"


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
        self._book, self._content = book, content
        font = {"font_name": "Times New Roman", "font_size": 11}
        boxed = font | {"border": 1, "valign": "vcenter"}
        self._title = book.add_format({**font, "bold": True, "font_size": 13})
        self._plain = book.add_format(font)
        self._italic = book.add_format({**font, "italic": True})
        self._mark = book.add_format({**font, "bold": True, "font_color": "#B00020"})
        self._caption = book.add_format(
            {**boxed, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E8EDF5"}
        )
        self._numbering = book.add_format({**boxed, "italic": True, "align": "center", "font_size": 9})
        self._total = book.add_format({**boxed, "bold": True, "num_format": "#,##0.###", "bg_color": "#F2F2F2"})
        self._open = {
            kind: book.add_format({**boxed, "locked": False, "num_format": number_format})
            for kind, number_format in _NUMBER_FORMATS.items()
        }
        self._fixed = {
            kind: book.add_format({**boxed, "num_format": number_format, "bg_color": "#F7F7F7"})
            for kind, number_format in _NUMBER_FORMATS.items()
        }
        self._bold = book.add_format({**font, "bold": True, "align": "center"})
        self._lists: dict[tuple[str, ...], str] = {}
        self._list_columns = 0
        self._worksheets: dict[str, Worksheet] = {}

    def write(self) -> None:
        for sheet in form.SHEETS:
            self._worksheets[sheet.table] = self._book.add_worksheet(sheet.name)
        self_check = self._book.add_worksheet(form.SELF_CHECK_SHEET) if self._content.rules else None
        self._code_lists = self._book.add_worksheet(form.CODE_LIST_SHEET)
        for sheet in form.SHEETS:
            if sheet in form.KEY_VALUE_SHEETS:
                self._write_key_values(sheet, self._worksheets[sheet.table])
            else:
                self._write_ledger(sheet, self._worksheets[sheet.table])
        if self_check is not None:
            self._write_self_check(self_check)
        self._write_code_names()
        self._code_lists.protect()

    def _write_heading(self, sheet: Sheet, worksheet: Worksheet) -> None:
        content = self._content
        days = f"{wording.short_day(content.window.first_day)} - {wording.short_day(content.window.last_day)}"
        worksheet.write_string(0, 0, sheet.title, self._title)
        worksheet.write_string(1, 0, f"Kỳ báo cáo: {content.period.words()} ({days})", self._plain)
        worksheet.write_string(2, 0, f"Đơn vị: {content.unit.name} (mã {content.unit.code})", self._plain)
        money = f"Đơn vị tính: đồng, trừ khi ghi khác ở sheet {form.STATEMENT.name}"
        worksheet.write_string(3, 0, money, self._italic)
        if content.is_sample:
            worksheet.write_string(3, 6 if sheet in form.LEDGERS else 2, form.SAMPLE_MARK, self._mark)
        worksheet.write_string(4, 0, f"Biểu mẫu {codes.FORM_VERSION}", self._italic)
        worksheet.freeze_panes(form.FIRST_ROW - 1, 0)
        worksheet.set_landscape()
        worksheet.set_paper(9)
        worksheet.fit_to_pages(1, 0)
        worksheet.repeat_rows(form.HEADER_ROW - 1, form.HEADER_ROW)
        worksheet.protect(
            "", {"format_columns": True, "format_rows": True, "insert_rows": True, "sort": True, "autofilter": True}
        )

    def _write_key_values(self, sheet: Sheet, worksheet: Worksheet) -> None:
        self._write_heading(sheet, worksheet)
        worksheet.set_column(0, 0, 30)
        worksheet.set_column(1, 1, 44 if sheet is form.STATEMENT else 100)
        worksheet.set_column(2, 2, 70)
        for column, caption in enumerate((form.KEY_CAPTION, form.VALUE_CAPTION, form.HINT_CAPTION)):
            worksheet.write_string(form.HEADER_ROW - 1, column, caption, self._caption)
            worksheet.write_string(form.HEADER_ROW, column, "AB1"[column], self._numbering)
        known = self._statement() if sheet is form.STATEMENT else {}
        wrapped = self._book.add_format(
            {"font_name": "Times New Roman", "locked": False, "border": 1, "text_wrap": True, "valign": "top"}
        )
        for row, field_ in enumerate(sheet.fields, start=form.FIRST_ROW - 1):
            worksheet.write_string(row, 0, field_.caption, self._caption)
            cell_format = self._open[field_.type] if sheet is form.STATEMENT else wrapped
            if sheet is not form.STATEMENT:
                worksheet.set_row(row, 90)
            self._write_cell(worksheet, row, 1, field_, known.get(field_.name), cell_format)
            hint = field_.hint or ("Bắt buộc" if field_.required else "")
            worksheet.write_string(row, 2, hint, self._italic)
            self._validate(worksheet, field_, row, row, 1)

    def _write_ledger(self, sheet: Sheet, worksheet: Worksheet) -> None:
        self._write_heading(sheet, worksheet)
        rows = self._rows(sheet)
        first, last = form.FIRST_ROW - 1, form.FIRST_ROW - 2 + max(len(rows), 1)
        worksheet.set_row(form.HEADER_ROW - 1, 48)
        for column, field_ in enumerate(sheet.fields):
            worksheet.set_column(column, column, field_.width)
            worksheet.write_string(form.HEADER_ROW - 1, column, field_.caption, self._caption)
            worksheet.write_string(form.HEADER_ROW, column, _column_number(column), self._numbering)
            note = " ".join(filter(None, (f"Nhận {field_.expected}.", f"{field_.hint}." if field_.hint else "")))
            worksheet.write_comment(form.HEADER_ROW - 1, column, note, {"x_scale": 2})
            is_fixed = field_.prefilled and sheet.table in form.ROSTERS and not sheet.blank_rows
            formats = self._fixed if is_fixed else self._open
            for offset, values in enumerate(rows):
                self._write_cell(
                    worksheet, first + offset, column, field_, values.get(field_.name), formats[field_.type]
                )
            self._validate(worksheet, field_, first, last, column)
        if sheet is form.CONTROL_TOTALS:
            self._write_computed_totals(worksheet, rows)
        self._write_closing(sheet, worksheet, first, last)

    def _write_closing(self, sheet: Sheet, worksheet: Worksheet, first: int, last: int) -> None:
        """The row of totals and the places for signatures, which the reader passes over."""
        below = last + 1
        if sheet in (form.ACTIVITIES, form.HOUSEHOLDS, form.CONTROL_TOTALS):
            for column, field_ in enumerate(sheet.fields):
                if field_.type in form.NUMERIC and field_.name not in ("stt", "unit_value", "bhyt_pct", "ntm_year"):
                    span = f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)}"
                    total = sum(Decimal(str(row.get(field_.name) or 0)) for row in self._rows(sheet))
                    worksheet.write_formula(below, column, f"=SUM({span})", self._total, float(total))
                else:
                    worksheet.write_string(below, column, "", self._total)
            worksheet.write_string(below, 1, "Tổng cộng", self._total)
            below += 1
        worksheet.write_string(below + 1, 2, "Người lập biểu", self._bold)
        worksheet.write_string(below + 1, min(8, len(sheet.fields) - 1), "Thủ trưởng đơn vị", self._bold)

    def _write_computed_totals(self, worksheet: Worksheet, rows: Sequence[Row]) -> None:
        """Beside the typed totals, what sheet 02 adds up to and what was reported before: a gap shows at once."""
        summed, previous = (len(form.CONTROL_TOTALS.fields) + place for place in (0, 1))
        for column, caption in ((summed, form.SUMMED_CAPTION), (previous, form.PREVIOUS_CAPTION)):
            worksheet.set_column(column, column, 18)
            worksheet.write_string(form.HEADER_ROW - 1, column, caption, self._caption)
        activity, value = (self._range("activities", name) for name in ("activity_code", "value_total_vnd"))
        for row, values in enumerate(rows, start=form.FIRST_ROW - 1):
            code = xl_rowcol_to_cell(row, 1)
            worksheet.write_formula(
                row, summed, f"=SUMIFS({value},{activity},{code})", self._total, values.get("value_total_vnd") or 0
            )
            if self._content.previous_cumulative is not None:
                known = self._content.previous_cumulative.get(str(values.get("activity_code")), 0)
                worksheet.write_number(row, previous, known, self._total)

    def _range(self, table: str, name: str) -> str:
        """The absolute range of a column, over every row that can be written in."""
        sheet = form.SHEET_BY_TABLE[table]
        if name == "previous_cumulative_vnd":
            column = len(sheet.fields) + 1
        else:
            column = [each.name for each in sheet.fields].index(name)
        last = form.FIRST_ROW - 2 + max(len(self._rows(sheet)), 1)
        return f"'{sheet.name}'!{xl_range_abs(form.FIRST_ROW - 1, column, last, column)}"

    def _write_self_check(self, worksheet: Worksheet) -> None:
        """What is wrong by the province's own rules, counted live; and what only the province can check."""
        found = checks(self._content.rules, self._content.window, self._range, self._choices_range)
        worksheet.write_string(0, 0, form.SELF_CHECK_SHEET, self._title)
        head = form.HEADER_ROW - 1
        last = head + len(found)
        errors = f'=SUMIFS(E{head + 2}:E{last + 1},B{head + 2}:B{last + 1},"Lỗi")'
        worksheet.write_string(1, 0, "Số chỗ sai phải sửa trước khi gửi:", self._plain)
        worksheet.write_formula(1, 4, errors, self._total, 0)
        worksheet.write_string(2, 0, "Dòng ghi “kiểm tra tại tỉnh” cần danh bạ hoặc số liệu kỳ trước.", self._italic)
        columns = (
            ("Mã", 22),
            ("Mức", 10),
            ("Sheet", 16),
            ("Kiểm tra", 60),
            ("Số dòng sai", 20),
            ("Dòng đầu tiên", 14),
            ("Cách sửa", 60),
        )
        for column, (caption, width) in enumerate(columns):
            worksheet.set_column(column, column, width)
            worksheet.write_string(head, column, caption, self._caption)
        for row, check in enumerate(found, start=head + 1):
            level = check.severity.words.capitalize()
            for column, text in ((0, check.code), (1, level), (2, check.sheet), (3, check.title), (6, check.remedy)):
                worksheet.write_string(row, column, text, self._plain)
            is_known = self._content.previous_cumulative is not None or check.code != "W-CUM"
            if check.count and is_known:
                worksheet.write_formula(row, 4, check.count, self._total, 0)
                worksheet.write_formula(row, 5, f'=IF(E{row + 1}>0,{check.first_row},"")', self._plain, "")
            else:
                worksheet.write_string(row, 4, "kiểm tra tại tỉnh", self._italic)
        worksheet.conditional_format(
            head + 1, 4, last, 4, {"type": "cell", "criteria": ">", "value": 0, "format": self._mark}
        )
        worksheet.freeze_panes(head + 1, 0)
        worksheet.protect()

    def _choices_range(self, table: str, name: str) -> str:
        """Where the list of a field's codes stands."""
        choices = form.SHEET_BY_TABLE[table].field(name).choices
        return self._list_range(tuple(choice.code for choice in choices)).removeprefix("=")

    def _statement(self) -> dict[str, CellValue]:
        content = self._content
        known: dict[str, CellValue] = {
            "unit_code": content.unit.code,
            "unit_name": content.unit.name,
            "period": str(content.period),
            "date_from": content.window.first_day,
            "date_to": content.window.last_day,
            "revision": 1,
            "submission_kind": codes.OFFICIAL,
            "money_unit": "DONG",
            "nil_return": "Không",
            "form_version": codes.FORM_VERSION,
        }
        return known | dict(content.statement)

    def _rows(self, sheet: Sheet) -> Sequence[Row]:
        """The rows that stand in the sheet: what is known, then blank ones to write in."""
        given = list(self._content.rows.get(sheet.table, ()))
        if not given and sheet.table in (form.HOUSEHOLDS.table, form.POLITICS_SECURITY.table):
            given = [
                {"village_id": village.village_id, "village_name": village.name} for village in self._content.villages
            ]
        if sheet is form.CONTROL_TOTALS:
            by_code = {row["activity_code"]: row for row in given}
            given = [
                {"activity_code": activity.code, "activity_name": activity.name} | dict(by_code.get(activity.code, {}))
                for activity in codes.ACTIVITIES
            ]
        numbered = [{"stt": number} | dict(row) for number, row in enumerate(given, start=1)]
        return [*numbered, *({} for _ in range(max(sheet.blank_rows - len(numbered), 0)))]

    def _write_cell(
        self, worksheet: Worksheet, row: int, column: int, field_: Field, value: CellValue, cell_format: Format
    ) -> None:
        match value:
            case None:
                worksheet.write_blank(row, column, None, cell_format)
            case date():
                worksheet.write_datetime(row, column, datetime.combine(value, time()), self._dated(field_, cell_format))
            case str():
                worksheet.write_string(row, column, value, cell_format)
            case _:
                worksheet.write_number(row, column, float(value), cell_format)

    def _dated(self, field_: Field, cell_format: Format) -> Format:
        return cell_format if field_.type is CellType.DAY else self._open[CellType.DAY]

    def _validate(self, worksheet: Worksheet, field_: Field, first: int, last: int, column: int) -> None:
        options = self._validation(field_)
        if options:
            worksheet.data_validation(first, column, last, column, options)

    def _validation(self, field_: Field) -> dict[str, object] | None:
        """The check that Excel makes while the clerk types; a list where there is one."""
        message = {"error_title": "Chưa đúng", "error_message": f"{field_.caption}: {field_.expected}."[:255]}
        if field_.choices:
            source = self._list_range(tuple(choice.code for choice in field_.choices))
            return {"validate": "list", "source": source, **message}
        if field_.name in ("village_id", "org_id"):
            names = self._own_names(field_.name)
            if names:
                return {"validate": "list", "source": self._list_range(names), "error_type": "warning", **message}
        low = field_.minimum if field_.minimum is not None else -(10**9)
        match field_.type:
            case CellType.WHOLE:
                return {"validate": "integer", "criteria": ">=", "value": low, **message}
            case CellType.MONEY:
                return {"validate": "decimal", "criteria": ">=", "value": low, **message}
            case CellType.DECIMAL:
                if field_.maximum is not None:
                    return {
                        "validate": "decimal", "criteria": "between", "minimum": low, "maximum": field_.maximum, **message
                    }  # fmt: skip
                return {"validate": "decimal", "criteria": ">=", "value": low, **message}
            case CellType.DAY if field_.name == "activity_date":
                window = self._content.window
                return {
                    "validate": "date", "criteria": "between", "minimum": window.first_day, "maximum": window.last_day,
                    **message,
                }  # fmt: skip
            case CellType.DAY:
                return {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1), **message}
        return None

    def _own_names(self, field_name: str) -> tuple[str, ...]:
        villages = self._content.villages
        if field_name == "village_id":
            return tuple(village.village_id for village in villages)
        partners = [
            partner.name for village in villages for partner in self._content.partners.get(village.village_id, ())
        ]
        return tuple(dict.fromkeys(partners))

    def _list_range(self, values: tuple[str, ...]) -> str:
        """Where the list stands on the sheet of code lists; each list is written once."""
        if values not in self._lists:
            column = 8 + self._list_columns
            self._list_columns += 1
            for row, value in enumerate(values):
                self._code_lists.write_string(row, column, value, self._plain)
            self._code_lists.set_column(column, column, None, None, {"hidden": True})
            self._lists[values] = f"={form.CODE_LIST_SHEET}!{xl_range_abs(0, column, len(values) - 1, column)}"
        return self._lists[values]

    def _write_code_names(self) -> None:
        """The code lists in words, and the unit's villages with their partners, to look things up."""
        sheet = self._code_lists
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 48)
        sheet.set_column(2, 2, 70)
        lines: list[tuple[str, str, str]] = [("DANH MỤC", f"Biểu mẫu {codes.FORM_VERSION}", "")]
        lines += [("Nhóm hoạt động", "Tên nhóm", "Đơn vị tính được dùng")]
        lines += [(entry.code, entry.name, ", ".join(entry.quantity_units)) for entry in codes.ACTIVITIES]
        for title, choices in _CODE_LISTS:
            lines += [("", "", ""), (title, "", "")]
            lines += [(choice.code, choice.name, "") for choice in choices]
        lines += [("", "", ""), ("Thôn, làng của đơn vị", "Tên", "Đơn vị kết nghĩa")]
        for village in self._content.villages:
            partners = self._content.partners.get(village.village_id, ())
            lines += [(village.village_id, village.name, "; ".join(partner.name for partner in partners))]
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text, self._title if row == 0 else self._plain)


_CODE_LISTS: tuple[tuple[str, Sequence[Choice]], ...] = (
    ("Dịp", codes.OCCASIONS),
    ("Nguồn", codes.FUNDING_SOURCES),
    ("Trạng thái", codes.STATUSES),
    ("Phạm vi", codes.SCOPES),
    ("Loại bản", codes.SUBMISSION_KINDS),
    ("Đơn vị tính tiền", codes.MONEY_UNITS),
    ("Cấp", codes.PARTNER_LEVELS),
    ("Vai trò", codes.PARTNER_ROLES),
)


def _column_number(column: int) -> str:
    """A, B for the columns that name a row, then counted from 1."""
    return "AB"[column] if column < 2 else str(column - 1)
