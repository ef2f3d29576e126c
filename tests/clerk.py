"""A clerk at the form of a month: writes into cells by their captions, as the form has them, and counts what was typed."""

import io
from datetime import date, timedelta
from typing import Any

import openpyxl

from domain import form
from domain.form import column_letter
from domain.kn_02 import KN_02

STOCKS = {
    "households": {
        "households": 120, "persons": 520, "hh_dtts": 110, "poor_open": 20, "nearpoor_open": 15, "ntm": "Không",
    },
    "politics_security": {"party_cells_dtts": 1, "party_members": 14, "security_models": 1},
}  # fmt: skip
"""What later forms carry; the first month it is written by hand."""
PEOPLE = {
    "preparer_name": "Rơ Châm H’Ly", "preparer_phone": "02693000000", "approver_name": "Nguyễn Văn A",
    "approver_title": "Phó Chủ tịch",
}  # fmt: skip
ACTIVITIES: tuple[dict[str, Any], ...] = (
    {"activity_code": "Quà Tết Nguyên đán", "quantity": 20, "quantity_unit": "suất", "cash_vnd": 10_000_000},
    {"activity_code": "Hỗ trợ thẻ bảo hiểm y tế", "quantity": 15, "quantity_unit": "thẻ", "cash_vnd": 18_954_000},
    {"activity_code": "Hỗ trợ sinh kế", "quantity": 4, "quantity_unit": "hộ", "cash_vnd": 18_000_000},
    {"activity_code": "Nhà ở sửa chữa", "quantity": 1, "quantity_unit": "căn", "cash_vnd": 25_000_000},
    {"activity_code": "Thăm hỏi", "quantity": 6, "quantity_unit": "hộ", "cash_vnd": 3_000_000},
    {"activity_code": "Quà dịp khác", "quantity": 10, "quantity_unit": "suất", "cash_vnd": 5_000_000},
)
"""Six activities of a month, each for households: what most is asked of."""


class Clerk:
    """Fills in a form by another program than ours; `typed` are the cells written into."""

    def __init__(self, content: bytes) -> None:
        self.book = openpyxl.load_workbook(io.BytesIO(content))
        self.typed: list[tuple[str, str]] = []

    def write(self, table: str, field: str, value: Any, row: int = 0) -> None:
        """Write into the cell of a field: of a row, or of its line in a sheet of keys."""
        cell = self.cell(table, field, row)
        self.book[KN_02.sheet_by_table[table].name][cell] = value
        self.typed.append((KN_02.sheet_by_table[table].name, cell))

    def cell(self, table: str, field: str, row: int = 0) -> str:
        """Where a field stands."""
        names = [each.name for each in KN_02.sheet_by_table[table].fields]
        if table in form.KEY_VALUE_TABLES:
            return f"B{form.FIRST_ROW + names.index(field)}"
        return f"{column_letter(names.index(field) + 1)}{row}"

    def saved(self) -> bytes:
        """The workbook as it is sent."""
        buffer = io.BytesIO()
        self.book.save(buffer)
        return buffer.getvalue()

    def write_month(self, villages: list[str], partners: list[str], first_day: date) -> None:
        """The month of the model commune: two villages, six activities, every count and every word."""
        for place, row in enumerate(ACTIVITIES):
            count = row["quantity"]
            households = {
                "hh_total": count,
                "hh_poor": count // 2,
                "hh_nearpoor": count // 4,
                "hh_dtts": count - count // 9,
            }
            told = {
                "activity_date": first_day + timedelta(days=3 + place), "village_id": villages[place % 2], "org_id": partners[place % 2],
                "funding_source": "Xã hội hóa", "status": "Hoàn thành", **row, **households,
            }  # fmt: skip
            for field, value in told.items():
                self.write("activities", field, value, form.FIRST_ROW + place)
        for place in range(2):
            for prefix in ("poor", "nearpoor"):
                for step, value in (("exit", 1), ("relapse", 0), ("new", 0), ("other", 0), ("dtts_close", 10)):
                    self.write("households", f"{prefix}_{step}", value, form.FIRST_ROW + place)
            for field in KN_02.sheet_by_table["politics_security"].fields:
                if not field.locked and not field.carried:
                    self.write("politics_security", field.name, 1, form.FIRST_ROW + place)
        for field in form.NARRATIVE.fields:
            self.write("narrative", field.name, "Đơn vị kết nghĩa phối hợp tốt với cấp ủy, chính quyền địa phương.")
        counts = [row["quantity"] for row in ACTIVITIES]
        money = sum(row["cash_vnd"] for row in ACTIVITIES)
        for name, value in (("activities", len(ACTIVITIES)), ("households", sum(counts)), ("value_vnd", money)):
            self.write("statement", f"control_{name}", value)

    def write_what_is_carried(self, villages: int) -> None:
        """In a first month, what later forms come with."""
        for name, value in PEOPLE.items():
            self.write("statement", name, value)
        for table, stocks in STOCKS.items():
            for place in range(villages):
                for name, value in stocks.items():
                    self.write(table, name, value, form.FIRST_ROW + place)
