"""Where a table ends, and what becomes of every row below its captions."""

from collections.abc import Callable
from typing import Any

import pytest

from ingest.workbook.raw_workbook import RawWorkbook

Changed = Callable[..., RawWorkbook]
SHEET = "02_HoatDong"
LINE = range(2, 25)


def data_rows(book: RawWorkbook, table: str = "activities") -> set[int]:
    return {cell.source_row for cell in book.cells if cell.table == table}


def oddities(book: RawWorkbook) -> set[tuple[str, int]]:
    return {(place.oddity, place.source_row) for place in book.odd}


def copy_row(book: Any, *rows: int) -> None:
    sheet = book[SHEET]
    for row in rows:
        for column in LINE:
            sheet.cell(row, column).value = sheet.cell(8, column).value


def put(book: Any, **cells: Any) -> None:
    for address, value in cells.items():
        book[SHEET][address] = value


@pytest.mark.parametrize("words", ["Thủ trưởng đơn vị thăm già làng", "Người lập hồ sơ hộ nghèo", "Thủ trưởng đơn vị"])
def test_a_description_that_begins_like_a_signature_ends_no_table(changed: Changed, words: str) -> None:
    def half(book: Any) -> None:
        copy_row(book, 9)
        put(book, H9=words, D10="23586-01", H10="Xây nhà", R10=70_000_000)

    book = changed(half)
    assert data_rows(book) == {8, 9, 10}
    assert oddities(book) == set()


def test_a_half_row_far_below_the_signatures_is_data(changed: Changed) -> None:
    assert data_rows(changed(lambda book: put(book, H220="Xây nhà", R220=70_000_000))) == {8, 220}


@pytest.mark.parametrize(
    "cells",
    [
        {"B216": "Ghi chú: chưa kể 70 triệu của Sở Xây dựng"},
        {"C216": "(*) tính đến 15/02"},
        {"H216": "Còn 70.000.000 đ chưa ghi"},
        {"A216": "Nơi nhận: Văn phòng"},
        {"H9": "chưa có số"},
    ],
)
def test_a_remark_below_the_table_is_listed_and_never_dropped(changed: Changed, cells: dict[str, str]) -> None:
    book = changed(lambda book: put(book, **cells))
    [place] = book.odd
    assert (place.oddity, place.caption) == ("unread_row", next(iter(cells.values())))
    assert data_rows(book) == {8}


def test_the_places_for_signatures_and_the_names_below_them_are_no_question(changed: Changed) -> None:
    def sign(book: Any) -> None:
        put(
            book,
            H208="Pleiku, ngày 15 tháng 02 năm 2024",
            C211="(Ký, ghi rõ họ tên)",
            I211="KT. CHỦ TỊCH",
            C214="Rơ Châm H’Ly",
            I214="Nguyễn Văn A",
        )

    assert changed(sign).odd == []


def test_a_name_that_stands_below_no_signature_is_listed(changed: Changed) -> None:
    assert oddities(changed(lambda book: put(book, C12="Nguyễn Văn A"))) == {("unread_row", 12)}


@pytest.mark.parametrize(
    "word", ["Tổng", "TỔNG CỘNG:", "Total", "TC", "T.C", "Cộng", "Cộng trang 1", "Cộng toàn thành phố", "Cộng (I+II)"]
)
def test_a_row_of_totals_is_told_by_its_word_wherever_that_stands(changed: Changed, word: str) -> None:
    columns = {9: "A", 10: "B", 11: "E", 12: "H"}

    def total(book: Any) -> None:
        for row, column in columns.items():
            put(book, **{f"{column}{row}": word, f"R{row}": 8_000_000, f"T{row}": 10_000_000})

    book = changed(total)
    assert data_rows(book) == {8}
    for row in columns:
        assert {cell.field for cell in book.totals if cell.source_row == row} == {"cash_vnd", "value_total_vnd"}
    assert book.odd == []


def test_a_row_of_totals_without_a_word_is_told_by_its_sums_and_asked_about(changed: Changed) -> None:
    def total(book: Any) -> None:
        copy_row(book, 9, 11)
        put(book, R10=16_000_000, S10=4_000_000, T10=20_000_000, T12=30_000_000)

    book = changed(total)
    assert data_rows(book) == {8, 9, 11}
    assert oddities(book) == {("sum_row", 10), ("sum_row", 12)}


def test_numbers_alone_that_are_no_sum_are_a_row_of_data(changed: Changed) -> None:
    book = changed(lambda book: (copy_row(book, 9), put(book, R10=16_000_001, T10=20_000_000)))
    assert data_rows(book) == {8, 9, 10}


@pytest.mark.parametrize("name", ["Cộng Hòa", "Cộng Hoà", "Tổng"])
def test_a_village_called_like_a_total_is_a_row_of_data(changed: Changed, name: str) -> None:
    assert data_rows(changed(lambda book: put(book, B8=None, D8=None, E8=name))) == {8}
    book = changed(lambda book: book["03_HoDan"].__setitem__("C8", name))
    assert 8 in data_rows(book, "households")


def test_a_description_that_begins_with_a_word_for_totals_is_compared_or_read(changed: Changed) -> None:
    book = changed(lambda book: put(book, B9="05/02/2024", H9="Tổng vệ sinh đường làng", R9=70_000_000))
    assert data_rows(book) == {8, 9}
    book = changed(lambda book: put(book, H9="Tổng vệ sinh đường làng", R9=70_000_000))
    assert [(cell.source_row, cell.number) for cell in book.totals] == [(9, 70_000_000)]


def test_what_adds_up_since_the_year_began_is_listed_and_not_compared(changed: Changed) -> None:
    book = changed(lambda book: put(book, B209="Luỹ kế từ đầu năm", T209=99_000_000))
    assert oddities(book) == {("unread_row", 209)}
    assert book.totals == []


def test_captions_repeated_further_down_throw_no_row_away(changed: Changed) -> None:
    def again(book: Any) -> None:
        copy_row(book, 9, 11)
        for cell in book[SHEET][6]:
            book[SHEET].cell(10, cell.column).value = cell.value
        put(book, R6="Tiền mặt (VNĐ)")

    book = changed(again)
    assert data_rows(book) == {8, 9, 11}
    assert {(each.field, each.times) for each in book.columns if each.field is None or each.times == 0} == {
        (None, 1),
        ("cash_vnd", 0),
    }


def test_captions_repeated_in_another_order_are_told(changed: Changed) -> None:
    def again(book: Any) -> None:
        copy_row(book, 9, 11)
        for cell in book[SHEET][6]:
            book[SHEET].cell(10, cell.column).value = cell.value
        put(book, R10="Hiện vật quy đổi", S10="Tiền mặt")

    assert oddities(changed(again)) == {("moved_heading", 10)}


@pytest.mark.parametrize(("sheet", "address"), [("05_NoiDung", "B12"), ("00_ThongTin", "B27"), ("05_NoiDung", "A30")])
def test_words_beside_no_caption_are_listed(changed: Changed, sheet: str, address: str) -> None:
    book = changed(lambda book: book[sheet].__setitem__(address, "đoạn thứ hai"))
    assert [(place.oddity, place.sheet, place.caption) for place in book.odd] == [("unread_row", sheet, "đoạn thứ hai")]


def test_words_beyond_the_value_are_a_column_that_nobody_asked_for(changed: Changed) -> None:
    book = changed(lambda book: book["05_NoiDung"].__setitem__("E8", "viết tiếp"))
    assert [each.source_column for each in book.columns if each.field is None] == [5]


def test_a_remark_where_the_form_names_the_villages_is_listed(changed: Changed) -> None:
    def remark(book: Any) -> None:
        book["03_HoDan"]["B60"] = "Ghi chú: chưa tính làng mới tách"
        book["04_HTCT_ANTT"]["C60"] = "Số liệu của công an xã"

    book = changed(remark)
    assert {(place.oddity, place.sheet) for place in book.odd} == {
        ("unread_row", "03_HoDan"),
        ("unread_row", "04_HTCT_ANTT"),
    }


def test_data_above_the_captions_that_are_left_is_told(changed: Changed) -> None:
    def behead(book: Any) -> None:
        copy_row(book, 9, 11)
        for cell in book[SHEET][6]:
            book[SHEET].cell(10, cell.column).value = cell.value
            cell.value = None

    book = changed(behead)
    assert data_rows(book) == {11}
    assert oddities(book) == {("above_captions", 8), ("above_captions", 9)}


@pytest.mark.parametrize(("gone", "is_read"), [("B6", True), ("A6", False)])
def test_a_sheet_of_keys_and_values_is_known_by_its_keys(changed: Changed, gone: str, is_read: bool) -> None:
    book = changed(lambda book: book["00_ThongTin"].__setitem__(gone, None))
    assert (book.stated_unit == "622") is is_read
    assert [sheet.has_header for sheet in book.sheets if sheet.table == "statement"] == [is_read]
