"""What stands beside the values of a sheet: struck, hidden, unseen, merged, linked, a picture, an error."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl.styles import Font, PatternFill

from ingest.workbook.raw_workbook import RawCell, RawWorkbook

SHEET, PART = "02_HoatDong", "xl/worksheets/sheet3.xml"
Changed = Callable[..., RawWorkbook]


def odd(book: RawWorkbook) -> list[tuple[str, int, int]]:
    return sorted((place.oddity, place.source_row, place.source_column) for place in book.odd)


def cell(book: RawWorkbook, row: int, column: int) -> RawCell:
    return next(
        each for each in book.cells if (each.table, each.source_row, each.source_column) == ("activities", row, column)
    )


def styled(address: str, **style: Any) -> Callable[[Any], None]:
    def change(book: Any) -> None:
        for name, value in style.items():
            setattr(book[SHEET][address], name, value)

    return change


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (styled("H8", font=Font(strike=True)), [("struck", 8, 8)]),
        (styled("R8", font=Font(color="FFFFFFFF")), [("unseen", 8, 18)]),
        (styled("R8", font=Font(color="FF00FF00"), fill=PatternFill("solid", fgColor="FF00FF00")), [("unseen", 8, 18)]),
        (styled("R8", number_format=";;;"), [("unseen", 8, 18)]),
        (styled("H8", number_format=";;;"), [("unseen", 8, 8)]),
        (styled("R8", font=Font(color="FFFFFFFF"), fill=PatternFill("solid", fgColor="FF000080")), []),
        (styled("R8", number_format='"0"'), [("unseen", 8, 18)]),
        (styled("R8", number_format="[Red]"), [("unseen", 8, 18)]),
        (styled("H8", number_format='0;-0;0;""'), [("unseen", 8, 8)]),
        (styled("R8", number_format='#,##0" đ";[Red]-#,##0" đ"'), []),
        (styled("B8", number_format='"ngày "dd"/"mm"/"yyyy'), []),
        (styled("R8", number_format="#,##0;-#,##0;;@"), []),
        (styled("Y9", font=Font(strike=True)), []),
    ],
)
def test_a_cell_that_is_struck_or_cannot_be_seen_is_asked_about(changed: Changed, change: Any, found: Any) -> None:
    assert odd(changed(change)) == found


def test_a_struck_row_is_asked_about_once(changed: Changed) -> None:
    def strike(book: Any) -> None:
        for each in book[SHEET][8]:
            each.font = Font(strike=True)

    assert odd(changed(strike)) == [("struck", 8, 1)]


def test_a_word_struck_inside_a_text_is_asked_about(repacked: Changed) -> None:
    def strike(parts: dict[str, bytes]) -> dict[str, bytes]:
        run = "<is><r><rPr><strike/></rPr><t>Tặng quà</t></r><r><t> Tết cho hộ</t></r></is>".encode()
        changed = re.sub(rb'(<c r="H8" s="\d+") t="s"><v>\d+</v>', rb'\1 t="inlineStr">' + run, parts[PART])
        return parts | {PART: changed}

    assert odd(repacked(strike)) == [("struck", 8, 8)]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_read_and_asked_about(changed: Changed, state: str) -> None:
    book = changed(lambda book: setattr(book["03_HoDan"], "sheet_state", state))
    assert [(place.oddity, place.sheet) for place in book.odd] == [("hidden_sheet", "03_HoDan")]


@pytest.mark.parametrize(
    "change",
    [
        lambda book: setattr(book[SHEET].row_dimensions[8], "height", 0.75),
        lambda book: setattr(book[SHEET].row_dimensions[8], "hidden", True),
        lambda book: setattr(book[SHEET].sheet_format, "zeroHeight", True),
    ],
)
def test_a_row_without_height_is_a_hidden_row(changed: Changed, change: Any) -> None:
    assert cell(changed(change), 8, 18).is_hidden


def test_a_row_of_height_nought_is_a_hidden_row(repacked: Changed) -> None:
    flat = b'<row r="8" ht="0" customHeight="1"'
    book = repacked(lambda parts: parts | {PART: parts[PART].replace(b'<row r="8"', flat)})
    assert cell(book, 8, 18).is_hidden


def test_a_column_without_width_is_a_hidden_column(changed: Changed) -> None:
    book = changed(lambda book: setattr(book[SHEET].column_dimensions["W"], "width", 0.01))
    assert (cell(book, 8, 23).is_hidden, cell(book, 8, 24).is_hidden) == (True, False)


def test_cells_under_a_merged_range_know_it(changed: Changed) -> None:
    def merge(book: Any) -> None:
        sheet = book[SHEET]
        for column in range(2, 25):
            sheet.cell(9, column).value = sheet.cell(8, column).value
        sheet.merge_cells("D8:D9")
        sheet.merge_cells("X8:X9")
        sheet.merge_cells("B300:D300")

    book = changed(merge)
    assert (cell(book, 8, 4).merged, cell(book, 9, 4).merged) == (None, "D8:D9")
    assert odd(book) == [("merged", 8, 4), ("merged_remark", 8, 24)]


@pytest.mark.parametrize(
    ("formula", "is_linked"),
    [
        ("[1]Thang1!$C$5", True),
        ("SUM('[2]Tháng 1'!$C$5:$C$9)", True),
        ("[1]!Tong", True),
        ("SUM(R9:R10)", False),
        ("SUM(Table1[Cột 1])", False),
        ("Table1[1]+Table2[2]", False),
    ],
)
def test_a_value_from_another_file_is_asked_about(repacked: Changed, formula: str, is_linked: bool) -> None:
    def link(parts: dict[str, bytes]) -> dict[str, bytes]:
        new = rb"\1><f>" + formula.encode() + rb"</f><v>"
        return parts | {PART: re.sub(rb'(<c r="R8" s="\d+")><v>', new, parts[PART])}

    assert odd(repacked(link)) == ([("linked", 8, 18)] if is_linked else [])


def test_a_name_that_stands_for_another_file_is_a_link_too(repacked: Changed) -> None:
    def link(parts: dict[str, bytes]) -> dict[str, bytes]:
        xml = re.sub(rb'(<c r="R8" s="\d+")><v>', rb"\1><f>SUM(TienThang1)</f><v>", parts[PART])
        book = parts["xl/workbook.xml"]
        defined = b'<definedName name="TienThang1">[1]Thang1!$C$5</definedName>'
        if b"<definedNames>" in book:
            book = book.replace(b"<definedNames>", b"<definedNames>" + defined, 1)
        else:
            book = book.replace(b"</sheets>", b"</sheets><definedNames>" + defined + b"</definedNames>", 1)
        return parts | {PART: xml, "xl/workbook.xml": book}

    assert odd(repacked(link)) == [("linked", 8, 18)]


def test_the_copies_of_a_shared_formula_are_linked_too(repacked: Changed) -> None:
    def link(parts: dict[str, bytes]) -> dict[str, bytes]:
        xml = re.sub(rb'(<c r="R8" s="\d+")><v>', rb'\1><f t="shared" ref="R8:S8" si="0">[1]A!B1</f><v>', parts[PART])
        return parts | {PART: re.sub(rb'(<c r="S8" s="\d+")><v>', rb'\1><f t="shared" si="0"/><v>', xml)}

    assert odd(repacked(link)) == [("linked", 8, 18), ("linked", 8, 19)]


@pytest.mark.parametrize(
    "content",
    [
        b't="str"><f>_xlfn.DISPIMG("ID_0A",1)</f><v>=DISPIMG("ID_0A",1)</v>',
        b't="e" vm="1"><v>#VALUE!</v>',
        b't="e" vm="1"><f>_xlfn.IMAGE("https://a.vn/b.png")</f><v>#VALUE!</v>',
    ],
)
def test_a_picture_in_a_cell_is_no_text(repacked: Changed, content: bytes) -> None:
    def draw(parts: dict[str, bytes]) -> dict[str, bytes]:
        new = rb"\1 " + content.replace(b"\\", b"\\\\") + b"</c>"
        return parts | {PART: re.sub(rb'(<c r="H8" s="\d+") t="s"><v>\d+</v></c>', new, parts[PART])}

    assert cell(repacked(draw), 8, 8).kind == "picture"


@pytest.mark.parametrize("also_rows", [False, True])
def test_cells_that_do_not_say_where_they_stand_follow_each_other(repacked: Changed, also_rows: bool) -> None:
    def strip(parts: dict[str, bytes]) -> dict[str, bytes]:
        xml = re.sub(rb'(<c r="R8" s="\d+")><v>\d+</v>', rb'\1 t="e"><v>#REF!</v>', parts[PART])
        # Rows that hold nothing are left out of the file; only a row that says its number can come after them.
        rows = rb'<c r="[A-Z]+\d+"|<row r="[78]"' if also_rows else rb'<c r="[A-Z]+\d+"'
        return parts | {PART: re.sub(rows, lambda found: found[0].split(b' r="')[0], xml)}

    book = repacked(strip)
    assert (cell(book, 8, 18).kind, cell(book, 8, 18).text, cell(book, 8, 19).number) == ("error", "#REF!", 2_000_000)


def test_an_ordinary_workbook_has_nothing_odd(
    changed: Changed, read: Callable[[bytes], RawWorkbook], pleiku: Any
) -> None:
    assert changed(lambda book: None).odd == []
    assert read(pleiku()).odd == []
