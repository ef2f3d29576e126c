"""What is unusual is asked about; what only looks so is not."""

import polars as pl
import pytest

from transforms.figures.double_counting import doubtful_pairs
from transforms.figures.outliers import falling_totals, heaped_counts, unusual

MONTHS = [f"2023-{number:02d}" for number in range(2, 13)] + ["2024-01", "2024-02"]


def doubts(values: list[float | None], indicator: str = "value_total_vnd") -> list[str]:
    """The doubts about the last of thirteen monthly values of one unit."""
    rows = [("622", indicator, month, value) for month, value in zip(MONTHS, values, strict=True)]
    schema = {"unit_code": pl.String, "indicator": pl.String, "period": pl.String, "value": pl.Float64}
    found = unusual(pl.LazyFrame(rows, schema=schema, orient="row"), MONTHS[-1], ["poor_households"]).collect()
    return found["doubt"].to_list()


STEADY = [100.0, 104.0, 98.0, 101.0, 99.0, 103.0, 97.0, 100.0, 102.0, 98.0, 101.0, 100.0]
SELDOM = [0.0, 0.0, 0.0, 50.0, 0.0, 0.0, 0.0, 55.0, 0.0, 0.0, 0.0, 0.0]
OFTEN_ENOUGH = [0.0, 50.0, 0.0, 55.0, 0.0, 52.0, 0.0, 51.0, 0.0, 53.0, 0.0, 54.0]


@pytest.mark.parametrize(
    ("earlier", "value", "expected"),
    [
        (STEADY, 103.0, []),
        (STEADY, 1000.0, ["outlier"]),
        (STEADY, 0.0, ["outlier"]),
        # Mostly nothing happens: nothing again is no surprise, and two events say nothing of what an event is like.
        (SELDOM, 0.0, []),
        (SELDOM, 5000.0, []),
        (OFTEN_ENOUGH, 53.0, []),
        ([*OFTEN_ENOUGH[:-1], 0.0, 54.0][1:], 0.0, []),
        # Always the same: half as much again is told, a little more is not.
        ([100.0] * 12, 101.0, []),
        ([100.0] * 12, 160.0, ["outlier"]),
        # Too few months to know what is usual.
        ([None] * 8 + [100.0, 101.0, 99.0, 100.0], 9000.0, []),
        ([None] * 12, 5.0, []),
    ],
)
def test_outliers_are_told_by_the_median_of_the_units_own_months(
    earlier: list[float | None], value: float, expected: list[str]
) -> None:
    assert doubts([*earlier, value]) == expected


def test_one_wild_month_in_the_past_hides_no_later_one() -> None:
    assert doubts([*STEADY[:-1], 10_000.0, 900.0]) == ["outlier"]


def test_a_stock_that_jumps_is_told_and_a_flow_that_does_is_not() -> None:
    assert doubts([*STEADY[:-1], 100.0, 116.0], "poor_households") == ["jump", "outlier"]
    assert "jump" not in doubts([*STEADY[:-1], 100.0, 116.0])
    assert "jump" not in doubts([*STEADY[:-1], 100.0, 114.0], "poor_households")


def test_a_cumulative_total_that_falls_within_the_year_is_told() -> None:
    schema = {"unit_code": pl.String, "period": pl.String, "cumulative_vnd": pl.Int64}
    rows = [
        ("622", "2024-01", 9),
        ("622", "2024-02", 8),
        ("623", "2024-01", 9),
        ("623", "2024-02", 9),
        ("624", "2024-02", 1),
    ]
    totals = pl.LazyFrame(rows, schema=schema, orient="row")
    assert falling_totals(totals, "2024-02", "2024-01").collect()["unit_code"].to_list() == ["622"]
    assert falling_totals(totals, "2024-02", "").collect().is_empty()


@pytest.mark.parametrize(("counts", "expected"), [([10, 15, 20, 25] * 6, 1), ([11, 12, 13, 14] * 6, 0), ([10] * 5, 0)])
def test_counts_that_are_mostly_round_are_told_where_there_are_enough(counts: list[int], expected: int) -> None:
    rows = [("622", "2024-02", count, None) for count in counts]
    schema = {"unit_code": pl.String, "period": pl.String, "hh_total": pl.Int64, "persons": pl.Int64}
    assert heaped_counts(pl.LazyFrame(rows, schema=schema, orient="row"), "2024-02").collect().height == expected


SOUND = {
    "period": "2024-02", "unit_code": "622", "source_row": 8, "village_id": "23586-01", "activity_date": "2024-02-01",
    "activity_code": "QUA_TET", "partner_id": "DV-001", "quantity": 20.0, "quantity_unit": "suất",
    "value_total_vnd": 10_000_000, "status": "hoan_thanh",
}  # fmt: skip


@pytest.mark.parametrize(
    ("odd", "is_doubtful"),
    [
        ({"partner_id": "DV-002"}, True),
        ({"unit_code": "623"}, True),
        ({"partner_id": "DV-002", "quantity": 21.0}, True),  # the same amount
        ({"partner_id": "DV-002", "value_total_vnd": 9_000_000}, True),  # the same quantity
        ({"partner_id": "DV-002", "quantity": 21.0, "value_total_vnd": 9_000_000}, False),
        ({}, False),  # several funders of one activity are rows of one agency
        ({"partner_id": "DV-002", "village_id": "23586-02"}, False),
        ({"partner_id": "DV-002", "activity_date": "2024-02-02"}, False),
        ({"partner_id": "DV-002", "activity_code": "QUA_KHAC"}, False),
        ({"partner_id": "DV-002", "status": "cam_ket"}, False),
        ({"partner_id": "DV-002", "quantity": 0.0, "value_total_vnd": 0}, False),
    ],
)
def test_a_gift_told_by_two_agencies_is_doubtful(odd: dict[str, object], is_doubtful: bool) -> None:
    first = SOUND | ({"quantity": 0.0, "value_total_vnd": 0} if odd.get("quantity") == 0.0 else {})
    rows = pl.LazyFrame([first, SOUND | {"source_row": 9} | odd]).with_columns(
        pl.col("activity_date").str.to_date(), pl.col("quantity").cast(pl.Decimal(18, 3))
    )
    assert doubtful_pairs(rows).collect().height == int(is_doubtful)
