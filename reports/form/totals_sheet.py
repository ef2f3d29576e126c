"""Sheet 06 of KN-02: what the workbook comes to, beside the totals of the unit's own book, on one page to be signed."""

from collections.abc import Callable

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from domain import codes, form
from domain.form import CellType
from domain.kn_02 import CONTROLS, PAID, POLITICS_SECURITY, STATEMENT
from reports.form.content import FormContent
from reports.form.formats import Formats

_COLUMNS = (
    ("Nhóm hoạt động", 39),
    ("Số hoạt động", 9),
    ("Số hộ hưởng lợi", 9),
    ("Tiền mặt", 14),
    ("Hiện vật quy đổi", 14),
    ("Tổng trị giá", 14),
    (form.PREVIOUS_CAPTION, 15),
    ("Luỹ kế từ đầu năm", 15),
)
_SIGNED_FROM = 5
"""The column from which the second signature stands."""

RangeOf = Callable[[str, str], str]


def write_totals(worksheet: Worksheet, formats: Formats, content: FormContent, range_of: RangeOf) -> None:
    """The table, the comparison with the unit's book, and the places for signatures; nothing of it is written in.

    No formula has a value from us: every program computes its own, also one that trusts what a file says.
    """
    head, first = form.HEADER_ROW - 1, form.FIRST_ROW - 1
    for column, (caption, width) in enumerate(_COLUMNS):
        worksheet.set_column(column, column, width)
        worksheet.write_string(head, column, caption, formats.caption_shown)
    worksheet.set_row(head, 48)
    group = range_of("activities", "activity_code")
    summed = [range_of("activities", name) for name in ("hh_total", "cash_vnd", "inkind_vnd")]
    paid = range_of("activities", PAID)
    knows_before = content.previous_cumulative is not None
    for row, activity in enumerate(codes.ACTIVITIES, start=first):
        called = (xl_rowcol_to_cell(row, 0, col_abs=True), f'"{activity.code}"')
        households, cash, inkind, spent = (
            "+".join(f"SUMIFS({cells},{group},{each})" for each in called) for cells in (*summed, paid)
        )
        formulas = [
            "+".join(f"COUNTIFS({group},{each})" for each in called), households, f"{cash}+{spent}", inkind,
            f"{xl_rowcol_to_cell(row, 3)}+{xl_rowcol_to_cell(row, 4)}",
        ]  # fmt: skip
        worksheet.write_string(row, 0, activity.name, formats.total)
        for column, formula in enumerate(formulas, start=1):
            worksheet.write_formula(row, column, f"={formula}", formats.total, "")
        before = (content.previous_cumulative or {}).get(activity.code, 0)
        if knows_before:
            worksheet.write_number(row, 6, before, formats.total)
            whole = f"={xl_rowcol_to_cell(row, 5)}+{xl_rowcol_to_cell(row, 6)}"
            worksheet.write_formula(row, 7, whole, formats.total, "")
    last = first + len(codes.ACTIVITIES) - 1
    _write_sums(worksheet, formats, first, last)
    _write_book(worksheet, formats, range_of, last + 3, last + 1)
    below = _write_counts(worksheet, formats, range_of, last + 8)
    below = _write_words(worksheet, formats, range_of, below + 1)
    _write_signatures(worksheet, formats, range_of, below + 1)
    worksheet.set_portrait()
    worksheet.fit_to_pages(1, 1)


def _write_sums(worksheet: Worksheet, formats: Formats, first: int, last: int) -> None:
    worksheet.write_string(last + 1, 0, "Tổng cộng", formats.total)
    for column in range(1, len(_COLUMNS)):
        span = f"{xl_rowcol_to_cell(first, column)}:{xl_rowcol_to_cell(last, column)}"
        worksheet.write_formula(last + 1, column, f"=SUM({span})", formats.total, "")


def _write_book(worksheet: Worksheet, formats: Formats, range_of: RangeOf, row: int, sums: int) -> None:
    """The three totals of the unit's book beside those of the table: a gap shows at once."""
    for column, caption in enumerate(("Đối chiếu với sổ của đơn vị", "Theo sổ", "Theo sheet 02", "Chênh lệch")):
        worksheet.write_string(row, column, caption, formats.caption_shown)
    for place, (name, column) in enumerate(zip(CONTROLS, (1, 2, 5), strict=True), start=1):
        worksheet.write_string(row + place, 0, STATEMENT.field(name).caption, formats.total)
        worksheet.write_formula(row + place, 1, f"=N({range_of('statement', name)})", formats.total, "")
        worksheet.write_formula(row + place, 2, f"={xl_rowcol_to_cell(sums, column)}", formats.total, "")
        gap = f"={xl_rowcol_to_cell(row + place, 1)}-{xl_rowcol_to_cell(row + place, 2)}"
        worksheet.write_formula(row + place, 3, gap, formats.total, "")


def _write_counts(worksheet: Worksheet, formats: Formats, range_of: RangeOf, row: int) -> int:
    """What sheet 04 comes to over all villages; gives the row below."""
    counts = [each for each in POLITICS_SECURITY.fields if each.type is CellType.WHOLE]
    worksheet.write_string(row, 0, "Hệ thống chính trị, an ninh (sheet 04)", formats.caption_shown)
    worksheet.write_string(row, 1, "Cộng", formats.caption_shown)
    for place, field in enumerate(counts, start=1):
        worksheet.write_string(row + place, 0, field.caption, formats.total)
        cells = range_of(POLITICS_SECURITY.table, field.name)
        worksheet.write_formula(row + place, 1, f'=IF(COUNT({cells})=0,"",SUM({cells}))', formats.total, "")
    return row + len(counts) + 1


def _write_words(worksheet: Worksheet, formats: Formats, range_of: RangeOf, row: int) -> int:
    """The words of sheet 05; gives the row below."""
    for place, field in enumerate(form.NARRATIVE.fields):
        words = range_of(form.NARRATIVE.table, field.name)
        worksheet.set_row(row + place, 46)
        worksheet.write_string(row + place, 0, field.caption, formats.total)
        worksheet.merge_range(row + place, 1, row + place, len(_COLUMNS) - 1, "", formats.shown_text)
        worksheet.write_formula(row + place, 1, f'=IF({words}="","",{words})', formats.shown_text, "")
    return row + len(form.NARRATIVE.fields)


def _write_signatures(worksheet: Worksheet, formats: Formats, range_of: RangeOf, row: int) -> None:
    """The places for both signatures, with the names of sheet 00 below."""
    for column, title, field in (
        (0, "NGƯỜI LẬP BIỂU", "preparer_name"),
        (_SIGNED_FROM, "THỦ TRƯỞNG ĐƠN VỊ", "approver_name"),
    ):
        name = range_of(form.STATEMENT.table, field)
        worksheet.write_string(row, column, title, formats.bold)
        worksheet.write_formula(row + 5, column, f'=IF({name}="","",{name})', formats.bold, "")
