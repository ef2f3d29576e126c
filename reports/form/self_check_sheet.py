"""The sheet “TỰ KIỂM TRA”: what is wrong by the province's own rules, counted live; and what only the province checks."""

from collections.abc import Sequence

from xlsxwriter.worksheet import Worksheet

from domain import form
from reports.form.formats import Formats
from reports.form.self_check import Check

_COLUMNS = (
    ("Mã", 22),
    ("Mức", 10),
    ("Sheet", 16),
    ("Kiểm tra", 60),
    ("Số dòng sai", 20),
    ("Dòng đầu tiên", 14),
    ("Cách sửa", 60),
)


def write_self_check(
    worksheet: Worksheet, formats: Formats, checks: Sequence[Check], *, knows_previous_month: bool
) -> None:
    """A line for each check; what compares with the month before is counted only where that is known."""
    head = form.HEADER_ROW - 1
    last = head + len(checks)
    worksheet.write_string(0, 0, form.SELF_CHECK_SHEET, formats.title)
    errors = f'=SUMIFS(E{head + 2}:E{last + 1},B{head + 2}:B{last + 1},"Lỗi")'
    worksheet.write_string(1, 0, "Số chỗ sai phải sửa trước khi gửi:", formats.plain)
    worksheet.write_formula(1, 4, errors, formats.total, 0)
    worksheet.write_string(2, 0, "Dòng ghi “kiểm tra tại tỉnh” cần danh bạ hoặc số liệu kỳ trước.", formats.italic)
    for column, (caption, width) in enumerate(_COLUMNS):
        worksheet.set_column(column, column, width)
        worksheet.write_string(head, column, caption, formats.caption)
    for row, check in enumerate(checks, start=head + 1):
        level = check.severity.label.capitalize()
        for column, text in ((0, check.code), (1, level), (2, check.sheet), (3, check.title), (6, check.remedy)):
            worksheet.write_string(row, column, text, formats.plain)
        if check.count and (knows_previous_month or check.code != "W-CUM"):
            worksheet.write_formula(row, 4, check.count, formats.total, 0)
            worksheet.write_formula(row, 5, f'=IF(E{row + 1}>0,{check.first_row},"")', formats.plain, "")
        else:
            worksheet.write_string(row, 4, "kiểm tra tại tỉnh", formats.italic)
    worksheet.conditional_format(
        head + 1, 4, last, 4, {"type": "cell", "criteria": ">", "value": 0, "format": formats.mark}
    )
    worksheet.freeze_panes(head + 1, 0)
    worksheet.protect()
