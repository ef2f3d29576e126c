"""The sheet of code lists: in words, to look things up, and in hidden columns, for the drop-down lists of other sheets."""

from collections.abc import Sequence
from functools import cached_property

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from domain import codes, form
from domain.codes import Choice
from reports.form.content import FormContent
from reports.form.formats import Formats

_FIRST_LIST_COLUMN = 8
_MOST_UNITS = max(len(activity.quantity_units) for activity in codes.ACTIVITIES)
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


class CodeLists:
    """The sheet, and where on it each list stands."""

    def __init__(self, sheet: Worksheet, formats: Formats) -> None:
        self._sheet, self._formats = sheet, formats
        self._ranges: dict[tuple[str, ...], str] = {}
        self._next_column = _FIRST_LIST_COLUMN

    def range_of(self, values: tuple[str, ...]) -> str:
        """Where the list stands; each list is written once, when it is first asked for."""
        if values not in self._ranges:
            column = self._take_columns(1)
            for row, value in enumerate(values):
                self._sheet.write_string(row, column, value, self._formats.plain)
            self._ranges[values] = _at(0, column, len(values) - 1, column)
        return self._ranges[values]

    def units_of(self, group_cell: str) -> str:
        """The formula of the units of quantity that the group named in a cell is counted in."""
        names = self.range_of(tuple(activity.name for activity in codes.ACTIVITIES))
        first, sizes = self._units
        place = f"MATCH({group_cell},{names},0)"
        return f"OFFSET({first},{place}-1,0,1,INDEX({sizes},{place}))"

    @cached_property
    def _units(self) -> tuple[str, str]:
        """The units of quantity, a row for each group: where the first stands, and where it is said how many there are."""
        sizes, first = self._take_columns(1), self._take_columns(_MOST_UNITS)
        for row, activity in enumerate(codes.ACTIVITIES):
            self._sheet.write_number(row, sizes, len(activity.quantity_units), self._formats.plain)
            for place, unit in enumerate(activity.quantity_units):
                self._sheet.write_string(row, first + place, unit, self._formats.plain)
        return _at(0, first, 0, first), _at(0, sizes, len(codes.ACTIVITIES) - 1, sizes)

    def _take_columns(self, count: int) -> int:
        """The first of so many hidden columns that nothing stands in yet."""
        column = self._next_column
        self._next_column += count
        self._sheet.set_column(column, self._next_column - 1, None, None, {"hidden": True})
        return column

    def write_names(self, content: FormContent) -> None:
        """The code lists in words, and the unit's villages with their partners, to look things up."""
        sheet, formats = self._sheet, self._formats
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 48)
        sheet.set_column(2, 2, 60)
        lines: list[tuple[str, str, str]] = [("DANH MỤC", f"Biểu mẫu {content.form.version}", "")]
        lines += [("Nhóm hoạt động", "Mã", "Đơn vị tính được dùng")]
        lines += [(entry.name, entry.code, ", ".join(entry.quantity_units)) for entry in codes.ACTIVITIES]
        for title, choices in _CODE_LISTS:
            lines += [("", "", ""), (title, "Mã", "")]
            lines += [(choice.name, choice.code, "") for choice in choices]
        lines += [("", "", ""), ("Thôn, làng của đơn vị", "Mã", "Đơn vị kết nghĩa")]
        for village in content.villages:
            partners = content.partners.get(village.village_id, ())
            lines += [(village.name, village.village_id, "; ".join(partner.name for partner in partners))]
        for row, line in enumerate(lines):
            is_heading = line[1] == "Mã"
            for column, text in enumerate(line):
                cell_format = formats.title if row == 0 else formats.caption if is_heading and text else formats.wrapped
                sheet.write_string(row, column, text, cell_format)
        sheet.set_portrait()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, len(lines) - 1, 2)
        sheet.protect()


def _at(first_row: int, first_column: int, last_row: int, last_column: int) -> str:
    return f"{form.CODE_LIST_SHEET}!{xl_range_abs(first_row, first_column, last_row, last_column)}"
