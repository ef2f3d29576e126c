"""The sheet of code lists: in words, to look things up, and in hidden columns, for the drop-down lists of other sheets."""

from collections.abc import Sequence

from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from domain import codes, form
from domain.codes import Choice
from reports.form.content import FormContent
from reports.form.formats import Formats

_FIRST_LIST_COLUMN = 8
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

    def range_of(self, values: tuple[str, ...]) -> str:
        """Where the list stands; each list is written once, when it is first asked for."""
        if values not in self._ranges:
            column = _FIRST_LIST_COLUMN + len(self._ranges)
            for row, value in enumerate(values):
                self._sheet.write_string(row, column, value, self._formats.plain)
            self._sheet.set_column(column, column, None, None, {"hidden": True})
            self._ranges[values] = f"{form.CODE_LIST_SHEET}!{xl_range_abs(0, column, len(values) - 1, column)}"
        return self._ranges[values]

    def write_names(self, content: FormContent) -> None:
        """The code lists in words, and the unit's villages with their partners, to look things up."""
        sheet = self._sheet
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
        for village in content.villages:
            partners = content.partners.get(village.village_id, ())
            lines += [(village.village_id, village.name, "; ".join(partner.name for partner in partners))]
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text, self._formats.title if row == 0 else self._formats.plain)
        sheet.protect()
