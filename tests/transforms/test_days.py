from datetime import date

import polars as pl
import pytest

from transforms.days import day_as_typed, day_by_serial


def day_of(kind: str, text: str | None, number: float | None = None) -> date | None:
    row = pl.DataFrame(
        {"kind": [kind], "text": [text], "number": [number]}, schema_overrides={"text": pl.String, "number": pl.Float64}
    )
    day: date | None = row.select(pl.coalesce(day_as_typed(pl.col("text")), day_by_serial())).item()
    return day


@pytest.mark.parametrize(
    "text", ["5/3/2024", "05-03-24", "5.3.2024", "ngày 05 tháng 3 năm 2024", "2024-03-05", "2024-03-05 00:00:00"]
)
def test_the_day_comes_before_the_month(text: str) -> None:
    assert day_of("text", text) == date(2024, 3, 5)


@pytest.mark.parametrize("text", ["31/4/2024", "3/2024", "2024-03-05 07:00:00", "45356"])
def test_what_is_no_day_is_null(text: str) -> None:
    assert day_of("text", text) is None


@pytest.mark.parametrize(("number", "day"), [(45356.0, date(2024, 3, 5)), (45356.5, None), (20.0, None)])
def test_a_whole_number_of_this_century_is_the_day_excel_keeps(number: float, day: date | None) -> None:
    assert day_of("number", None, number) == day
