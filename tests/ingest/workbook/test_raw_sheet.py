from datetime import date, datetime, time

from ingest.workbook.limits import Limits
from ingest.workbook.raw_sheet import raw_sheet
from ingest.workbook.sheet_notes import SheetNotes


def test_a_cell_is_a_day_a_number_a_truth_or_tidy_text() -> None:
    day, moment = date(2024, 2, 5), datetime(2024, 2, 5, 9, 30)
    sheet = raw_sheet("T", [[day, moment, "  chữ  ", 3, True, "", "  ", None]], SheetNotes(), Limits())
    assert sheet.rows == [[day, day, "chữ", 3.0, True, None, None, None]]


def test_a_figure_without_end_and_an_hour_are_what_they_say() -> None:
    sheet = raw_sheet("T", [[float("inf"), time(9, 30)]], SheetNotes(), Limits())
    assert sheet.rows == [["inf", "09:30:00"]]


def test_an_error_beyond_the_last_cell_has_a_place_of_its_own() -> None:
    sheet = raw_sheet("T", [], SheetNotes(troubled={"C2": "#REF!"}), Limits())
    assert sheet.is_filled(2, 3)
    assert not sheet.is_filled(2, 2)
    assert sheet.rows == [[], [None, None, None]]


def test_text_in_an_old_encoding_is_converted_and_what_came_is_left_as_it_was() -> None:
    came = [["x", "L\xb5ng"]]
    sheet = raw_sheet("T", came, SheetNotes(fonts={"B1": "tcvn3"}), Limits())
    assert (sheet.rows, sheet.repaired) == ([["x", "Làng"]], {(1, 2): "L\xb5ng"})
    assert came == [["x", "L\xb5ng"]]
