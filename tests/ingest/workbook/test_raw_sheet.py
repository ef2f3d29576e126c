from datetime import date

from ingest.workbook.raw_sheet import raw_sheet

SHEET = {
    "name": "T", "rows": [[["day", "2024-02-05"], "  chữ  ", 3, True, None]], "troubled": {}, "repaired": {},
    "suspect": [], "percent": [], "hidden_rows": [], "hidden_columns": [], "merged": [],
    "struck": [], "unseen": [], "linked": [], "pictures": [], "is_hidden": False, "is_table": True,
}  # fmt: skip


def test_cells_come_back_as_they_were_before_they_became_json() -> None:
    assert raw_sheet(SHEET).rows == [[date(2024, 2, 5), "chữ", 3.0, True, None]]


def test_an_error_beyond_the_last_cell_has_a_place_of_its_own() -> None:
    sheet = raw_sheet(SHEET | {"rows": [], "troubled": {"C2": "#REF!"}})
    assert sheet.is_filled(2, 3)
    assert not sheet.is_filled(2, 2)
    assert sheet.rows == [[], [None, None, None]]
