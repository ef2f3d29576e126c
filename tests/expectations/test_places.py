"""What nobody reads, or nobody sees, is told at its place, once, in words that say what to do."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

from domain.findings import Finding, Verdict

pytestmark = pytest.mark.slow
SHEET = "02_HoatDong"


@pytest.fixture
def found(judge: Any, pleiku: Any) -> Callable[[Callable[[Any], object]], list[Finding]]:
    def take(change: Callable[[Any], object]) -> list[Finding]:
        book = openpyxl.load_workbook(io.BytesIO(pleiku()))
        change(book)
        buffer = io.BytesIO()
        book.save(buffer)
        [examined] = judge([buffer.getvalue()])
        return list(examined.findings.found)

    return take


def put(**cells: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        for address, value in cells.items():
            book[SHEET][address] = value

    return change


def told(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(each.rule, each.cell) for each in findings}


def test_an_error_is_told_as_an_error_and_never_as_a_blank(found: Any) -> None:
    findings = found(put(M8="#N/A", S8="#REF!", D8="#NAME?"))
    assert told(findings) >= {("E-CELL", "M8"), ("E-CELL", "S8"), ("E-CELL", "D8")}
    assert [each.rule for each in findings if each.cell in ("M8", "S8", "D8") and each.rule != "E-CELL"] == []


def test_a_merged_range_is_named_by_whatever_is_said_of_its_cells(found: Any) -> None:
    def merge(book: Any) -> None:
        for cell in book[SHEET][8]:
            book[SHEET].cell(9, cell.column).value = cell.value
        book[SHEET].merge_cells("D8:D9")
        book[SHEET].merge_cells("S8:S9")

    findings = found(merge)
    assert told(findings) >= {("E-MERGED", "D8"), ("E-MERGED", "S8")}
    below = [each for each in findings if each.cell in ("D9", "S9")]
    assert all("D8:D9" in each.message or "S8:S9" in each.message for each in below)
    assert not any("ghi 0" in each.message for each in findings)


def test_a_written_total_that_its_rows_do_not_come_to_is_an_error_at_its_cell(found: Any) -> None:
    [finding] = [each for each in found(put(T208=110_000_000)) if each.rule == "E-TOTAL"]
    assert finding.cell == "T208"
    assert "110.000.000" in finding.sentence
    assert "10.000.000" in finding.sentence


def test_a_total_of_nothing_is_wrong_too_and_is_told_the_sum_of_the_rows_above(found: Any) -> None:
    for written in (0, 1_000_000):
        [finding] = [each for each in found(put(T208=written)) if each.rule == "E-TOTAL"]
        assert "được 10.000.000" in finding.sentence


def test_a_wrong_total_of_a_count_is_asked_about(found: Any) -> None:
    assert [(each.rule, each.cell) for each in found(put(M208=21))] == [("W-TOTAL", "M208")]


def test_a_hidden_sheet_and_a_struck_row_are_questions(found: Any) -> None:
    def hide(book: Any) -> None:
        book["03_HoDan"].sheet_state = "hidden"
        book[SHEET]["H8"].font = Font(strike=True)

    findings = found(hide)
    assert {(each.rule, each.sheet, each.cell) for each in findings} == {
        ("W-HIDDEN", "03_HoDan", "A1"),
        ("W-STRUCK", SHEET, "H8"),
    }


def test_two_sheets_of_one_name_are_one_error(found: Any) -> None:
    def blank_first(book: Any) -> None:
        book.copy_worksheet(book[SHEET]).title = "02 Hoạt động"
        for row in book[SHEET].iter_rows(min_row=8, max_row=200):
            for cell in row:
                cell.value = None

    [finding] = found(blank_first)
    assert (finding.rule, finding.sheet) == ("E-SHEET-TWICE", SHEET)


def test_what_stands_below_the_table_is_quoted_in_the_answer(judge: Any, pleiku: Any) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pleiku()))
    book[SHEET]["H216"] = "Còn 70.000.000 đ của Sở Xây dựng"
    buffer = io.BytesIO()
    book.save(buffer)
    [examined] = judge([buffer.getvalue()])
    [finding] = examined.findings.found
    assert (finding.rule, finding.cell) == ("W-UNREAD", "H216")
    assert finding.sentence == "Dòng 216 không được đọc: “Còn 70.000.000 đ của Sở Xây dựng”."
    assert examined.verdict is Verdict.ACCEPTED_WITH_WARNINGS
