"""The sheet “TỰ KIỂM TRA”: what is wrong by the province's own rules, and nothing else; it counts live.

The rules stand in hidden columns, each with the formulas that count its broken rows; the lines that a clerk sees look up
the first, the second, … rule that is broken.
"""

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from domain import form
from domain.findings import Severity
from reports.form.formats import Formats
from reports.form.self_check import Check

_SEEN = (
    ("Mức", 10, "level"),
    ("Sheet", 16, "sheet"),
    ("Dòng đầu tiên", 10, "first_row"),
    ("Số dòng", 10, "count"),
    ("Chỗ sai", 56, "title"),
    ("Cách sửa", 80, "remedy"),
    ("Mã", 20, "code"),
)
"""Captions and widths of the columns that a clerk sees, and what each shows of a broken rule."""
_COUNTED = ("place", "count", "first_row", "level", "sheet", "title", "remedy", "code")
"""The hidden columns: which of the broken rules this is, and what is known of the rule."""
_HIDDEN_FROM = len(_SEEN) + 1
_LINE_HEIGHT = 31
"""Two lines: a row does not grow with what a formula brings."""
_LINES = 40
"""So many broken rules are shown at once; the others follow when these are mended."""


def write_self_check(
    worksheet: Worksheet, formats: Formats, checks: Sequence[Check], *, knows_previous_month: bool
) -> None:
    """The broken rules; what compares with the month before is counted only where that is known."""
    counted = [check for check in checks if check.count and (knows_previous_month or check.code != "W-CUM")]
    head = form.HEADER_ROW - 1
    last = head + len(counted)
    column = {name: _HIDDEN_FROM + place for place, name in enumerate(_COUNTED)}
    ranges = {name: f"${xl_col_to_name(at)}${head + 2}:${xl_col_to_name(at)}${last + 1}" for name, at in column.items()}
    worksheet.write_string(0, 0, form.SELF_CHECK_SHEET, formats.title)
    for row, (text, severity) in enumerate(
        (("Số chỗ phải sửa trước khi gửi:", Severity.ERROR), ("Số chỗ cần xem lại:", Severity.WARNING)), start=1
    ):
        worksheet.write_string(row, 0, text, formats.plain)
        total = f'=SUMIFS({ranges["count"]},{ranges["level"]},"{severity.label.capitalize()}")'
        # Without a value from us every program computes its own, also one that trusts what a file says.
        worksheet.write_formula(row, 3, total, formats.found, "")
    others = len(checks) - len(counted)
    left = f"{others} điều khác cần danh bạ hoặc số liệu kỳ trước, cấp tỉnh kiểm tra khi nhận tệp."
    worksheet.write_string(3, 0, left, formats.italic)
    _write_lines(worksheet, formats, head, ranges)
    _write_rules(worksheet, formats, counted, head, column)
    worksheet.set_column(_HIDDEN_FROM, _HIDDEN_FROM + len(_COUNTED) - 1, None, None, {"hidden": True})
    worksheet.freeze_panes(head + 1, 0)
    worksheet.set_landscape()
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.print_area(0, 0, head + _LINES, len(_SEEN) - 1)
    worksheet.protect("", {"format_columns": True, "format_rows": True})


def _write_lines(worksheet: Worksheet, formats: Formats, head: int, ranges: dict[str, str]) -> None:
    """The lines that are seen: the first broken rule, the second, and so on."""
    for at, (caption, width, _) in enumerate(_SEEN):
        worksheet.set_column(at, at, width)
        worksheet.write_string(head, at, caption, formats.caption)
    for number in range(1, _LINES + 1):
        worksheet.set_row(head + number, _LINE_HEIGHT)
    for at, (_, _, shown) in enumerate(_SEEN):
        for number in range(1, _LINES + 1):
            found = f'IFERROR(INDEX({ranges[shown]},MATCH({number},{ranges["place"]},0)),"")'
            worksheet.write_formula(head + number, at, f"={found}", formats.wrapped, "")


def _write_rules(
    worksheet: Worksheet, formats: Formats, checks: Sequence[Check], head: int, column: dict[str, int]
) -> None:
    """The rules with their counts; a broken one is numbered."""
    for row, check in enumerate(checks, start=head + 1):
        count = xl_rowcol_to_cell(row, column["count"])
        above = (
            f"{xl_rowcol_to_cell(head, column['place'], row_abs=True)}:{xl_rowcol_to_cell(row - 1, column['place'])}"
        )
        worksheet.write_formula(row, column["place"], f'=IF({count}>0,MAX({above})+1,"")', formats.plain, "")
        _write_array_formula(worksheet, row, column["count"], check.count, formats, 0)
        first_row = f'IF({count}>0,{check.first_row},"")'
        _write_array_formula(worksheet, row, column["first_row"], first_row, formats, "")
        known = {
            "level": check.severity.label.capitalize(), "sheet": check.sheet, "title": check.title,
            "remedy": check.remedy, "code": check.code,
        }  # fmt: skip
        for name, text in known.items():
            worksheet.write_string(row, column[name], text, formats.plain)


def _write_array_formula(
    worksheet: Worksheet, row: int, column: int, formula: str, formats: Formats, value: float | str
) -> None:
    """A formula over whole columns: before 2021 Excel computes such a one cell by cell only where it is told to."""
    worksheet.write_array_formula(row, column, row, column, f"{{={formula}}}", formats.plain, value)
