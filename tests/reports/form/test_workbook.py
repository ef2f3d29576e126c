import io
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain import codes, form
from domain.alphabet import is_printed
from domain.calendar import Calendar
from domain.form import KN_01
from domain.forms import CURRENT
from domain.period import Period
from domain.reference import Reference
from domain.schemas import TYPED_ROWS
from domain.text import tidy
from ingest.workbook.packed import pack
from ingest.workbook.raw_batch import gather
from ingest.workbook.read import read_workbook
from reports.form.content import FormContent
from reports.form.workbook import write_form
from transforms.cells import type_cells, widen
from transforms.statement import money_units

ROWS = st.fixed_dictionaries(
    {
        "activity_date": st.dates(date(2000, 1, 1), date(2099, 12, 31)),
        "activity_code": st.sampled_from([activity.code for activity in codes.ACTIVITIES]),
        "description": st.text(
            st.characters(max_codepoint=0x25FF, exclude_categories=("Cc", "Cs", "Co", "Cn")).filter(is_printed),
            min_size=1,
            max_size=80,
        ).map(lambda text: f"Việc {text}"),
        "quantity": st.decimals(0, 10**9, places=3),
        "hh_total": st.integers(0, 10**6),
        "cash_vnd": st.integers(0, 10**12),
    }
)
"""Rows as a clerk may fill them in, whatever the words that can be printed."""


def empty_form(reference: Reference, code: str = "622", text: str = "2024-02") -> bytes:
    period = Period.parse(text)
    unit, window = reference.reporting_unit(code, period), reference.calendar.window(period)
    villages = reference.villages.of_unit(unit, reference.units, window.last_day)
    return write_form(FormContent(unit, period, window, villages, reference.villages.partners_of(window.last_day)))


def test_the_same_form_is_the_same_bytes(reference: Reference) -> None:
    assert empty_form(reference) == empty_form(reference)


def test_a_form_has_every_sheet_with_locked_headings_lists_and_the_units_villages(reference: Reference) -> None:
    book = openpyxl.load_workbook(io.BytesIO(empty_form(reference)))
    names = [sheet.name for sheet in (*CURRENT.sheets, *CURRENT.shown)]
    assert book.sheetnames == [form.GUIDE_SHEET, *names, form.CODE_LIST_SHEET]
    activities, households = book["02_HoatDong"], book["03_HoDan"]
    assert activities.protection.sheet
    assert (activities["M6"].protection.locked, activities["M8"].protection.locked) == (True, False)
    assert (activities.freeze_panes, households.freeze_panes) == ("D8", "C8")
    kinds = {rule.type for rule in activities.data_validations.dataValidation}
    assert {"list", "whole", "decimal", "date"} <= kinds
    assert [households[f"B{row}"].value for row in range(8, 13)] == [
        "làng Ngó", "làng Châm ANẻh", "làng Ngol Tả", "làng Ia Lang", "làng Têng 2",
    ]  # fmt: skip


def test_a_form_carries_its_identity_in_properties_and_on_the_first_sheet(reference: Reference, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(empty_form(reference))
    book = read_workbook(path, "form")
    assert book.properties == {"ketnghia_form": "KN-02/2026", "ketnghia_unit": "622", "ketnghia_period": "2024-02"}
    stated = {cell.field: cell.text for cell in book.cells if cell.table == "statement"}
    assert (stated["unit_code"], stated["period"], stated["date_from"]) == ("622", "2024-02", "15/01/2024")


@pytest.mark.parametrize(("code", "text"), [("622", "2024-02"), ("23590", "2026-07"), ("23575", "2026-07")])
def test_every_field_of_a_form_is_found_again_by_the_reader(
    reference: Reference, tmp_path: Path, code: str, text: str
) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(empty_form(reference, code, text))
    book = read_workbook(path, "form")
    assert [column for column in book.columns if column.times != 1 or column.field is None] == []
    assert all(sheet.is_found and sheet.has_header for sheet in book.sheets)


def test_a_village_is_in_the_form_of_whoever_reports_for_it_then(reference: Reference) -> None:
    assert isinstance(reference.calendar, Calendar)
    book = openpyxl.load_workbook(io.BytesIO(empty_form(reference, "23586", "2026-07")))
    names: list[Any] = [book["03_HoDan"][f"B{row}"].value for row in range(8, 12)]
    assert names == ["làng Ngó", "làng Châm ANẻh", "làng Ngol Tả", "làng Ia Lang"]


@pytest.mark.slow
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(ROWS, min_size=1, max_size=12))
def test_whatever_is_filled_in_is_read_back(reference: Reference, tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    period = Period.parse("2024-02")
    unit = reference.reporting_unit("622", period)
    window = reference.calendar.window(period)
    path = tmp_path / "filled.xlsx"
    path.write_bytes(write_form(FormContent(unit, period, window, (), {}, rows={"activities": rows}, form=KN_01)))
    batch = gather([pack(read_workbook(path, "f"))])
    raw = batch.cells.lazy()
    cells = type_cells(raw, money_units(raw), batch.properties.lazy())
    typed = widen(cells, "activities", TYPED_ROWS["activities"]).collect()
    assert typed.select(list(rows[0])).to_dicts() == [row | {"description": tidy(row["description"])} for row in rows]
