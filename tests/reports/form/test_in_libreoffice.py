"""What clerks open: the marked workbook and the form's own checks, computed by a real spreadsheet program."""

import io
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from domain.findings import Verdict
from domain.form import FEEDBACK_SHEET, SELF_CHECK_SHEET
from domain.period import Period
from domain.reference import Reference
from domain.submissions import ArrivalRecord
from ingest.workbook.packed import pack
from ingest.workbook.read import read_workbook
from reports.unit.answer import Understood, UnitAnswer
from reports.unit.feedback import can_be_marked, findings_workbook, mark_workbook
from services.intake.batches import batches_to_judge
from services.intake.judge import Circumstances, examine
from tests.builders import edited, form_filled_in
from tests.engines import saved_by_libreoffice
from transforms.history import NO_HISTORY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed (libreoffice-calc-nogui)"),
]
Convert = Callable[[dict[str, bytes], str], dict[str, bytes]]


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """Open files in LibreOffice and save them as another format."""
    return lambda files, suffix: saved_by_libreoffice(files, tmp_path, suffix)


def answered(folder: Path, contents: dict[str, bytes], reference: Reference) -> dict[str, UnitAnswer]:
    """The answer to each workbook; those of one month are judged in one pass, as in a collection."""
    books = []
    for name, content in contents.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(content)
        books.append(pack(read_workbook(path, name)))
    given = Circumstances(
        {book.file: date(2024, 2, 16) for book in books}, reference, NO_HISTORY, Period.parse("2013-01")
    )
    judged = [each for batch in batches_to_judge(books, reference) for each in examine(batch, given)]
    arrival = ArrivalRecord(1, "folder", "KN_622.xlsx", "f" * 64, None, datetime(2024, 2, 16, tzinfo=UTC))
    understood = Understood("622", "Pleiku", "2024-02", None, 1)
    return {each.file: UnitAnswer(arrival, each.verdict, understood, each.findings) for each in judged}


FAULTS = {
    "E-REQ": ("02_HoatDong", "F8", None),
    "E-NUMBER": ("02_HoatDong", "J8", "hai mươi"),
    "E-AMBIGUOUS": ("02_HoatDong", "J8", "15,000"),
    "E-WHOLE": ("02_HoatDong", "M8", 20.5),
    "E-DAY": ("02_HoatDong", "B8", "30/02/2024"),
    "E-CODE": ("02_HoatDong", "I8", "NOEL"),
    "E-LOW": ("02_HoatDong", "Q8", -5),
    "E-HIGH": ("02_HoatDong", "T8", 1e16),
    "E-LONG": ("02_HoatDong", "H8", "x" * 501),
    "E-CELL": ("02_HoatDong", "T8", "#REF!"),
    "E-DATE": ("02_HoatDong", "B8", date(2024, 2, 15)),
    "E-SUM": ("02_HoatDong", "T8", 10_000_001),
    "W-PRODUCT": ("02_HoatDong", "L8", 600_000),
    "W-UNASSIGNED": ("02_HoatDong", "F8", "Sở Xây dựng"),
    "E-VILLAGE": ("02_HoatDong", "D8", "99999-01"),
    "E-BAL": ("03_HoDan", "L8", 25),
    "E-HH-CLOSE": ("03_HoDan", "D8", 28),
    "W-VILLAGE-NAME": ("03_HoDan", "C8", "làng Ngol Tả"),
    "E-CTRL": ("06_TongHop", "D14", 19),
    "E-PERIOD": ("00_ThongTin", "B10", "tháng 2"),
    "E-WINDOW": ("00_ThongTin", "B11", date(2024, 1, 1)),
    "W-EMAIL": ("00_ThongTin", "B21", "không có"),
    "E-NIL": ("00_ThongTin", "B24", "Có"),
}


def test_the_marked_workbook_opens_and_points_at_the_right_cell(
    tmp_path: Path, convert: Convert, pleiku: Any, reference: Reference
) -> None:
    sound = pleiku()
    contents = {rule: edited(sound, change) for rule, change in FAULTS.items()}
    assert all(map(can_be_marked, contents.values()))
    answers = answered(tmp_path, contents, reference)
    opened = convert({f"{rule}.xlsx": mark_workbook(contents[rule], answers[rule]) for rule in FAULTS}, "xlsx")
    assert set(opened) == set(FAULTS)
    for rule, (sheet, cell, _) in FAULTS.items():
        book = openpyxl.load_workbook(io.BytesIO(opened[rule]))
        results = book[FEEDBACK_SHEET]
        assert book.sheetnames[0] == FEEDBACK_SHEET
        links = {
            str(row[3].hyperlink.location).replace("$", "").replace("'", "")
            for row in results.iter_rows()
            if len(row) > 3 and row[3].hyperlink
        }
        assert links & {f"{sheet}!{cell}", f"{sheet}.{cell}"}, rule
        assert any(cell in formats for formats in book[sheet].conditional_formatting), rule
        assert any(row[7].value == rule for row in results.iter_rows() if len(row) > 7), rule


def test_a_workbook_of_findings_stands_in_for_a_file_that_cannot_be_rewritten(
    tmp_path: Path, convert: Convert, pleiku: Any, reference: Reference
) -> None:
    content = edited(pleiku(), FAULTS["E-SUM"], ("02_HoatDong", "H8", "=1+1"))
    assert not can_be_marked(b"\xd0\xcf\x11\xe0")
    listed = findings_workbook(answered(tmp_path, {"one": content}, reference)["one"])
    book = openpyxl.load_workbook(io.BytesIO(convert({"list.xlsx": listed}, "xlsx")["list"]))
    assert book.sheetnames == [FEEDBACK_SHEET]
    cells = [cell for row in book[FEEDBACK_SHEET].iter_rows() for cell in row]
    assert "=1+1" in {cell.value for cell in cells}
    assert not any(cell.data_type == "f" for cell in cells)


@pytest.fixture
def form_with_checks(reference: Reference) -> bytes:
    return form_filled_in(reference)


def counted(content: bytes) -> dict[tuple[str, str], tuple[Any, Any]]:
    """For each rule and sheet, how many rows the form itself finds broken, and the first."""
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True)[SELF_CHECK_SHEET]
    found: dict[tuple[str, str], tuple[Any, Any]] = {}
    for _, name, first_row, count, _, _, code in sheet.iter_rows(min_row=7, max_col=7, values_only=True):
        if code:
            before, first = found.get((code, name), (0, None))
            found[code, name] = (before + count, first or first_row)
    return found


def test_the_form_finds_its_own_faults_by_the_provinces_rules(convert: Convert, form_with_checks: bytes) -> None:
    faults = {
        "sound": [],
        "E-SUM": [("02_HoatDong", "T8", 10_000_001)],
        "E-REQ": [("02_HoatDong", "J8", None)],
        "E-NUMBER": [("02_HoatDong", "J8", "hai mươi")],
        "E-CODE": [("02_HoatDong", "I8", "NOEL")],
        "E-LOW": [("02_HoatDong", "Q8", -5)],
        "E-DATE": [("02_HoatDong", "B8", date(2024, 3, 1))],
        "E-HH-POOR": [("02_HoatDong", "M8", 16)],
        "E-BAL": [("03_HoDan", "L9", 25)],
        "E-HH-CLOSE": [("03_HoDan", "D8", 28)],
        "E-CTRL": [("06_TongHop", "D14", 19)],
        "W-CUM": [("06_TongHop", "I14", 10_000_000)],
        "W-DTTS-SHARE": [("03_HoDan", "F8", 20)],
        "E-NTM-YEAR": [("03_HoDan", "V8", "Có")],
    }
    opened = convert({f"{rule}.xlsx": edited(form_with_checks, *changes) for rule, changes in faults.items()}, "xlsx")
    assert counted(opened["sound"]) == {}
    for rule, changes in faults.items():
        if not changes:
            continue
        [(sheet, cell, _)] = changes
        row = int("".join(letter for letter in cell if letter.isdigit()))
        assert counted(opened[rule])[rule, sheet] == (1, row), rule


def test_a_form_saved_in_other_formats_reads_back_the_same(
    tmp_path: Path, convert: Convert, pleiku: Any, reference: Reference
) -> None:
    sound = pleiku()
    told = []
    for suffix in ("xlsx", "ods", "xls"):
        content = convert({"form.xlsx": sound}, suffix)["form"]
        path = tmp_path / f"read.{suffix}"
        path.write_bytes(content)
        [examined] = examine(
            [pack(read_workbook(path, "f"))],
            Circumstances({"f": date(2024, 2, 16)}, reference, NO_HISTORY, Period.parse("2013-01")),
        )
        told.append((examined.verdict, examined.statement["content_hash"]))
        for leftover in (tmp_path / "after").iterdir():
            leftover.unlink()
    assert [verdict for verdict, _ in told] == [Verdict.ACCEPTED] * 3
    assert len({content for _, content in told}) == 1
