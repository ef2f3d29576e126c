import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from domain.errors import UnreadableFile
from ingest.workbook.raw_workbook import RawCell, RawWorkbook
from ingest.workbook.read import read_workbook


def cell(book: RawWorkbook, table: str, field: str, row: int) -> RawCell:
    return next(c for c in book.cells if (c.table, c.field, c.source_row) == (table, field, row))


@pytest.fixture
def edited(tmp_path: Path, pleiku: Any) -> Any:
    """Pleiku's workbook, edited and saved by another program."""

    def edit(change: Any) -> RawWorkbook:
        path = tmp_path / "edited.xlsx"
        path.write_bytes(pleiku())
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)
        return read_workbook(path, "edited")

    return edit


def test_cells_keep_the_row_and_column_that_excel_shows(edited: Any) -> None:
    book = edited(lambda book: None)
    found = cell(book, "activities", "cash_vnd", 8)
    assert (found.source_column, found.number) == (18, 8_000_000.0)


def test_rows_put_in_above_the_heading_shift_nothing(edited: Any) -> None:
    book = edited(lambda book: book["02_HoatDong"].insert_rows(1, 3))
    assert cell(book, "activities", "cash_vnd", 11).number == 8_000_000.0


def test_totals_signatures_and_notes_are_passed_over(edited: Any) -> None:
    def sign(book: Any) -> None:
        sheet = book["02_HoatDong"]
        sheet["C215"] = "Nguyễn Văn A"
        sheet["B216"] = "Ghi chú: đã rà soát"

    rows = {c.source_row for c in edited(sign).cells if c.table == "activities"}
    assert rows == {8}


def test_a_village_called_cộng_hòa_is_no_row_of_totals(edited: Any) -> None:
    def rename(book: Any) -> None:
        sheet = book["02_HoatDong"]
        sheet["D8"], sheet["E8"] = None, "Cộng Hòa"

    assert cell(edited(rename), "activities", "village_name", 8).text == "Cộng Hòa"


def test_data_below_the_signatures_is_not_lost(edited: Any) -> None:
    def add(book: Any) -> None:
        sheet = book["02_HoatDong"]
        for column in range(2, 25):
            sheet.cell(220, column).value = sheet.cell(8, column).value

    rows = {c.source_row for c in edited(add).cells if c.table == "activities"}
    assert rows == {8, 220}


def test_an_error_cell_and_an_uncomputed_formula_are_no_blanks(edited: Any) -> None:
    def spoil(book: Any) -> None:
        book["02_HoatDong"]["R8"] = "#REF!"
        book["02_HoatDong"]["S8"] = "=R8*2"

    book = edited(spoil)
    assert [cell(book, "activities", name, 8).kind for name in ("cash_vnd", "inkind_vnd")] == ["error", "error"]


def test_an_unknown_column_is_told_never_dropped(edited: Any) -> None:
    def add(book: Any) -> None:
        book["03_HoDan"].cell(6, 30).value = "Hộ có xe máy"
        book["03_HoDan"].cell(8, 30).value = 12

    assert "Hộ có xe máy" in [column.caption for column in edited(add).columns if column.field is None]


def test_captions_are_known_by_meaning_not_by_case_or_tone_placement(edited: Any) -> None:
    def respell(book: Any) -> None:
        book["02_HoatDong"]["F6"] = "ĐƠN VỊ  THỰC HIỆN"

    assert cell(edited(respell), "activities", "org_id", 8).text.startswith("Phòng Tư pháp")


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04broken", b"%PDF-1.7", b"<html></html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_no_workbook_is_refused_with_a_reason(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match="Tệp"):
        read_workbook(path, "x")


def test_a_single_flipped_bit_is_noticed(tmp_path: Path, pleiku: Any) -> None:
    content = bytearray(pleiku())
    content[len(content) // 3] ^= 1
    path = tmp_path / "x.xlsx"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile):
        read_workbook(path, "x")


def test_a_sheet_of_charts_among_the_sheets_does_no_harm(edited: Any) -> None:
    book = edited(lambda book: book.create_chartsheet("Biểu đồ"))
    assert cell(book, "activities", "cash_vnd", 8).number == 8_000_000.0


def test_a_far_cell_that_would_exhaust_memory_is_refused_with_its_sheet(edited: Any) -> None:
    def stray(book: Any) -> None:
        book["02_HoatDong"]["XFD1048576"] = 1

    with pytest.raises(UnreadableFile, match="02_HoatDong"):
        edited(stray)


@pytest.mark.slow
def test_a_package_that_swells_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", bytes(600 * 2**20))
    with pytest.raises(UnreadableFile, match="phình"):
        read_workbook(path, "x")
