"""Every kind of workbook that is written, as programs that are not ours open it: no repair, no wrong value, no error."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.kn_02 import KN_02
from domain.period import Period
from domain.quality import Doubt, Question
from domain.reference import Reference
from expectations.rules import RULES
from reports.form.content import FormContent
from reports.form.workbook import write_form
from reports.unit.feedback import findings_workbook, mark_workbook
from reports.unit.question_sheet import write_question_sheet
from tests.answers import answer, finding
from tests.builders import edited, form_filled_in
from tests.engines import (
    Places,
    faults_of,
    saved_by_libreoffice,
    values_by_formulon,
    values_by_libreoffice,
)

# What openpyxl leaves out is looked for by the others.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:(Sparkline Group|Data Validation|Conditional Formatting) extension"),
]
SAVED_BY_OTHERS, MARKED = "form filled in wrongly", "marked form"
FIRST_BY_OTHERS, FIRST_MARKED = "KN-01 filled in wrongly", "marked KN-01"
WRONG_IN_KN_02: list[tuple[str, str, Any]] = [
    ("02_HoatDong", "F8", None), ("02_HoatDong", "N8", 1), ("02_HoatDong", "A8", date(2023, 3, 1)),
    ("02_HoatDong", "D8", "NOEL"), ("02_HoatDong", "H8", "hai mươi"), ("02_HoatDong", "M8", 5_000_000),
    ("03_HoDan", "G9", 25), ("03_HoDan", "C10", -1), ("04_HTCT_ANTT", "E8", 3), ("04_HTCT_ANTT", "D9", "chưa rõ"),
    ("00_ThongTin", "B14", 19), ("00_ThongTin", "B17", None), ("00_ThongTin", "B21", "Bản thay thế"),
]  # fmt: skip
WRONG: list[tuple[str, str, Any]] = [
    ("02_HoatDong", "J8", None), ("02_HoatDong", "T8", 1), ("02_HoatDong", "B8", date(2023, 3, 1)),
    ("02_HoatDong", "I8", "NOEL"), ("02_HoatDong", "M8", "hai mươi"), ("03_HoDan", "L9", 25), ("03_HoDan", "D10", -1),
    ("04_HTCT_ANTT", "E8", 3), ("04_HTCT_ANTT", "F8", 5), ("04_HTCT_ANTT", "D9", "chưa rõ"), ("06_TongHop", "D14", 19),
]  # fmt: skip


def blank_form(reference: Reference, code: str, month: str) -> bytes:
    period = Period.parse(month)
    unit, window = reference.reporting_unit(code, period), reference.calendar.window(period)
    villages = reference.villages.of_unit(unit, reference.units, window.last_day)
    partners = reference.villages.partners_of(window.last_day)
    return write_form(FormContent(unit, period, window, villages, partners, rules=RULES))


@pytest.fixture(scope="module")
def workbooks(reference: Reference, documents: dict[str, bytes]) -> dict[str, bytes]:
    first, filled = form_filled_in(reference), form_filled_in(reference, KN_02)
    told = answer(finding("02_HoatDong", "T8"), finding("03_HoDan", "D8", "W-JUMP"))
    commune = reference.expected_units(Period.parse("2026-03"))[0].code
    asked = Question("2024-02", "622", "value_total_vnd", Doubt.OUTLIER, "=1+1", "12", [1.0, None, 2.5])
    return {
        "form of a district": blank_form(reference, "622", "2024-02"),
        "form of a commune": blank_form(reference, commune, "2026-03"),
        "form filled in": filled,
        SAVED_BY_OTHERS: edited(filled, *WRONG_IN_KN_02),
        "marked workbook": mark_workbook(filled, told),
        MARKED: mark_workbook(edited(filled, *WRONG_IN_KN_02), told),
        "KN-01 filled in": first,
        FIRST_BY_OTHERS: edited(first, *WRONG),
        FIRST_MARKED: mark_workbook(edited(first, *WRONG), told),
        "list of findings": findings_workbook(told),
        "questions": write_question_sheet("TP. Pleiku", "tháng 02 năm 2024", [asked]),
        **{
            f"tables {name}": documents[f"{name} {state} tables"]
            for name, state in (("nd30", "draft"), ("party", "issued"))
        },
    }


def test_no_workbook_would_be_repaired(workbooks: dict[str, bytes], tmp_path: Path) -> None:
    others = (SAVED_BY_OTHERS, MARKED, FIRST_BY_OTHERS, FIRST_MARKED)
    own = {name: content for name, content in workbooks.items() if name not in others}
    assert {name: faults for name, content in own.items() if (faults := faults_of(content, tmp_path))} == {}


def test_marking_adds_no_fault_to_what_another_program_saved(workbooks: dict[str, bytes], tmp_path: Path) -> None:
    for marked, saved in ((MARKED, SAVED_BY_OTHERS), (FIRST_MARKED, FIRST_BY_OTHERS)):
        assert faults_of(workbooks[marked], tmp_path) == faults_of(workbooks[saved], tmp_path)


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed (libreoffice-calc-nogui)")
def test_two_engines_agree_on_every_value_and_no_cell_shows_an_error(
    workbooks: dict[str, bytes], tmp_path: Path
) -> None:
    saved = saved_by_libreoffice({f"{name}.xlsx": content for name, content in workbooks.items()}, tmp_path)
    for name, content in workbooks.items():
        by_formulon, by_libreoffice = values_by_formulon(content), values_by_libreoffice(content, saved[name])
        assert by_formulon.keys() == by_libreoffice.keys(), name
        assert {place: value for place, value in by_formulon.items() if str(value).startswith("#")} == {}, name
        assert disagreements(by_formulon, by_libreoffice) == {}, name


def disagreements(one: Places, other: Places) -> dict[str, tuple[object, object]]:
    return {
        place: (value, other[place])
        for place, value in one.items()
        if value != other[place] and value != pytest.approx(other[place], rel=1e-9)
    }
