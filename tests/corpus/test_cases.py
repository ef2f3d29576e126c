"""The inputs that once failed, each with its right outcome, beside two accepted months of the same unit."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from domain.findings import Verdict
from services.intake.check import Checked
from services.settings import PROGRAM, Settings
from tests.commands import check_workbook, collect_submissions

pytestmark = pytest.mark.slow
CASES = Path(os.environ.get("CASES", PROGRAM.parent / "shared" / "cases"))
ACCEPTED, WARNED = (Verdict.ACCEPTED,), (Verdict.ACCEPTED_WITH_WARNINGS,)
REJECTED, UNREADABLE = (Verdict.REJECTED,), (Verdict.UNREADABLE,)


@dataclass(frozen=True)
class Case:
    """One file: its verdict, findings as `rule cell` that it must have, words of its answer, rules it must not have."""

    file: str
    verdicts: tuple[Verdict, ...]
    found: tuple[str, ...] = ()
    says: str = ""
    never: str = ""
    """A pattern that no finding may match, as `rule cell sentence`."""


HALF_ROW = tuple(f"E-REQ {column}33" for column in "FGIJKSVW")
READING = (
    Case("footer-word-in-data/half_row.xlsx", REJECTED, HALF_ROW),
    Case("footer-word-in-data/half_row_after_head.xlsx", REJECTED, HALF_ROW, never="W-UNREAD"),
    Case(
        "two-sheets-one-name/twin_more_second.xlsx", REJECTED, ("E-SHEET-TWICE A1",), "“02_HoatDong” và “02 Hoạt động”"
    ),
    Case("two-sheets-one-name/twin_blank_first.xlsx", REJECTED, ("E-SHEET-TWICE A1",), never="E-CTRL"),
    Case("cells-without-address/errors_with_refs.xlsx", REJECTED, ("E-CELL Q9", "E-CELL U11"), "#REF!"),
    Case("cells-without-address/errors_no_refs.xlsx", REJECTED, ("E-CELL Q9", "E-CELL U11"), "#REF!"),
    Case("cells-without-address/err_required_no_refs.xlsx", REJECTED, ("E-CELL S8",), "#N/A", never="E-REQ|ghi 0"),
    Case("struck-through/strike.xlsx", WARNED, ("W-STRUCK A10", "W-STRUCK A12")),
    Case(
        "hidden-sheet-zero-height/hidden_sheets.xlsx",
        WARNED,
        ("W-HIDDEN A1",),
        "“02_HoatDong” đang ẩn.*“03_HoDan” đang ẩn",
    ),
    Case("hidden-sheet-zero-height/row_height0.xlsx", WARNED, ("W-HIDDEN A12",)),
    Case("package-names/workbook22.xlsx", ACCEPTED),
    Case("package-names/backslash.xlsx", ACCEPTED),
    Case("default-password/velvet.xlsx", ACCEPTED),
    Case("totals-row-words/total_0.xlsx", ACCEPTED),
    Case("totals-row-words/total_1.xlsx", ACCEPTED),
    Case("totals-row-words/total_3.xlsx", ACCEPTED),
    Case(
        "second-heading-better/second_heading_better.xlsx",
        REJECTED,
        ("E-COLUMN", "W-COLUMN-UNKNOWN R6"),
        "Tiền mặt \\(VNĐ\\)",
    ),
    Case("wps-cell-picture/wps_dispimg.xlsx", REJECTED, ("E-PICTURE H8", "E-PICTURE H12", "E-PICTURE X9"), "ảnh"),
    Case("external-link/extlink.xlsx", WARNED, ("W-LINKED R8",), "tệp khác"),
    Case(
        "merged-village/merge_village.xlsx", REJECTED, ("E-MERGED D8", "E-MERGED F8"), "D8:D10.*F8:F10", never="ghi 0"
    ),
    Case("mac-zip-names/csv_names_mac_noflag.zip", ACCEPTED),
    Case("footer-total-lies/total_lies.xlsx", REJECTED, ("E-TOTAL T208",), "368.548.000.*268.548.000"),
    Case("sheets-5000/sheets_5000.xlsx", UNREADABLE, (), r"có 500\d sheet"),
    Case("sst-count-lie/sst_unique_count_lie.xlsx", UNREADABLE, (), "đã hỏng"),
)
"""How files are read: where tables end, what is hidden, how packages are made."""


@pytest.fixture(scope="module")
def settings_before(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Settings:
    """A home in which the unit's months before the case are accepted."""
    settings = new_home()
    fill(settings, "2023-12", "2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    return settings


@pytest.fixture
def check_case(settings_before: Settings, tmp_path: Path) -> Callable[[str], Checked]:
    def check(file: str) -> Checked:
        if not CASES.is_dir():
            pytest.skip(f"{CASES} is not on this machine")
        return check_workbook(settings_before, CASES / file)

    return check


@pytest.mark.parametrize("case", READING, ids=[case.file for case in READING])
def test_a_case_has_its_right_outcome(case: Case, check_case: Any) -> None:
    checked = check_case(case.file)
    told = [f"{each.rule} {each.cell} {each.message}" for each in checked.findings.found]
    assert checked.verdict in case.verdicts, told
    for found in case.found:
        assert any(f"{line} ".startswith(f"{found} ") for line in told), (found, told)
    assert re.search(case.says, "\n".join(told), re.DOTALL), told
    assert not case.never or not [line for line in told if re.search(case.never, line)], told


def test_one_cause_is_told_once(check_case: Any) -> None:
    assert {each.rule for each in check_case("two-sheets-one-name/twin_blank_first.xlsx").findings.found} == {
        "E-SHEET-TWICE"
    }
    assert len(check_case("two-sheets-one-name/twin_blank_first.xlsx").findings.found) == 1
