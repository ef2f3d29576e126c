"""What is asked of a unit in a year, cell by cell, and which of it no printed figure uses."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from domain import form
from domain.catalogue import INDICATORS
from domain.indicators import Counting
from domain.period import Period
from domain.schemas import FACT_TABLES
from services.run import Run
from storage import submissions
from transforms.figures.summarise import DIMENSIONS

_PRINTED_BY_NAME = {
    ("statement", "reason"): "lý do của bản thay thế, đính chính trong phụ lục số liệu thay đổi",
    ("statement", "nil_return"): "tình trạng báo cáo của đơn vị",
    ("statement", "revision"): "tình trạng báo cáo của đơn vị",
}
"""Fields of which the words themselves are printed."""
_IDENTITY = {
    "statement": ("unit_code", "period", "form_version", "money_unit", "submission_kind"),
    "activities": ("village_id", "activity_date", "org_id"),
    "households": ("village_id",),
    "politics_security": ("village_id",),
    "control_totals": ("activity_code",),
}
"""Without these no row could be placed at all."""
_CHECKING = "control_totals"


@dataclass(frozen=True, slots=True)
class AskedCell:
    """One field of the form: how often a unit is asked for it in a year, and what for."""

    sheet: str
    field: str
    caption: str
    cells_per_year: int
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
        rows = {table: submissions.fetch_facts(session, table, months).collect().height for table in FACT_TABLES}
    reports = max(len(counting), 1)
    asked = []
    for sheet, field in form.all_fields():
        if field.name == "stt":
            continue
        per_month = rows[sheet.table] / reports if sheet.table in rows else 1
        asked.append(
            AskedCell(
                sheet.name, field.name, field.caption, round(12 * per_month), _used_for(sheet.table, field.name),
                field.prefilled,
            )
        )  # fmt: skip
    return asked


def burden_as_json(asked: Sequence[AskedCell]) -> list[dict[str, object]]:
    """The fields as plain data."""
    return [asdict(each) | {"is_idle": each.is_idle} for each in asked]


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
    if table == _CHECKING and field in ("quantity", "hh_total", "cash_vnd", "inkind_vnd", "value_total_vnd"):
        found.append("đối chiếu với sheet 02_HoatDong")
    if (table, field) in _PRINTED_BY_NAME:
        found.append(_PRINTED_BY_NAME[table, field])
    return found
