"""Inputs of `shared/cases` whose values once stopped a run or passed without a word, with the right outcome of each."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from domain.findings import Verdict
from domain.period import Period
from domain.reference import Reference
from ingest.workbook.packed import pack
from ingest.workbook.read import read_workbook
from services.intake.judge import Circumstances, Examined, examine
from services.settings import PROGRAM
from tests.corpus.nasty import package, parts
from transforms.history import NO_HISTORY

pytestmark = pytest.mark.slow

CASES = PROGRAM.parent / "shared" / "cases"
Judge = Callable[..., Examined]


@pytest.fixture
def judge(sample_reference: Reference) -> Judge:
    def run(case: str, name: str) -> Examined:
        if not CASES.is_dir():
            pytest.skip("shared/cases does not stand beside this checkout")
        book = pack(read_workbook(CASES / case / name, "0000"))
        [found] = examine(
            [book], Circumstances({book.file: date(2024, 2, 16)}, sample_reference, NO_HISTORY, Period.parse("2013-01"))
        )
        return found

    return run


@pytest.mark.parametrize(
    ("case", "name", "rule", "sheet", "cell", "said"),
    [
        ("year-slip", "activity_2404.xlsx", "E-DATE", "02_HoatDong", "B8", "05/02/2404, ngoài khoảng năm 1900–2100"),
        ("year-slip", "activity_0024.xlsx", "E-DATE", "02_HoatDong", "B8", "05/02/0024, ngoài khoảng năm 1900–2100"),
        ("number-beyond-28-digits", "households_1e30.xlsx", "E-HIGH", "02_HoatDong", "M8", "lớn hơn mức cho phép"),
        ("number-beyond-28-digits", "total_1e300.xlsx", "E-HIGH", "06_TongHop", "H15", "lớn hơn mức cho phép"),
    ],
)
def test_a_value_that_cannot_be_is_told_at_its_cell_and_nowhere_else(
    judge: Judge, case: str, name: str, rule: str, sheet: str, cell: str, said: str
) -> None:
    examined = judge(case, name)
    assert examined.verdict is Verdict.REJECTED
    errors = [each for each in examined.findings.found if each.rule.startswith("E-")]
    assert {(each.rule, each.sheet, each.cell) for each in errors} == {(rule, sheet, cell)}
    assert said in errors[0].message


def test_a_dash_and_the_word_none_are_counted_as_zero_with_a_word(judge: Judge) -> None:
    examined = judge("dash-is-zero", "dash_poor.xlsx")
    assert examined.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    found = {(each.rule, each.cell) for each in examined.findings.found}
    # The file's own sums still hold what stood there before.
    assert found == {("W-ZERO", "N8"), ("W-ZERO", "P8"), ("W-TOTAL", "N208"), ("W-TOTAL", "P208")}


def test_names_are_kept_without_the_marks_that_nobody_sees(judge: Judge) -> None:
    examined = judge("zero-width-names", "t_zero_width_0.csv.zip")
    assert examined.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    assert {each.rule for each in examined.findings.found} == {"W-INVISIBLE"}
    names = examined.facts["households"]["village_name"].to_list()
    assert names[0] == "làng Ngó"
    assert not any("\u200b" in name for name in names)


def test_a_number_that_no_computer_can_hold_is_told_at_its_cell(
    tmp_path: Path, pleiku: Callable[..., bytes], reference: Reference
) -> None:
    entries = parts(pleiku())
    for name, content in entries.items():
        if name.startswith("xl/worksheets/"):
            entries[name] = content.replace(b"<v>2000000</v>", b"<v>1e999</v>")
    path = tmp_path / "endless.xlsx"
    path.write_bytes(package(entries))
    given = Circumstances({"0000": date(2024, 2, 16)}, reference, NO_HISTORY, Period.parse("2013-01"))
    [examined] = examine([pack(read_workbook(path, "0000"))], given)
    found = {(each.rule, each.sheet, each.cell) for each in examined.findings.found}
    assert {("E-NUMBER", "02_HoatDong", "S8"), ("E-NUMBER", "06_TongHop", "G14")} <= found
