"""What tests build with: a sound unit's rows, of which a test names only the odd cell, and workbooks edited by another program."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

from domain import codes
from domain.calendar import VIETNAM
from domain.form import KN_01, Form
from domain.kn_02 import CONTROLS
from domain.period import Period
from domain.reference import Reference
from services.run import open_run
from services.settings import Settings
from storage.facts import fetch_facts
from storage.submissions import counting_submissions

FEBRUARY = Period.parse("2024-02")
FIRST_FORM = pl.LazyFrame({"file": ["f"], "form": [codes.KN_01]})
"""The file `f` is of the first form."""


def edited(content: bytes, *changes: tuple[str, str, Any]) -> bytes:
    """The workbook with some cells changed and saved by another program: sheet, address, what is put there."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet, cell, value in changes:
        book[sheet][cell] = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


PEOPLE = {
    "preparer_name": "Rơ Châm H’Ly",
    "preparer_phone": "02693000000",
    "preparer_email": "ubnd.pleiku@gialai.gov.vn",
    "approver_name": "Nguyễn Văn A",
    "approver_title": "Phó Chủ tịch",
}
ACTIVITY = {
    "activity_date": "2024-02-05",
    "village_id": "23586-01",
    "village_name": "làng Châm ANẻh",
    "org_id": "Phòng Tư pháp TP. Pleiku",
    "activity_code": "QUA_TET",
    "description": "Tặng quà Tết cho hộ nghèo",
    "occasion": "TET",
    "quantity": 20,
    "quantity_unit": "suất",
    "unit_value": 500_000,
    "hh_total": 20,
    "hh_poor": 12,
    "hh_nearpoor": 5,
    "hh_dtts": 18,
    "cash_vnd": 8_000_000,
    "inkind_vnd": 2_000_000,
    "value_total_vnd": 10_000_000,
    "funding_source": "XHH",
    "status": "hoan_thanh",
}
HOUSEHOLD = {
    "households": 120,
    "persons": 520,
    "hh_dtts": 110,
    "poor_open": 20,
    "poor_exit": 2,
    "poor_relapse": 1,
    "poor_new": 1,
    "poor_other": 0,
    "poor_close": 20,
    "poor_dtts_close": 18,
    "nearpoor_open": 10,
    "nearpoor_exit": 1,
    "nearpoor_relapse": 0,
    "nearpoor_new": 0,
    "nearpoor_other": 0,
    "nearpoor_close": 9,
    "nearpoor_dtts_close": 8,
    "bhyt_pct": 96.5,
    "ntm": "Không",
}

PARTY = """
skin = "party"
agency = "TỈNH ỦY GIA LAI"
agency_bold = "VĂN PHÒNG"
agency_in_text = "Văn phòng Tỉnh ủy"
symbol = "BC/VPTU"
place = "Gia Lai"
addressee = "Ban Thường vụ Tỉnh ủy"
signature_powers = ["K/T CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]
signer = "Nguyễn Văn A"
copies = ["Ban Thường vụ Tỉnh ủy (báo cáo);", "Lưu Văn phòng Tỉnh ủy."]
"""


def correct_a_cell(settings: Settings, since: datetime, until: datetime | None = None) -> None:
    """The province corrects one cell of the printed January, from that moment on, or for a time."""
    with open_run(settings) as run, run.ledger.read() as session:
        [record] = counting_submissions(session, ["2024-01"])
        row = fetch_facts(session, "households", ["2024-01"]).collect().row(0, named=True)
    letter = record.columns["households"]["persons"]
    first, last = (f"{at.astimezone(VIETNAM):%Y-%m-%dT%H:%M}" if at else "" for at in (since, until))
    (settings.home / "reference" / "corrections.csv").write_text(
        "locator,old_value,new_value,reason,source,valid_from,valid_to,unlock_reason\n"
        f"2024-01/622/03_HoDan!{letter}{row['source_row']},{row['persons']},{row['persons'] + 1},Nhầm,BB 1,{first},{last},\n",
        encoding="utf-8",
    )


Row = dict[str, str]


def rewrite_table(table: Path, change: Callable[[list[Row]], Iterable[Row]]) -> None:
    """The CSV table with other rows."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    names = list(rows[0])
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def form_filled_in(reference: Reference, form: Form = KN_01) -> bytes:
    """Pleiku's form of February with its own checks, filled in as it should be."""
    from expectations.rules import RULES
    from reports.form.content import FormContent
    from reports.form.workbook import write_form

    unit, window = reference.reporting_unit("622", FEBRUARY), reference.calendar.window(FEBRUARY)
    villages = reference.villages.of_unit(unit, reference.units, window.last_day)
    money = {"cash_vnd": 8_000_000, "inkind_vnd": 2_000_000, "value_total_vnd": 10_000_000}
    total = {"activity_code": "QUA_TET", "quantity": 20, "hh_total": 20, **money, "cumulative_vnd": 11_000_000}
    rows = {
        "activities": [ACTIVITY | {"activity_date": date(2024, 2, 5)}],
        "households": [HOUSEHOLD | {"village_id": each.village_id, "village_name": each.name} for each in villages],
        "control_totals": [total],
    }
    partners = reference.villages.partners_of(window.last_day)
    book = dict(zip(CONTROLS, (1, 20, 10_000_000), strict=True))
    return write_form(
        FormContent(
            unit,
            FEBRUARY,
            window,
            villages,
            partners,
            PEOPLE | book,
            rows,
            RULES,
            previous_cumulative={"QUA_TET": 1_000_000},
            form=form,
        )
    )
