"""Every rule of the sheets, broken one cell at a time: the finding must point at that very cell."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from openpyxl.styles import Font

from domain import form
from domain.findings import Verdict
from domain.form import CellType
from domain.period import Period
from domain.reference import Reference
from domain.schemas import USUAL_PRICES
from expectations.rules import RULES
from ingest.workbook.read import read_workbook
from reports.form.content import FormContent
from reports.form.workbook import write_form
from services.intake.judge import Circumstances, Examined, examine
from tests.builders import PEOPLE, edited
from transforms.history import LATEST_REVISIONS, LIKENESSES, NO_HISTORY, PREVIOUS_CLOSE, PREVIOUS_CUMULATIVE, History

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("gates")]
Mutation = tuple[str, str, str, Any]
"""Rule, sheet, cell, what is put there."""


@pytest.fixture
def judge(tmp_path: Path, reference: Reference) -> Callable[..., list[Examined]]:
    """Judge many workbooks in one pass, as a collection does."""

    def run(contents: list[bytes], history: History = NO_HISTORY, received: date = date(2024, 2, 16)) -> list[Examined]:
        books = []
        for number, content in enumerate(contents):
            path = tmp_path / f"{number}.xlsx"
            path.write_bytes(content)
            books.append(read_workbook(path, f"{number:04d}"))
        oldest = Period.parse("2013-01")
        return examine(books, Circumstances(received, reference, history, oldest))

    return run


def test_a_sound_workbook_is_accepted_without_a_word(judge: Any, pleiku: Any) -> None:
    [examined] = judge([pleiku()])
    assert (examined.findings.verdict, examined.findings.found) == (Verdict.ACCEPTED, ())


ACTIVITY_MUTATIONS: list[Mutation] = [
    ("E-REQ", "02_HoatDong", "B8", None),
    ("E-DAY", "02_HoatDong", "B8", "30/02/2024"),
    ("E-DATE", "02_HoatDong", "B8", date(2024, 2, 15)),
    ("E-DATE", "02_HoatDong", "B8", date(2024, 1, 14)),
    ("E-CODE", "02_HoatDong", "C8", "HUYEN"),
    ("E-VILLAGE-MISSING", "02_HoatDong", "D8", None),
    ("E-VILLAGE", "02_HoatDong", "D8", "99999-01"),
    ("E-VILLAGE-UNIT", "02_HoatDong", "D8", "23848-01"),
    ("W-VILLAGE-NAME", "02_HoatDong", "E8", "làng Ngol Tả"),
    ("W-VILLAGE-NAME", "02_HoatDong", "E8", None),
    ("E-REQ", "02_HoatDong", "F8", None),
    ("W-UNASSIGNED", "02_HoatDong", "F8", "Sở Xây dựng"),
    ("E-CODE", "02_HoatDong", "G8", "QUA"),
    ("E-REQ", "02_HoatDong", "H8", None),
    ("W-DESCRIPTION", "02_HoatDong", "H8", "15/2"),
    ("E-LONG", "02_HoatDong", "H8", "x" * 501),
    ("E-CODE", "02_HoatDong", "I8", "NOEL"),
    ("E-REQ", "02_HoatDong", "J8", None),
    ("E-LOW", "02_HoatDong", "J8", -1),
    ("E-NUMBER", "02_HoatDong", "J8", "hai mươi"),
    ("E-AMBIGUOUS", "02_HoatDong", "J8", "15,000"),
    ("W-PRICE", "02_HoatDong", "J8", 2),
    ("E-PRICE", "02_HoatDong", "J8", 0.1),
    ("W-PRODUCT", "02_HoatDong", "J8", 21),
    ("E-QUANTITY-UNIT", "02_HoatDong", "K8", "căn"),
    ("E-CODE", "02_HoatDong", "K8", "thùng"),
    ("E-WHOLE", "02_HoatDong", "L8", 500_000.5),
    ("W-PRODUCT", "02_HoatDong", "L8", 600_000),
    ("E-BENEFICIARIES", "02_HoatDong", "M8", None),
    ("E-HH-POOR", "02_HoatDong", "M8", 16),
    ("E-HH-DTTS", "02_HoatDong", "M8", 17),
    ("E-HH-VILLAGE", "02_HoatDong", "M8", 127),
    ("E-WHOLE", "02_HoatDong", "M8", 20.5),
    ("E-BENEFICIARIES", "02_HoatDong", "N8", None),
    ("E-HH-POOR", "02_HoatDong", "N8", 16),
    ("E-BENEFICIARIES", "02_HoatDong", "O8", None),
    ("E-HH-POOR", "02_HoatDong", "O8", 9),
    ("E-BENEFICIARIES", "02_HoatDong", "P8", None),
    ("E-HH-DTTS", "02_HoatDong", "P8", 21),
    ("W-PERSONS", "02_HoatDong", "Q8", 2_601),
    ("E-LOW", "02_HoatDong", "Q8", -5),
    ("E-REQ", "02_HoatDong", "R8", None),
    ("E-SUM", "02_HoatDong", "R8", 8_000_001),
    ("E-SUM", "02_HoatDong", "S8", 0),
    ("E-SUM", "02_HoatDong", "T8", 10_000_001),
    ("E-HIGH", "02_HoatDong", "T8", 1e16),
    ("E-CELL", "02_HoatDong", "T8", "#REF!"),
    ("E-CELL", "02_HoatDong", "T8", "=R8+S8"),
    ("E-NUMBER", "02_HoatDong", "U8", "ba"),
    ("E-CODE", "02_HoatDong", "V8", "QUỸ"),
    ("E-REQ", "02_HoatDong", "W8", None),
    ("E-LONG", "02_HoatDong", "X8", "x" * 501),
]
POLITICS_MUTATIONS: list[Mutation] = [
    ("E-CASES", "04_HTCT_ANTT", "J8", 5),
    ("E-MEMBERS", "04_HTCT_ANTT", "F8", 9),
    ("E-VILLAGE", "04_HTCT_ANTT", "B8", "99999-01"),
    ("E-VILLAGE-UNIT", "04_HTCT_ANTT", "B8", "23848-01"),
    ("E-NUMBER", "04_HTCT_ANTT", "E8", "mười"),
]
HOUSEHOLD_MUTATIONS: list[Mutation] = [
    ("E-VILLAGE", "03_HoDan", "B8", "99999-01"),
    ("E-VILLAGE-UNIT", "03_HoDan", "B8", "23848-01"),
    ("E-VILLAGE-TWICE", "03_HoDan", "B8", "23586-01"),
    ("E-REQ", "03_HoDan", "B8", None),
    ("W-VILLAGE-NAME", "03_HoDan", "C8", None),
    ("W-VILLAGE-NAME", "03_HoDan", "C8", "làng Ngol Tả"),
    ("E-HH-CLOSE", "03_HoDan", "D8", 28),
    ("E-HH-DTTS", "03_HoDan", "D8", 109),
    ("W-PERSONS-RATE", "03_HoDan", "E8", 900),
    ("W-PERSONS-RATE", "03_HoDan", "E8", 130),
    ("E-PERSONS-RATE", "03_HoDan", "E8", 5_200),
    ("E-HH-DTTS", "03_HoDan", "F8", 121),
    ("W-DTTS-SHARE", "03_HoDan", "F8", 59),
    ("E-DTTS-CLOSE", "03_HoDan", "F8", 17),
    *[("E-BAL", "03_HoDan", f"{letter}8", 7) for letter in "GHIJKL"],
    *[("E-BAL", "03_HoDan", f"{letter}8", 7) for letter in "NOPQRS"],
    *[("E-REQ", "03_HoDan", f"{letter}8", None) for letter in "DEFGHIJKLMNOPQRSTUV"],
    *[("E-LOW", "03_HoDan", f"{letter}8", -1) for letter in "DEFGHIJLMNOPQSTU"],
    *[("E-NUMBER", "03_HoDan", f"{letter}8", "x") for letter in "DEFGHIJKLMNOPQRSTUW"],
    ("E-DTTS-CLOSE", "03_HoDan", "M8", 21),
    ("E-DTTS-CLOSE", "03_HoDan", "T8", 10),
    ("E-HIGH", "03_HoDan", "U8", 101),
    ("E-CODE", "03_HoDan", "V8", "Sắp"),
    ("E-NTM-YEAR", "03_HoDan", "W8", None),
    ("W-NTM-YEAR", "03_HoDan", "W8", 2023),
    ("E-NTM-YEAR", "03_HoDan", "W8", 2025),
]
TOTAL_MUTATIONS: list[Mutation] = [
    ("E-CTRL", "06_TongHop", "D14", 21),
    ("E-CTRL", "06_TongHop", "E14", 21),
    ("E-CTRL", "06_TongHop", "F14", 8_000_001),
    ("E-CTRL", "06_TongHop", "G14", 0),
    ("E-CTRL", "06_TongHop", "H14", 1),
    ("E-REQ", "06_TongHop", "I14", None),
    ("E-ACTIVITY-TWICE", "06_TongHop", "B14", "BHYT"),
    ("E-CODE", "06_TongHop", "B14", "QUA"),
]
STATEMENT_MUTATIONS: list[Mutation] = [
    ("E-UNIT", "00_ThongTin", "B8", "636"),
    ("E-UNIT", "00_ThongTin", "B8", "23586"),
    ("W-IDENTITY", "00_ThongTin", "B8", "623"),
    ("W-UNIT-NAME", "00_ThongTin", "B9", "Thị xã An Khê"),
    ("E-WINDOW", "00_ThongTin", "B11", date(2024, 2, 1)),
    ("E-WINDOW", "00_ThongTin", "B12", date(2024, 2, 29)),
    ("E-LOW", "00_ThongTin", "B13", 0),
    ("E-KIND", "00_ThongTin", "B14", "THAY_THE"),
    ("E-REASON", "00_ThongTin", "B15", None),
    ("E-CODE", "00_ThongTin", "B16", "USD"),
    ("W-DOC-NUMBER", "00_ThongTin", "B17", "số 5"),
    ("E-DAY", "00_ThongTin", "B18", "31/4/2024"),
    *[("E-REQ", "00_ThongTin", f"B{row}", None) for row in (8, 9, 11, 12, 13, 14, 16, 19, 20, 21, 22, 23, 24, 25)],
    ("W-EMAIL", "00_ThongTin", "B21", "không có"),
    ("E-NIL", "00_ThongTin", "B24", "Có"),
    ("E-CODE", "00_ThongTin", "B25", "KN-01/2030"),
]
BESIDE: dict[tuple[str, str, Any], list[tuple[str, str, Any]]] = {
    ("E-CASES", "J8", 5): [("04_HTCT_ANTT", "I8", 2)],
    ("E-MEMBERS", "F8", 9): [("04_HTCT_ANTT", "E8", 4)],
    ("E-VILLAGE", "B8", "99999-01"): [("04_HTCT_ANTT", "H8", 1)],
    ("E-VILLAGE-UNIT", "B8", "23848-01"): [("04_HTCT_ANTT", "H8", 1)],
    ("E-REASON", "B15", None): [("00_ThongTin", "B13", 2), ("00_ThongTin", "B14", "THAY_THE")],
    ("E-ACTIVITY-TWICE", "B14", "BHYT"): [("06_TongHop", f"{letter}13", 0) for letter in "DEFGHI"],
    ("E-NTM-YEAR", "W8", None): [("03_HoDan", "V8", "Có")],
    ("E-NTM-YEAR", "W8", 2025): [("03_HoDan", "V8", "Có")],
}
"""What must stand elsewhere for a rule to apply at all."""


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


def test_two_files_with_the_same_revision_are_both_parked(judge: Any, pleiku: Any) -> None:
    other = edited(pleiku(), ("02_HoatDong", "X8", "bản khác"))
    for examined in judge([pleiku(), other]):
        assert "E-REVISION-TWICE" in {finding.rule for finding in examined.findings.found}


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


def test_opening_figures_must_carry_over_from_the_month_before(judge: Any, pleiku: Any) -> None:
    def history(restated: bool) -> History:
        return History(
            pl.DataFrame(schema=LATEST_REVISIONS),
            pl.DataFrame([("23586-01", 21, 10, restated)], schema=PREVIOUS_CLOSE, orient="row"),
            pl.DataFrame(schema=PREVIOUS_CUMULATIVE),
        )

    for restated, rule in ((False, "E-CARRY"), (True, "W-CARRY")):
        [examined] = judge([pleiku()], history(restated))
        assert [(finding.rule, finding.cell) for finding in examined.findings.found] == [(rule, "G9")]


def test_cumulative_totals_must_follow_from_the_month_before(judge: Any, pleiku: Any) -> None:
    history = History(
        pl.DataFrame([("622", 0, None)], schema=LATEST_REVISIONS, orient="row"),
        pl.DataFrame(schema=PREVIOUS_CLOSE),
        pl.DataFrame([("622", "QUA_TET", 5)], schema=PREVIOUS_CUMULATIVE, orient="row"),
    )
    [examined] = judge([pleiku()], history)
    assert [(finding.rule, finding.cell) for finding in examined.findings.found] == [("W-CUM", "I14")]


def test_another_file_of_the_accepted_revision_is_a_conflict_and_the_same_content_is_none(
    judge: Any, pleiku: Any
) -> None:
    def history(content: str) -> History:
        latest = pl.DataFrame([("622", 1, content)], schema=LATEST_REVISIONS, orient="row")
        return History(latest, NO_HISTORY.previous_close, NO_HISTORY.previous_cumulative)

    [conflict] = judge([pleiku()], history("other"))
    assert conflict.verdict is Verdict.CONFLICTING
    assert [(finding.rule, finding.cell) for finding in conflict.findings.found] == [("E-REVISION-TWICE", "B13")]
    [same] = judge([pleiku()], history(str(conflict.statement["content_hash"])))
    assert (same.verdict, same.findings.found) == (Verdict.UNCHANGED, ())


def test_a_copy_of_another_months_rows_is_noticed(judge: Any, pleiku: Any) -> None:
    [original] = judge([pleiku()])
    alike = pl.DataFrame([(str(original.statement["likeness"]), "622", "2024-01")], schema=LIKENESSES, orient="row")
    [copy] = judge([edited(pleiku(), ("02_HoatDong", "B8", date(2024, 2, 7)))], replace(NO_HISTORY, likenesses=alike))
    assert [(finding.rule, finding.cell) for finding in copy.findings.found] == [("W-COPY", "B8")]
    assert "kỳ 2024-01" in copy.findings.found[0].message


def test_a_price_hundreds_of_times_the_units_own_is_a_slip(judge: Any, pleiku: Any) -> None:
    usual = pl.DataFrame([("622", "QUA_TET", "suất", 1_000.0)], schema=USUAL_PRICES, orient="row")
    [examined] = judge([pleiku()], replace(NO_HISTORY, usual_prices=usual))
    assert [(finding.rule, finding.cell) for finding in examined.findings.found] == [("W-SLIP", "T8")]
    assert "500 lần" in examined.findings.found[0].message


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


def test_a_revision_must_be_newer_than_the_accepted_one(judge: Any, pleiku: Any) -> None:
    latest = pl.DataFrame([("622", 2, "other")], schema=LATEST_REVISIONS, orient="row")
    [examined] = judge([pleiku()], History(latest, NO_HISTORY.previous_close, NO_HISTORY.previous_cumulative))
    assert ("E-REVISION", "B13") in {(finding.rule, finding.cell) for finding in examined.findings.found}


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


def test_every_rule_of_the_sheets_has_a_mutation_that_breaks_it() -> None:
    tried = {
        rule
        for group in (ACTIVITY_MUTATIONS, HOUSEHOLD_MUTATIONS, POLITICS_MUTATIONS, TOTAL_MUTATIONS, STATEMENT_MUTATIONS)
        for rule, *_ in group
    }
    elsewhere = {
        "E-SHEET", "E-HEADER", "E-COLUMN", "E-COLUMN-TWICE", "W-COLUMN-UNKNOWN", "W-GROUPED", "E-CARRY", "W-CARRY", "W-CUM",
        "E-REVISION", "E-REVISION-TWICE", "E-PERIOD", "E-PERIOD-FUTURE", "E-PERIOD-OLD", "E-EMPTY", "E-VILLAGE-MISSING",
        "W-VILLAGE-SILENT", "E-KHAC", "W-ROW-TWICE", "E-CTRL-MISSING", "W-SHEET-UNKNOWN", "W-HIDDEN", "W-SERIAL",
        "W-ENCODING", "E-ENCODING", "E-PERCENT", "W-SLIP", "W-COPY", "E-UNIT-BYGONE", "W-UNIT-OLD-NAME", "W-SENDER",
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
    assert {field.type for _, field in form.all_fields()} == set(CellType)


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
