"""Every rule of the sheets, broken one cell at a time: the finding must point at that very cell."""

import io
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.styles import Font

from domain import form
from domain.findings import Verdict
from domain.form import CellType
from domain.forms import all_fields
from domain.kn_02 import CONTROLS, KN_02
from domain.period import Period
from domain.reference import Reference
from expectations.rules import RULES
from reports.form.content import FormContent
from reports.form.workbook import write_form
from tests.builders import ACTIVITY, PEOPLE, edited
from tests.clerk import Clerk
from tests.expectations.mutations import (
    ACTIVITY_MUTATIONS,
    BESIDE,
    HOUSEHOLD_MUTATIONS,
    POLITICS_MUTATIONS,
    SHORT_FORM_MUTATIONS,
    STATEMENT_MUTATIONS,
    TOTAL_MUTATIONS,
    Mutation,
)

pytestmark = pytest.mark.slow


def test_a_sound_workbook_is_accepted_without_a_word(judge: Any, pleiku: Any) -> None:
    [examined] = judge([pleiku()])
    assert (examined.findings.verdict, examined.findings.found) == (Verdict.ACCEPTED, ())


@pytest.mark.parametrize(
    "mutations",
    [ACTIVITY_MUTATIONS, HOUSEHOLD_MUTATIONS, POLITICS_MUTATIONS, TOTAL_MUTATIONS, STATEMENT_MUTATIONS],
    ids=["sheet 02", "sheet 03", "sheet 04", "sheet 06", "sheet 00"],
)
def test_any_single_broken_cell_is_told_by_its_exact_cell(judge: Any, pleiku: Any, mutations: list[Mutation]) -> None:
    sound = pleiku()
    contents = [
        edited(sound, *BESIDE.get((rule, cell, value), []), (sheet, cell, value))
        for rule, sheet, cell, value in mutations
    ]
    # All in one pass, as in a collection; that they claim the same revision is told of each besides.
    for mutation, examined in zip(mutations, judge(contents), strict=True):
        rule, sheet, cell, _ = mutation
        found = {(finding.rule, finding.sheet, finding.cell) for finding in examined.findings.found}
        assert (rule, sheet, cell) in found, (mutation, found)


def test_the_value_found_is_what_was_typed(judge: Any, pleiku: Any) -> None:
    [examined] = judge([edited(pleiku(), ("02_HoatDong", "J8", "hai mươi"))])
    finding = next(finding for finding in examined.findings.found if finding.cell == "J8")
    assert (finding.value, "hai mươi" in finding.message) == ("hai mươi", True)


def test_one_bad_workbook_does_not_touch_its_neighbours(judge: Any, pleiku: Any) -> None:
    bad = edited(pleiku(), ("02_HoatDong", "T8", 1))
    good = edited(pleiku(), ("00_ThongTin", "B13", 2))
    verdicts = [examined.findings.verdict for examined in judge([bad, good])]
    assert verdicts == [Verdict.REJECTED, Verdict.ACCEPTED]


def test_a_nil_return_is_accepted_and_a_silent_one_is_not(judge: Any, pleiku: Any) -> None:
    nothing: dict[str, Any] = {"activities": [], "households": [], "control_totals": []}
    nil, silent = judge([pleiku({"nil_return": "Có"}, nothing), pleiku({"revision": 2}, nothing)])
    assert nil.findings.verdict is Verdict.ACCEPTED
    assert "E-EMPTY" in {finding.rule for finding in silent.findings.found}


def test_a_village_left_blank_is_asked_for_and_is_not_zero(judge: Any, pleiku: Any) -> None:
    blank = [(f"{letter}9") for letter in "DEFGHIJKLMNOPQRSTUV"]
    [examined] = judge([edited(pleiku(), *(("03_HoDan", cell, None) for cell in blank))])
    assert {(f.rule, f.cell) for f in examined.findings.found} == {("W-VILLAGE-SILENT", "B9")}
    assert examined.facts["households"].height == 4


def test_a_commune_wide_activity_may_leave_the_village_blank(judge: Any, pleiku: Any) -> None:
    changes = [("02_HoatDong", "C8", "XA"), ("02_HoatDong", "D8", None), ("02_HoatDong", "E8", None)]
    [examined] = judge([edited(pleiku(), *changes)])
    assert examined.findings.verdict is Verdict.ACCEPTED
    [unsaid] = judge([edited(pleiku(), *changes[1:])])
    assert ("E-VILLAGE-MISSING", "D8") in {(f.rule, f.cell) for f in unsaid.findings.found}


def test_money_declared_in_millions_is_kept_in_dong(judge: Any, pleiku: Any) -> None:
    changes = [("00_ThongTin", "B16", "TRIEU"), *((s, c, v) for s, c, v in [
        ("02_HoatDong", "R8", 8), ("02_HoatDong", "S8", 2), ("02_HoatDong", "T8", 10),
        ("06_TongHop", "F14", 8), ("06_TongHop", "G14", 2), ("06_TongHop", "H14", 10), ("06_TongHop", "I14", 10),
    ])]  # fmt: skip
    [examined] = judge([edited(pleiku(), *changes)])
    assert examined.findings.found == ()
    assert examined.facts["activities"]["value_total_vnd"].to_list() == [10_000_000]


def in_millions(cash: float, inkind: float, total: float, summed: float | None = None) -> list[tuple[str, str, Any]]:
    """Money in millions: one activity, and its totals on sheet 06."""
    activity = [("R8", cash), ("S8", inkind), ("T8", total)]
    sums = [("F14", cash), ("G14", inkind), ("H14", total if summed is None else summed), ("I14", total)]
    return [
        ("00_ThongTin", "B16", "TRIEU"),
        *(("02_HoatDong", cell, value) for cell, value in activity),
        *(("06_TongHop", cell, value) for cell, value in sums),
    ]


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        (in_millions(0, 10, 11), {("W-ROUNDING", "02_HoatDong", "T8")}),
        (in_millions(0, 10.5, 10.5), set()),
        (in_millions(2, 8, 10, 10.5), {("W-ROUNDING", "06_TongHop", "H14")}),
    ],
)
def test_a_whole_million_that_rounding_may_explain_is_asked_about(
    judge: Any, pleiku: Any, changes: list[tuple[str, str, Any]], asked: set[tuple[str, str, str]]
) -> None:
    [examined] = judge([edited(pleiku(), *changes)])
    found = {(each.rule, each.sheet, each.cell) for each in examined.findings.found}
    assert {each for each in found if each[0] == "W-ROUNDING"} == asked
    assert examined.findings.verdict is not Verdict.REJECTED


def test_a_cell_that_cannot_be_read_is_not_said_to_be_blank_besides(judge: Any, pleiku: Any) -> None:
    [examined] = judge([edited(pleiku(), ("02_HoatDong", "M8", 1e30))])
    assert [(each.rule, each.cell) for each in examined.findings.found] == [("E-HIGH", "M8")]


@pytest.mark.parametrize(
    ("sheet", "cell", "is_told_to_write_zero"),
    [("02_HoatDong", "R8", True), ("02_HoatDong", "H8", False), ("02_HoatDong", "B8", False), ("02_HoatDong", "W8", False),
     ("00_ThongTin", "B13", False), ("00_ThongTin", "B20", False)],
)  # fmt: skip
def test_zero_is_advised_only_where_it_is_an_answer(
    judge: Any, pleiku: Any, sheet: str, cell: str, is_told_to_write_zero: bool
) -> None:
    [examined] = judge([edited(pleiku(), (sheet, cell, None))])
    [finding] = [each for each in examined.findings.found if (each.rule, each.cell) == ("E-REQ", cell)]
    assert ("thì ghi 0" in finding.message) is is_told_to_write_zero


def test_a_near_miss_of_a_villages_name_is_asked_never_taken(judge: Any, pleiku: Any) -> None:
    changes = [("02_HoatDong", "D8", None), ("02_HoatDong", "E8", "làng Ngol Tá")]
    [examined] = judge([edited(pleiku(), *changes)])
    [finding] = [finding for finding in examined.findings.found if finding.cell == "D8"]
    assert (finding.rule, "Có phải làng Ngol Tả" in finding.message) == ("E-VILLAGE-MISSING", True)


def test_what_stands_beside_the_form_is_told(judge: Any, pleiku: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pleiku()))
    book.create_sheet("Nháp")["A1"] = 1
    book["02_HoatDong"].row_dimensions[8].hidden = True
    book["02_HoatDong"]["B8"].number_format = "General"
    book["02_HoatDong"]["B8"] = 45_327
    book["02_HoatDong"]["H8"] = "TÆng quµ TÕt cho hé nghÌo"
    book["02_HoatDong"]["H8"].font = Font(name=".VnTime")
    book["02_HoatDong"]["X8"] = "TÆng quµ TÕt"
    book["03_HoDan"]["U8"] = 0.965
    buffer = io.BytesIO()
    book.save(buffer)
    [examined] = judge([buffer.getvalue()])
    found = {(finding.rule, finding.cell) for finding in examined.findings.found}
    assert {
        ("W-SHEET-UNKNOWN", "A1"), ("W-HIDDEN", "A8"), ("W-SERIAL", "B8"), ("W-ENCODING", "H8"), ("E-ENCODING", "X8"),
        ("E-PERCENT", "U8"),
    } <= found  # fmt: skip
    [repaired] = [finding for finding in examined.findings.found if finding.rule == "W-ENCODING"]
    assert "“TÆng quµ TÕt cho hé nghÌo”, được hiểu là “Tặng quà Tết cho hộ nghèo”" in repaired.message


def test_a_district_after_its_end_is_told_its_heirs_and_an_old_name_its_new_one(
    judge: Any, reference: Reference
) -> None:
    period = Period.parse("2025-09")
    unit = reference.reporting_unit("23590", period)
    window = reference.calendar.window(period)
    content = FormContent(unit, period, window, (), {}, statement={**PEOPLE, "nil_return": "Có"})

    def judged(statement: dict[str, Any]) -> set[tuple[str, str]]:
        odd = replace(content, statement={**content.statement, **statement})
        [examined] = judge([write_form(odd)], received=date(2025, 9, 16))
        return {(finding.rule, finding.message) for finding in examined.findings.found}

    [(rule, message)] = judged({"unit_code": "622", "unit_name": "Thành phố Pleiku"}) - {
        found for found in judged({"unit_code": "622", "unit_name": "Thành phố Pleiku"}) if found[0] == "W-IDENTITY"
    }
    assert rule == "E-UNIT-BYGONE"
    for heir in ("Phường Pleiku (23575)", "Xã Biển Hồ (23590)", "Xã Gào (23611)"):
        assert heir.casefold() in message.casefold()
    [(rule, message)] = judged({"unit_name": "Xã Tân Sơn"})
    assert (rule, "nay là" in message) == ("W-UNIT-OLD-NAME", True)


@pytest.mark.parametrize(
    ("text", "rule"),
    [("2024-Q1", "E-PERIOD"), ("tháng 2", "E-PERIOD"), ("2024-05", "E-PERIOD-FUTURE"), ("2012-02", "E-PERIOD-OLD")],
)
def test_a_period_that_cannot_be_is_told_at_its_cell(judge: Any, pleiku: Any, text: str, rule: str) -> None:
    [examined] = judge([edited(pleiku(), ("00_ThongTin", "B10", text))])
    assert (rule, "B10") in {(finding.rule, finding.cell) for finding in examined.findings.found}


def test_a_form_without_its_sheets_and_columns_is_told_so(judge: Any, pleiku: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pleiku()))
    del book["06_TongHop"]
    book["03_HoDan"]["D6"] = "Số hộ các loại"
    book["02_HoatDong"]["S6"] = "Tiền mặt"
    buffer = io.BytesIO()
    book.save(buffer)
    [examined] = judge([buffer.getvalue()])
    rules = {finding.rule for finding in examined.findings.found}
    assert {"E-SHEET", "E-COLUMN", "E-COLUMN-TWICE", "W-COLUMN-UNKNOWN"} <= rules


def test_every_finding_names_sheet_cell_and_a_remedy(judge: Any, pleiku: Any) -> None:
    [examined] = judge([edited(pleiku(), ("02_HoatDong", "T8", 1), ("00_ThongTin", "B19", None))])
    for finding in examined.findings.found:
        assert finding.sheet
        assert finding.cell
        assert finding.message.count(".") >= 2


def test_rule_codes_say_their_severity_and_every_sentence_is_filled_in() -> None:
    for rules in RULES.values():
        for rule in rules:
            assert rule.code[0] == {"error": "E", "warning": "W"}[rule.severity]
            assert rule.sentence.endswith(".")
            assert rule.remedy.endswith(".")


@pytest.fixture
def short_form(pleiku: Any) -> bytes:
    """Pleiku's month in KN-02: a gift, a talk, a house under way; a replacement with its reason."""
    talk = {
        "activity_date": date(2024, 2, 6), "village_id": "23586-01", "org_id": ACTIVITY["org_id"], "activity_code": "TT",
        "description": "Tuyên truyền pháp luật", "quantity": 1, "quantity_unit": "buổi", "persons": 40, "cash_vnd": 0,
        "inkind_vnd": None, "value_total_vnd": 0, "occasion": "THUONG_XUYEN", "funding_source": "CBCC", "status": "hoan_thanh",
    }  # fmt: skip
    house = ACTIVITY | {
        "activity_date": date(2024, 2, 7), "activity_code": "NHA_MOI", "quantity": 1, "quantity_unit": "căn",
        "hh_total": 1, "hh_poor": 1, "hh_nearpoor": 0, "hh_dtts": 1, "cash_vnd": 30_000_000, "inkind_vnd": 0,
        "value_total_vnd": 30_000_000, "occasion": "THUONG_XUYEN", "status": "dang_thuc_hien",
    }  # fmt: skip
    gift = ACTIVITY | {"activity_date": date(2024, 2, 5)}
    book = dict(zip(CONTROLS, (3, 21, 40_000_000), strict=True))
    kind = {"submission_kind": "THAY_THE", "reason": "Rà soát lại"}
    return pleiku(book | kind, {"activities": [gift, talk, house]}, form=KN_02)  # type: ignore[no-any-return]


def test_the_short_form_is_sound_before_it_is_broken(judge: Any, short_form: bytes) -> None:
    [examined] = judge([short_form])
    assert (examined.findings.found, examined.revision) == ((), 1)
    paid = examined.facts["activities"].filter(pl.col("status") == "dang_thuc_hien")
    assert paid.select("cash_vnd", "value_total_vnd").row(0) == (30_000_000, 30_000_000)


def test_every_broken_cell_of_the_short_form_is_named(judge: Any, short_form: bytes) -> None:
    clerk = Clerk(short_form)
    places = [
        (rule, KN_02.sheet_by_table[table].name, clerk.cell(table, field, row), value)
        for rule, table, field, row, value in SHORT_FORM_MUTATIONS
    ]
    judged = judge([edited(short_form, place[1:]) for place in places])
    unnamed = [
        (place, [(each.rule, each.sheet, each.cell) for each in examined.findings.found])
        for place, examined in zip(places, judged, strict=True)
        if place[:3] not in {(each.rule, each.sheet, each.cell) for each in examined.findings.found}
    ]
    assert unnamed == []


def test_every_rule_of_the_sheets_has_a_mutation_that_breaks_it() -> None:
    tried = {
        rule
        for group in (ACTIVITY_MUTATIONS, HOUSEHOLD_MUTATIONS, POLITICS_MUTATIONS, TOTAL_MUTATIONS, STATEMENT_MUTATIONS)
        for rule, *_ in group
    } | {rule for rule, *_ in SHORT_FORM_MUTATIONS}
    elsewhere = {
        "E-SHEET", "E-HEADER", "E-COLUMN", "E-COLUMN-TWICE", "W-COLUMN-UNKNOWN", "W-GROUPED", "E-CARRY", "W-CARRY", "W-CUM",
        "E-REVISION", "E-REVISION-TWICE", "E-PERIOD", "E-PERIOD-FUTURE", "E-PERIOD-OLD", "E-EMPTY", "E-VILLAGE-MISSING",
        "W-VILLAGE-SILENT", "E-KHAC", "W-ROW-TWICE", "E-CTRL-MISSING", "W-SHEET-UNKNOWN", "W-HIDDEN", "W-SERIAL",
        "W-ENCODING", "E-ENCODING", "E-PERCENT", "W-SLIP", "W-COPY", "E-UNIT-BYGONE", "W-UNIT-OLD-NAME", "E-SENDER",
        "W-VILLAGE-DATES", "W-JUMP", "W-ROUNDING",
        "E-PICTURE", "E-SHEET-TWICE", "E-HEADING", "E-MERGED", "W-MERGED", "W-UNREAD", "W-TOTAL-ROW",
        "W-STRUCK", "W-UNSEEN", "W-LINKED", "E-TOTAL", "W-TOTAL",
    }  # fmt: skip
    assert {rule.code for rules in RULES.values() for rule in rules} - tried - elsewhere == set()


def test_two_equal_rows_an_idle_description_and_a_missing_total_are_told(judge: Any, pleiku: Any) -> None:
    sound = openpyxl.load_workbook(io.BytesIO(pleiku()))
    sheet = sound["02_HoatDong"]
    for column in range(2, 25):
        sheet.cell(9, column).value = sheet.cell(8, column).value
        sheet.cell(10, column).value = sheet.cell(8, column).value
    sheet["G10"], sheet["H10"], sheet["K10"] = "KHAC", "khác", "suất"
    buffer = io.BytesIO()
    sound.save(buffer)
    [examined] = judge([buffer.getvalue()])
    found = {(finding.rule, finding.cell) for finding in examined.findings.found}
    assert {("W-ROW-TWICE", "B8"), ("W-ROW-TWICE", "B9"), ("E-KHAC", "H10")} <= found
    assert "E-CTRL-MISSING" in {rule for rule, _ in found}


def test_a_sum_over_a_cell_that_cannot_be_read_is_not_held_against_the_clerk(judge: Any, pleiku: Any) -> None:
    [examined] = judge([edited(pleiku(), ("02_HoatDong", "J8", "15,000"))])
    assert [(finding.rule, finding.cell) for finding in examined.findings.found] == [("E-AMBIGUOUS", "J8")]


def test_letters_of_columns_are_those_of_excel() -> None:
    assert [form.column_letter(index) for index in (1, 26, 27, 702, 703)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert {field.type for _, field in all_fields()} == set(CellType)


def test_a_grouped_number_typed_as_text_is_read_and_remarked(judge: Any, pleiku: Any) -> None:
    [examined] = judge(
        [edited(pleiku(), ("03_HoDan", "E8", "1.020"), ("03_HoDan", "D8", 240), ("03_HoDan", "F8", 200))]
    )
    assert [(finding.rule, finding.cell) for finding in examined.findings.found] == [("W-GROUPED", "E8")]
    assert 1020 in examined.facts["households"]["persons"].to_list()


def test_a_sheet_without_its_row_of_captions_is_told_so(judge: Any, pleiku: Any) -> None:
    captions = [(f"{form.column_letter(column)}6", None) for column in range(1, 25)]
    [examined] = judge([edited(pleiku(), *(("03_HoDan", cell, value) for cell, value in captions))])
    assert ("E-HEADER", "03_HoDan") in {(finding.rule, finding.sheet) for finding in examined.findings.found}
