"""Whoever has one sheet of the workbook in hand knows whose it is, what it goes with, and that a sample is one."""

import io

import openpyxl
import pytest

from reports.companions.tables_workbook import DRAFT_MARK, issued_workbook
from reports.packages import rewritten

pytestmark = pytest.mark.slow
SAMPLE = "SỐ LIỆU GIẢ ĐỊNH – không có giá trị pháp lý"
ISSUED = {
    "nd30": "Kèm theo Báo cáo số 05/BC-UBND ngày 05 tháng 02 năm 2024 của Ủy ban nhân dân tỉnh Gia Lai",
    "party": "Kèm theo Báo cáo số 05-BC/VPTU, ngày 05 tháng 02 năm 2024 của Văn phòng Tỉnh ủy Gia Lai",
}


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def head(sheet: openpyxl.worksheet.worksheet.Worksheet) -> str:
    return "\n".join(str(row[0].value) for row in sheet.iter_rows(max_row=5) if row[0].value)


def words(book: openpyxl.Workbook) -> str:
    return "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None
    )


@pytest.mark.parametrize("layout", ISSUED)
@pytest.mark.parametrize("state", ["draft", "issued"])
def test_every_sheet_bears_the_marks_in_its_head_and_on_its_printed_pages(
    documents: dict[str, bytes], layout: str, state: str
) -> None:
    book = opened(documents[f"{layout} {state} tables"])
    mark = DRAFT_MARK if state == "draft" else ISSUED[layout]
    assert len(book.worksheets) > 5
    for sheet in book:
        assert f"{mark}. {SAMPLE}" in head(sheet), sheet.title
        assert sheet.oddHeader.center.text == mark, sheet.title
        assert sheet.oddFooter.left.text == SAMPLE, sheet.title
    assert ("DỰ THẢO" in words(book)) == (state == "draft")


def test_the_first_sheet_leads_to_every_other_one(documents: dict[str, bytes]) -> None:
    book = opened(documents["nd30 issued tables"])
    cover, *others = book.worksheets
    assert cover.title == "Mục lục"
    links = {cell.value: cell.hyperlink.location for [cell] in cover.iter_rows(max_col=1) if cell.hyperlink}
    assert links == {sheet.title: f"'{sheet.title}'!A1" for sheet in others}
    told = words(book)
    assert "Bảng số liệu kèm theo báo cáo của Ủy ban nhân dân tỉnh Gia Lai" in told
    assert "Mã kiểm tra (SHA-256) của tệp số liệu: " in told
    for word in ("phát hành", "Dấu của"):
        assert word not in told
    assert cover.max_row < 40


def test_issuing_changes_the_marks_alone_and_gives_the_same_bytes_each_time(documents: dict[str, bytes]) -> None:
    draft = documents["nd30 draft tables"]
    issued = [issued_workbook(draft, ISSUED["nd30"]) for _ in range(2)]
    assert issued == [documents["nd30 issued tables"]] * 2
    before, after = opened(draft), opened(documents["nd30 issued tables"])
    assert words(after) == words(before).replace(DRAFT_MARK, ISSUED["nd30"])


def test_what_a_sender_is_called_breaks_no_workbook(documents: dict[str, bytes]) -> None:
    issued = issued_workbook(documents["nd30 draft tables"], "Kèm theo Báo cáo của <Sở> A & B")
    assert issued is not None
    sheet = opened(issued).worksheets[0]
    assert "Kèm theo Báo cáo của <Sở> A & B." in head(sheet)
    assert sheet.oddHeader.center.text == "Kèm theo Báo cáo của <Sở> A && B"


def test_a_workbook_without_the_mark_of_a_draft_is_not_issued(documents: dict[str, bytes]) -> None:
    draft = documents["nd30 draft tables"]
    mark = DRAFT_MARK.encode()

    def unmarked(name: str, content: bytes) -> bytes:
        return content.replace(mark, b"") if name.endswith("sheet2.xml") else content

    assert issued_workbook(rewritten(draft, unmarked), ISSUED["nd30"]) is None
    assert issued_workbook(b"no package", ISSUED["nd30"]) is None
