"""The sender's workbook back: marked where it is wrong, otherwise as it came, and clean again once it was mended."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill

from domain.findings import Finding, Severity
from domain.form import FEEDBACK_SHEET
from ingest.workbook.limits import Limits
from ingest.workbook.read_cells import read_cells
from reports.unit.feedback import can_be_marked, findings_workbook, holds_own_sheets, mark_workbook
from tests.answers import answer, finding
from tests.builders import edited

RED, YELLOW = "FFF4B6B6", "FFFFE699"
pytestmark = pytest.mark.filterwarnings("ignore:Data Validation extension")


def colours(content: bytes) -> dict[str, str]:
    """The colour at each cell that a mark colours, sheets by their names; the form's own colours are others."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        f"{sheet.title}!{cell}": rule.dxf.fill.bgColor.rgb
        for sheet in book.worksheets
        for formats in sheet.conditional_formatting
        for rule in formats.rules
        if is_mark(rule)
        for each in formats.sqref.ranges
        for row in sheet.iter_rows(each.min_row, each.max_row, each.min_col, each.max_col)
        for cell in (one.coordinate for one in row)
    }


def is_mark(rule: Rule) -> bool:
    return rule.dxf.fill is not None and rule.dxf.fill.bgColor.rgb in (RED, YELLOW)


def notes(content: bytes) -> dict[str, str]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        f"{sheet.title}!{cell.coordinate}": cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.comment and cell.comment.text.startswith(FEEDBACK_SHEET)
    }


def cells_of(content: bytes, folder: Path) -> list[Any]:
    """What the reader takes from it, without our own sheet."""
    path = folder / "read.xlsx"
    path.write_bytes(content)
    return [sheet for sheet in read_cells(path, Limits()).sheets if sheet.name != FEEDBACK_SHEET]


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


FAULT, QUESTION = finding("02_HoatDong", "T8"), finding("03_HoDan", "D8", "W-JUMP", "Tăng nhiều.")


def test_a_faulty_cell_is_coloured_and_says_what_to_do_with_the_code_last(pleiku: Callable[..., bytes]) -> None:
    marked = mark_workbook(pleiku(), answer(FAULT, QUESTION))
    assert colours(marked) == {"02_HoatDong!T8": RED, "03_HoDan!D8": YELLOW}
    assert notes(marked)["02_HoatDong!T8"] == f"{FEEDBACK_SHEET}\nTổng trị giá lệch. Sửa lại. [E-SUM]"


def test_the_marks_of_an_earlier_answer_disappear_once_mended(pleiku: Callable[..., bytes], tmp_path: Path) -> None:
    content = pleiku()
    first = mark_workbook(content, answer(FAULT, QUESTION))
    mended = edited(first, ("02_HoatDong", "T8", 10_000_000))
    second = mark_workbook(mended, answer(QUESTION))
    assert colours(second) == {"03_HoDan!D8": YELLOW}
    assert list(notes(second)) == ["03_HoDan!D8"]
    assert openpyxl.load_workbook(io.BytesIO(second)).sheetnames.count(FEEDBACK_SHEET) == 1
    clean = mark_workbook(second, answer())
    assert (colours(clean), notes(clean)) == ({}, {})


def test_a_marked_workbook_sent_back_is_read_as_the_one_that_came(pleiku: Callable[..., bytes], tmp_path: Path) -> None:
    content = pleiku()
    once = mark_workbook(content, answer(FAULT, QUESTION))
    assert cells_of(once, tmp_path) == cells_of(content, tmp_path)
    assert cells_of(mark_workbook(once, answer(QUESTION)), tmp_path) == cells_of(content, tmp_path)


def test_a_copied_mark_disappears_with_the_others(pleiku: Callable[..., bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(mark_workbook(pleiku(), answer(FAULT))))
    marks = [rule for each in book["02_HoatDong"].conditional_formatting for rule in each.rules if is_mark(rule)]
    for rule in marks:
        book["03_HoDan"].conditional_formatting.add("D9:E10", rule)
    saved = io.BytesIO()
    book.save(saved)
    assert len(colours(saved.getvalue())) == 5
    assert colours(mark_workbook(saved.getvalue(), answer())) == {}


def test_the_fills_of_the_version_before_this_one_disappear_too(pleiku: Callable[..., bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pleiku()))
    cell = book["02_HoatDong"]["T8"]
    cell.fill, cell.comment = PatternFill("solid", fgColor=RED), Comment("E-SUM: lệch", "ketnghia")
    before = io.BytesIO()
    book.save(before)
    after = openpyxl.load_workbook(io.BytesIO(mark_workbook(before.getvalue(), answer())))["02_HoatDong"]["T8"]
    assert after.fill.fill_type is None
    assert after.comment is None
    assert after.number_format == cell.number_format


def test_a_senders_own_yellow_stays(pleiku: Callable[..., bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pleiku()))
    book["02_HoatDong"]["X8"].fill = PatternFill("solid", fgColor=YELLOW)
    before = io.BytesIO()
    book.save(before)
    after = openpyxl.load_workbook(io.BytesIO(mark_workbook(before.getvalue(), answer(FAULT))))
    assert after["02_HoatDong"]["X8"].fill.fgColor.rgb == YELLOW


def test_what_no_library_writes_back_survives_the_marking(pleiku: Callable[..., bytes]) -> None:
    extension = (
        b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
        b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"><x14:dataValidations '
        b'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main" count="1"><x14:dataValidation type="list">'
        b"<x14:formula1><xm:f>DM!$A$1:$A$9</xm:f></x14:formula1><xm:sqref>G8:G207</xm:sqref></x14:dataValidation>"
        b"</x14:dataValidations></ext></extLst></worksheet>"
    )
    before = parts(pleiku())
    sheet = "xl/worksheets/sheet3.xml"
    before[sheet] = before[sheet].replace(b"</worksheet>", extension)
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in before.items():
            package.writestr(name, content)
    after = parts(mark_workbook(written.getvalue(), answer(FAULT)))
    assert b"<x14:formula1><xm:f>DM!$A$1:$A$9</xm:f></x14:formula1><xm:sqref>G8:G207</xm:sqref>" in after[sheet]
    kept = ("cols", "sheetData", "sheetProtection", "dataValidations", "pageSetup")
    for element in kept:
        [original] = re.findall(rf"<{element}[ >].*?(?:</{element}>|/>)".encode(), before[sheet], re.DOTALL)[:1]
        assert original in after[sheet], element
    touched = {name for name in before if before[name] != after[name]}
    own = r"(\[Content_Types\]|.*\.rels|xl/(workbook|styles|worksheets/sheet\d)\.xml|xl/comments\d\.xml|xl/drawings/.*vml)"
    assert all(re.match(own, name) for name in touched)


def test_pictures_charts_and_other_peoples_notes_survive_the_marking() -> None:
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet("02_HoatDong")
        sheet.write_row("A1", [1, 2, 3])
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "='02_HoatDong'!$A$1:$C$1"})
        sheet.insert_chart("E5", chart)
        sheet.write_comment("A1", "Ghi chú của đơn vị", {"author": "Văn thư"})
        sheet.conditional_format("A1:C1", {"type": "3_color_scale"})
        sheet.freeze_panes(1, 0)
    marked = mark_workbook(written.getvalue(), answer(finding("02_HoatDong", "A1"), finding("02_HoatDong", "B1")))
    before, after = parts(written.getvalue()), parts(marked)
    for name in ("xl/charts/chart1.xml", "xl/drawings/drawing1.xml", "xl/theme/theme1.xml"):
        assert after[name] == before[name]
    book_after = openpyxl.load_workbook(io.BytesIO(marked))
    told = {cell.coordinate: cell.comment.text for cell in book_after["02_HoatDong"][1] if cell.comment}
    assert told["A1"] == "Ghi chú của đơn vị"
    assert told["B1"].startswith(FEEDBACK_SHEET)
    kinds = [rule.type for each in book_after["02_HoatDong"].conditional_formatting for rule in each.rules]
    assert sorted(kinds) == ["colorScale", "expression"]


@pytest.mark.parametrize(("cell", "corner"), [("T150", "Q147"), ("B9", "A8"), ("C2", "A8")])
def test_it_opens_with_the_first_faulty_cell_selected_and_in_view(
    pleiku: Callable[..., bytes], cell: str, corner: str
) -> None:
    fault = finding("02_HoatDong", cell)
    book = openpyxl.load_workbook(
        io.BytesIO(mark_workbook(pleiku(), answer(fault, finding("00_ThongTin", "B8", "W-A"))))
    )
    assert book.sheetnames[0] == FEEDBACK_SHEET
    assert book.active is not None
    assert book.active.title == "02_HoatDong"
    view = book["02_HoatDong"].sheet_view
    assert view.selection[0].activeCell == cell
    assert view.pane is not None
    assert view.pane.topLeftCell == corner
    assert [sheet.title for sheet in book.worksheets if sheet.sheet_view.tabSelected] == ["02_HoatDong"]


def test_a_hidden_sheet_is_not_opened(pleiku: Callable[..., bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pleiku()))
    book["02_HoatDong"].sheet_state = "hidden"
    saved = io.BytesIO()
    book.save(saved)
    marked = openpyxl.load_workbook(io.BytesIO(mark_workbook(saved.getvalue(), answer(FAULT))))
    assert marked.active is not None
    assert marked.active.title == FEEDBACK_SHEET
    assert marked["02_HoatDong"].sheet_state == "hidden"


def test_a_finding_below_a_merged_cell_is_shown_at_the_cell_that_is_seen(pleiku: Callable[..., bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pleiku()))
    book["02_HoatDong"].merge_cells("D8:D10")
    saved = io.BytesIO()
    book.save(saved)
    marked = mark_workbook(saved.getvalue(), answer(finding("02_HoatDong", "D9")))
    assert list(colours(marked)) == ["02_HoatDong!D8"]


def test_print_titles_and_ranges_stay_with_their_sheets(pleiku: Callable[..., bytes]) -> None:
    before = openpyxl.load_workbook(io.BytesIO(pleiku()))
    after = openpyxl.load_workbook(io.BytesIO(mark_workbook(mark_workbook(pleiku(), answer(FAULT)), answer(QUESTION))))
    assert {sheet.title: sheet.print_title_rows for sheet in before.worksheets} == {
        sheet.title: sheet.print_title_rows for sheet in after.worksheets if sheet.title != FEEDBACK_SHEET
    }


def test_the_sheet_of_results_names_each_cause_once_with_its_code_last(pleiku: Callable[..., bytes]) -> None:
    faults = [finding("02_HoatDong", f"T{row}", sentence=f"Dòng {row} lệch.") for row in range(8, 20)]
    sheet = openpyxl.load_workbook(io.BytesIO(mark_workbook(pleiku(), answer(*faults))))[FEEDBACK_SHEET]
    rows = [[cell.value for cell in row if cell.value] for row in sheet.iter_rows()]
    [cause] = [row for row in rows if row[-1:] == ["E-SUM"]]
    assert cause[:4] == ["1", "Lỗi", "02_HoatDong", "T8:T19 (12 ô)"]
    assert sum("Sửa lại." in row for row in rows) == 1
    links = [cell.hyperlink.location for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    assert links == ["'02_HoatDong'!T8", *(f"'02_HoatDong'!T{row}" for row in range(8, 20))]


def test_text_that_a_sender_typed_is_never_a_formula(pleiku: Callable[..., bytes]) -> None:
    typed = Finding("02_HoatDong", 8, 8, "H8", "E-X", Severity.ERROR, "=1+1", "Lạ", "=HYPERLINK(1)\x0b", "")
    sheet = openpyxl.load_workbook(io.BytesIO(mark_workbook(pleiku(), answer(typed))))[FEEDBACK_SHEET]
    values = [cell for row in sheet.iter_rows() for cell in row]
    assert "=1+1" in {cell.value for cell in values}
    assert not any(cell.data_type == "f" for cell in values)


def test_a_list_of_findings_stands_in_for_a_file_that_cannot_be_marked(pleiku: Callable[..., bytes]) -> None:
    listed = findings_workbook(answer(FAULT))
    assert openpyxl.load_workbook(io.BytesIO(listed)).sheetnames == [FEEDBACK_SHEET]
    assert not holds_own_sheets(listed)
    assert holds_own_sheets(mark_workbook(pleiku(), answer(FAULT)))
    assert listed == findings_workbook(answer(FAULT))


def test_a_workbook_with_macros_or_a_signature_is_left_alone(pleiku: Callable[..., bytes]) -> None:
    sound = parts(pleiku())
    with_macros = {
        name: content.replace(b"spreadsheetml.sheet.main+xml", b"ms-excel.sheet.macroEnabled.main+xml")
        for name, content in sound.items()
    }
    for changed in (with_macros, sound | {"_xmlsignatures/sig1.xml": b"<Signature/>"}):
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w") as package:
            for name, content in changed.items():
                package.writestr(name, content)
        assert not can_be_marked(written.getvalue())
    assert can_be_marked(pleiku())
    assert not can_be_marked(b"\xd0\xcf\x11\xe0")


def test_the_same_answer_gives_the_same_bytes(pleiku: Callable[..., bytes]) -> None:
    content = pleiku()
    assert mark_workbook(content, answer(FAULT)) == mark_workbook(content, answer(FAULT))


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed (libreoffice-calc-nogui)")
def test_the_marks_disappear_though_another_program_saved_them(pleiku: Callable[..., bytes], tmp_path: Path) -> None:
    (tmp_path / "marked.xlsx").write_bytes(mark_workbook(pleiku(), answer(FAULT, QUESTION)))
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    command = ["soffice", "--headless", profile, "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved")]
    subprocess.run([*command, str(tmp_path / "marked.xlsx")], capture_output=True, check=True, timeout=300)
    saved = (tmp_path / "saved" / "marked.xlsx").read_bytes()
    assert len(colours(saved)) == len(notes(saved)) == 2
    again = mark_workbook(saved, answer(QUESTION))
    assert list(colours(again)) == list(notes(again)) == ["03_HoDan!D8"]


def test_a_finding_about_a_range_is_shown_at_its_first_cell(pleiku: Callable[..., bytes]) -> None:
    given = replace(FAULT, cell="D8:D10")
    marked = mark_workbook(pleiku(), answer(given, replace(FAULT, cell="(cả sheet)", rule="E-X")))
    assert list(colours(marked)) == ["02_HoatDong!D8"]


def test_only_one_sheet_is_selected_where_no_fault_can_be_shown(pleiku: Callable[..., bytes]) -> None:
    marked = openpyxl.load_workbook(io.BytesIO(mark_workbook(pleiku(), answer(replace(FAULT, sheet="07_Thiếu")))))
    assert [sheet.title for sheet in marked.worksheets if sheet.sheet_view.tabSelected] == [FEEDBACK_SHEET]


@pytest.mark.slow
def test_a_thousand_faulty_rows_are_marked(pleiku: Callable[..., bytes]) -> None:
    faults = [finding("02_HoatDong", f"{letter}{row}") for row in range(8, 1008, 2) for letter in "JLRST"]
    marked = mark_workbook(pleiku(), answer(*faults))
    assert len(colours(marked)) == 2500
    assert len(notes(marked)) == 2000
