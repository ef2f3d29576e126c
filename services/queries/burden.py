"""What is asked of a unit in a year, cell by cell, and which of it no printed figure uses."""

import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from domain import form
from domain.catalogue import INDICATORS
from domain.form import Field, Sheet
from domain.forms import CURRENT
from domain.indicators import Counting
from domain.kn_02 import CONTROLS
from domain.period import Period
from domain.schemas import FACT_TABLES
from services.run import Run
from storage import submissions
from storage.facts import fetch_facts
from transforms.figures.summarise import DIMENSIONS

_MODEL_ROWS = {"activities": 6, "households": 2, "politics_security": 2}
"""A commune with two twinned villages and six activities in the month, each for households."""
_ASKED_OF_SOME = {"hh_total", "hh_poor", "hh_nearpoor", "hh_dtts", "cash_vnd"}
"""Fields that may be blank in other rows, not in these; of the cells of money one is enough."""
_PRINTED_BY_NAME = {
    ("statement", "preparer_name"): "người liên hệ khi phải sửa, in ở đường dẫn nguồn số liệu",
    ("statement", "preparer_phone"): "người liên hệ khi phải sửa",
    ("statement", "approver_name"): "người chịu trách nhiệm, in ở đường dẫn nguồn số liệu",
    ("statement", "approver_title"): "người chịu trách nhiệm",
    ("activities", "description"): "nhận ra dòng khi phải sửa; bắt buộc ở nhóm Hoạt động khác",
    **{("statement", name): "đối chiếu với sheet 02_HoatDong" for name in CONTROLS},
    **{("narrative", each.name): "phần lời của báo cáo, sau khi cấp tỉnh chọn" for each in form.NARRATIVE.fields},
    ("statement", "reason"): "lý do của bản thay thế, đính chính trong phụ lục số liệu thay đổi",
    ("statement", "nil_return"): "tình trạng báo cáo của đơn vị",
}
"""Fields of which the words themselves are printed."""
_IDENTITY = {
    "statement": (
        "unit_code", "unit_name", "period", "date_from", "date_to", "form_version", "money_unit", "submission_kind",
    ),
    "activities": ("village_id", "activity_date", "org_id"),
    "households": ("village_id", "village_name"),
    "politics_security": ("village_id", "village_name"),
}  # fmt: skip
"""Without these no row could be placed at all."""


@dataclass(frozen=True, slots=True)
class AskedCell:
    """One field of the form: how often a unit is asked for it in a year, and what for."""

    sheet: str
    field: str
    caption: str
    cells_per_year: int
    cells_in_model_month: int
    """How many of its cells the clerk of the model commune types in a month."""
    used_for: list[str]
    is_prefilled: bool

    @property
    def is_idle(self) -> bool:
        """Whether no printed figure uses it."""
        return not self.used_for


def burden(run: Run, last_month: Period) -> list[AskedCell]:
    """Every field of the form, in its order, by the rows that units really sent in the twelve months to `last_month`."""
    months = [str(month) for month in last_month.months_back(12)]
    with run.ledger.read() as session:
        counting = submissions.counting_submissions(session, months)
        rows = {table: fetch_facts(session, table, months).collect().height for table in FACT_TABLES}
    reports = max(len(counting), 1)
    asked = []
    for sheet, field in CURRENT.fields():
        per_month = rows[sheet.table] / reports if sheet.table in rows else 1
        asked.append(
            AskedCell(
                sheet.name, field.name, field.caption, round(12 * per_month), _in_model_month(sheet, field),
                _used_for(sheet.table, field.name), _is_given(field),
            )
        )  # fmt: skip
    return asked


def _is_given(field: Field) -> bool:
    """Whether the form comes with the cell filled in."""
    return field.prefilled or field.carried or field.locked


def _in_model_month(sheet: Sheet, field: Field) -> int:
    """The cells of a field that the model commune cannot leave blank, and those of the sheets that it may."""
    is_free = sheet.table in (form.POLITICS_SECURITY.table, form.NARRATIVE.table) or field.name in CONTROLS
    is_asked = field.required or field.name in _ASKED_OF_SOME or is_free
    return _MODEL_ROWS.get(sheet.table, 1) if is_asked and not _is_given(field) else 0


def burden_as_json(asked: Sequence[AskedCell]) -> list[dict[str, object]]:
    """The fields as plain data."""
    return [asdict(each) | {"is_idle": each.is_idle} for each in asked]


_COMPUTED_FROM = {
    (sheet.table, name): field.name
    for sheet in CURRENT.sheets
    for field in sheet.fields
    for name in re.findall(r"\[(\w+)\]", field.computed)
}
"""By field, what the workbook computes from it."""


def _used_for(table: str, field: str) -> list[str]:
    """The indicators that measure the field, choose rows by it or are taken apart by it, and what else needs it."""
    found = [
        entry.code
        for entry in INDICATORS
        if entry.table == table
        and (
            entry.column == field
            or (field == "activity_code" and entry.activity_codes)
            or (field == "funding_source" and entry.funding_sources)
            or (field == "occasion" and entry.occasion)
            or (field == "status" and entry.counting not in (Counting.ALL, Counting.RURAL_STANDARD))
        )
    ]
    if not found and field in DIMENSIONS.get(table, {}).values():
        found = ["tách số liệu theo cột này"]
    if table == "activities" and field == "quantity_unit":
        found = ["quantity"]
    if field in _IDENTITY.get(table, ()):
        found.append("xác định dòng, đơn vị, kỳ")
    if (table, field) in _COMPUTED_FROM:
        found += _used_for(table, _COMPUTED_FROM[table, field])
    if (table, field) in _PRINTED_BY_NAME:
        found.append(_PRINTED_BY_NAME[table, field])
    return found
