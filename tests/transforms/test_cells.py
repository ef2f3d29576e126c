import re
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import wording
from domain.schemas import RAW_CELLS
from tests.builders import FIRST_FORM
from transforms.cells import type_cells

IN_DONG = pl.LazyFrame(schema={"file": pl.String, "vnd_per_unit": pl.Int64})


def typed(
    field: str, value: Any, table: str = "activities", money: int | None = None, *, is_percent: bool = False
) -> dict[str, Any]:
    """One cell, typed."""
    kind = {str: "text", float: "number", int: "number", date: "day", type(None): "blank"}[type(value)]
    cell = {
        "file": "f", "table": table, "source_row": 8, "source_column": 3, "field": field, "kind": kind,
        "text": None if value is None else str(value),
        "number": float(value) if kind == "number" else None,
        "day": value if kind == "day" else None,
        "original": None, "is_percent": is_percent, "is_hidden": False,
    }  # fmt: skip
    filled = cell | {"field": "description", "kind": "text", "text": "x", "number": None, "day": None}
    units = IN_DONG if money is None else pl.LazyFrame({"file": ["f"], "vnd_per_unit": [money]})
    rows = type_cells(pl.LazyFrame([filled, cell], schema=RAW_CELLS), units, FIRST_FORM).collect()
    return rows.filter(pl.col("field") == field).row(0, named=True)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1950", 1950),
        ("1.950", 1950),
        ("1.234.567", 1234567),
        ("-", 0),
        ("KPS", 0),
        ("１２３", 123),
        (" 12 ", 12),
        (1950.0, 1950),
        ("1 234 567", 1234567),
        ("không phát sinh", 0),
        ("+5", 5),
        ("１．９５０", 1950),
    ],
)
def test_whole_numbers_are_read_by_the_vietnamese_grammar(text: str | float, number: int) -> None:
    cell = typed("hh_total", text)
    assert (cell["whole"], cell["problem"]) == (number, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("15,000", "ambiguous_number"),
        ("1,234.5", "ambiguous_number"),
        ("1.95", "ambiguous_number"),
        ("nan", "not_a_number"),
        ("1_000", "not_a_number"),
        ("=cmd", "not_a_number"),
        ("5²", "not_a_number"),
        ("½", "not_a_number"),
        ("1.23.456", "not_a_number"),
        ("12 34", "not_a_number"),
        ("8,11%", "not_a_number"),
        ("4,5 tỷ", "not_a_number"),
        ("(120)", "too_small"),
        ("mười", "not_a_number"),
        (12.5, "not_whole"),
        (-1.0, "too_small"),
        (1e16, "too_large"),
    ],
)
def test_what_is_no_whole_number_is_null_and_names_its_problem(text: str | float, problem: str) -> None:
    cell = typed("hh_total", text)
    assert (cell["whole"], cell["problem"]) == (None, problem)


def test_a_single_group_typed_as_text_is_read_and_remarked() -> None:
    assert typed("hh_total", "1.950")["remark"] == "grouped_number"


def test_a_single_group_in_a_decimal_column_is_asked_not_guessed() -> None:
    assert typed("quantity", "1.950")["problem"] == "ambiguous_number"


@pytest.mark.parametrize(
    ("value", "money", "dong"), [(1.5, 1_000_000, 1_500_000), ("4,5", 1_000, 4_500), (10.0, None, 10)]
)
def test_money_is_counted_in_dong_by_the_declared_unit(value: Any, money: int | None, dong: int) -> None:
    assert typed("cash_vnd", value, money=money)["whole"] == dong


@pytest.mark.parametrize(
    ("text", "dong"),
    [
        ("4,5 tỷ", 4_500_000_000),
        ("179 triệu", 179_000_000),
        ("10.500ngàn đồng", 10_500_000),
        ("10.500 nghìn đồng", 10_500_000),
        ("1.200.000 đồng", 1_200_000),
        ("1.200.000đ", 1_200_000),
        ("3 TỶ", 3_000_000_000),
    ],
)
@pytest.mark.parametrize("declared", [None, 1_000, 1_000_000])
def test_money_said_in_words_is_what_it_says_whatever_the_file_declares(
    text: str, dong: int, declared: int | None
) -> None:
    assert typed("cash_vnd", text, money=declared)["whole"] == dong


@pytest.mark.parametrize("text", ["1,500 triệu", "1.5 tỷ", "15,000", "1,234,567"])
def test_money_that_can_be_read_twice_is_asked(text: str) -> None:
    assert typed("cash_vnd", text)["problem"] == "ambiguous_number"


def test_brackets_mean_less_than_nothing() -> None:
    assert typed("poor_other", "(12)", "households")["whole"] == -12


@pytest.mark.parametrize(
    ("value", "is_percent", "shown"),
    [("96,5%", False, 96.5), (96.5, False, 96.5), (0.965, True, 96.5), (0.0, False, 0)],
)
def test_a_percentage_is_read_as_it_is_shown(value: Any, is_percent: bool, shown: float) -> None:
    cell = typed("bhyt_pct", value, "households", is_percent=is_percent)
    assert (float(cell["decimal"]), cell["problem"]) == (shown, None)


@pytest.mark.parametrize("value", [0.965, 1.0])
def test_a_percentage_that_may_be_a_part_of_one_is_asked(value: float) -> None:
    assert typed("bhyt_pct", value, "households")["problem"] == "doubtful_percent"


def test_the_unit_price_stays_in_dong_whatever_the_file_declares() -> None:
    assert typed("unit_value", 500_000.0, money=1_000_000)["whole"] == 500_000


def test_half_a_dong_is_no_money() -> None:
    assert typed("cash_vnd", 10.5)["problem"] == "not_whole"


@pytest.mark.parametrize(
    "text",
    [
        "5/2/2024",
        "05-02-2024",
        "05.02.2024",
        "05-02-24",
        "ngày 05 tháng 02 năm 2024",
        "Ngày 5 tháng 2 năm 2024",
        "2024-02-05",
        "2024-02-05 00:00:00",
    ],
)
def test_days_are_read_day_first(text: str) -> None:
    assert typed("activity_date", text)["day"] == date(2024, 2, 5)


@pytest.mark.parametrize(
    "text", ["30/02/2024", "2/15/2024", "hôm qua", "2024-13-01", "ngày 31 tháng 2 năm 2024", 45310.5, 5.0]
)
def test_what_is_no_day_is_a_finding(text: Any) -> None:
    assert typed("activity_date", text)["problem"] == "not_a_day"


def test_a_day_that_lost_its_format_is_read_and_remarked() -> None:
    cell = typed("activity_date", 45_327.0)
    assert (cell["day"], cell["remark"], cell["problem"]) == (date(2024, 2, 5), "serial_day", None)


@pytest.mark.parametrize("text", ["QUA_TET", "qua_tet", "Quà Tết Nguyên đán"])
def test_codes_are_known_by_code_and_by_name(text: str) -> None:
    assert typed("activity_code", text)["code"] == "QUA_TET"


def test_a_required_cell_left_blank_is_missing_and_an_optional_one_is_not() -> None:
    assert typed("cash_vnd", None)["problem"] == "missing_number"
    assert typed("org_id", None)["problem"] == "missing_text"
    assert typed("activity_date", None)["problem"] == "missing"
    assert typed("note", None)["problem"] is None


@pytest.mark.slow
@settings(max_examples=60)
@given(st.integers(0, 10**14))
def test_any_whole_number_is_read_back_as_it_is_printed(number: int) -> None:
    assert typed("cash_vnd", wording.number(number))["whole"] == number


@pytest.mark.slow
@settings(max_examples=60)
@given(st.decimals(0, 10**9, places=3, allow_nan=False, allow_infinity=False))
def test_any_quantity_is_read_back_as_it_is_printed_or_asked(quantity: Decimal) -> None:
    printed = wording.number(quantity)
    cell = typed("quantity", printed)
    # 1.950 may be one thousand nine hundred and fifty, or nearly two; so may 1,950.
    if cell["problem"] == "ambiguous_number":
        assert re.fullmatch(r"\d{1,3}[.,]\d{3}", printed)
    else:
        assert (cell["decimal"], cell["problem"]) == (quantity, None)


@pytest.mark.slow
@settings(max_examples=60)
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_any_day_is_read_back_however_it_is_written(day: date) -> None:
    for text in (
        wording.short_day(day),
        wording.long_day(day),
        day.isoformat(),
        f"{day:%d-%m-%y}",
        f"{day.day}/{day.month}/{day.year}",
    ):
        assert typed("activity_date", text)["day"] == day, text


@pytest.mark.slow
@settings(max_examples=100)
@given(st.text(max_size=30))
def test_any_text_in_a_number_column_is_a_number_or_a_problem(text: str) -> None:
    cell = typed("cash_vnd", text)
    assert (cell["whole"] is None) == (cell["problem"] is not None)


@pytest.mark.parametrize(
    ("field", "text", "kept", "told"),
    [
        ("org_id", "Sở\u200b Tư pháp", "Sở Tư pháp", {"unseen": "U+200B"}),
        ("org_id", "Tư ph\u00e1\u00adp", "Tư pháp", {"unseen": "U+00AD"}),
        ("org_id", "Tâ\u200d\u0323n", "Tận", {"unseen": "U+200D"}),
        ("org_id", "rà soát 😀", "rà soát [U+1F600]", {"strange": "rà soát [U+1F600]"}),
        ("org_id", "hỏi 0905.123.456", "hỏi 0905.123.456", {"personal": "số điện thoại"}),
        ("stt", "①", "[U+2460]", {}),
        ("village_id", "23586-01", "23586-01", {}),
    ],
)
def test_text_is_kept_as_it_can_be_printed_and_what_was_done_is_told(
    field: str, text: str, kept: str, told: dict[str, str]
) -> None:
    cell = typed(field, text)
    assert cell["text"] == kept
    assert {name: cell[name] for name in ("unseen", "strange", "personal") if cell[name] is not None} == told


def test_a_telephone_number_that_lost_its_zero_is_asked_about_unless_its_cell_asks_for_it() -> None:
    assert typed("note", 905_123_457)["personal"] is not None
    assert typed("preparer_phone", 905_123_457, "statement")["personal"] is None


def test_marks_that_nobody_sees_do_not_make_a_number_another() -> None:
    cell = typed("cash_vnd", "1.\u200b500.000\u202c")
    assert (cell["whole"], cell["unseen"], cell["problem"]) == (1_500_000, "U+200B, U+202C", None)


def test_a_cell_of_unseen_marks_alone_is_blank() -> None:
    assert typed("cash_vnd", "\u200b\ufeff")["problem"] == "missing_number"


@pytest.mark.parametrize(
    "value", [date(24, 2, 5), date(1899, 12, 31), date(2101, 1, 1), date.max, "05/02/0000", "05/02/2404"]
)
def test_a_day_far_away_is_no_day_and_is_told_as_it_was_typed(value: Any) -> None:
    cell = typed("activity_date", value)
    assert (cell["day"], cell["problem"]) == (None, "far_day")
    assert len(cell["text"].rpartition("/")[2]) == 4


@pytest.mark.parametrize(
    "text", ["-", "--", "- -", "–", "—", "−", "‐", "‑", "－", "⁃", "không", "KPS", "Không phát sinh"]
)
def test_a_dash_is_counted_as_nothing_with_a_word(text: str) -> None:
    cell = typed("hh_total", text)
    assert (cell["whole"], cell["problem"], cell["remark"]) == (0, None, "counted_as_zero")


@pytest.mark.parametrize("text", ["x", "…", "...", "n/a", "_", "?", "chưa có", "không có"])
def test_what_is_neither_a_number_nor_a_dash_is_no_zero(text: str) -> None:
    assert typed("hh_total", text)["problem"] == "not_a_number"


@pytest.mark.parametrize(
    ("value", "problem"),
    [(1e30, "too_large"), (1e300, "too_large"), (-1e300, "too_small"), (float("inf"), "too_large"),
     (float("-inf"), "too_small"), (float("nan"), "too_large"), (5e-324, None)],
)  # fmt: skip
@pytest.mark.parametrize(
    ("field", "table"), [("cash_vnd", "activities"), ("quantity", "activities"), ("poor_other", "households")]
)
def test_a_number_beyond_every_bound_is_told(value: float, problem: str | None, field: str, table: str) -> None:
    assert typed(field, value, table)["problem"] == problem
