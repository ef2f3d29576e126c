"""A written total is right if it counts the rows above, those of its page, those below, or all of them."""

from typing import Any

import polars as pl
import pytest

from domain.schemas import RAW_CELLS
from tests.builders import FIRST_FORM
from transforms.cells import type_cells
from transforms.written_totals import judge_written_totals

NO_UNITS = pl.LazyFrame(schema={"file": pl.String, "vnd_per_unit": pl.Int64})


def gaps(rows: dict[int, Any], totals: dict[int, Any], field: str = "cash_vnd", units: pl.LazyFrame = NO_UNITS) -> Any:
    """The gap of each written total, by its row; what is given is typed into the rows' cells."""

    def typed(cells: dict[int, Any]) -> pl.LazyFrame:
        frame = [
            {
                "file": "f", "table": "activities", "source_row": row, "source_column": 18, "field": field,
                "kind": "text" if isinstance(value, str) else "number",
                "text": str(value), "number": None if isinstance(value, str) else float(value),
                "is_percent": False, "is_hidden": False,
            }
            for row, value in cells.items()
        ]  # fmt: skip
        return type_cells(pl.LazyFrame(frame, schema=RAW_CELLS), units, FIRST_FORM)

    judged = judge_written_totals(typed(totals), typed(rows)).sort("source_row").collect()
    return dict(judged.select("source_row", pl.coalesce("money_gap", "count_gap")).iter_rows())


@pytest.mark.parametrize(
    ("rows", "totals"),
    [
        ({8: 3, 9: 4}, {10: 7}),
        ({8: 3, 9: 4, 11: 5}, {10: 7, 12: 5, 13: 12}),
        ({9: 3, 10: 4}, {8: 7}),
        ({9: 3, 10: 4, 12: 5}, {8: 7, 11: 5}),
        ({9: 3, 10: 4}, {8: 7, 11: 7}),
        ({8: 3, 9: 4}, {10: 7, 207: 14}),
        ({8: "3.000 đ", 9: "4.000"}, {10: "7.000 đồng"}),
        ({}, {10: 0}),
    ],
)
def test_a_total_that_fits_its_rows_in_any_way_is_no_finding(rows: dict[int, Any], totals: dict[int, Any]) -> None:
    assert set(gaps(rows, totals).values()) == {0.0}


def test_a_total_that_fits_in_no_way_is_held_against_the_nearest() -> None:
    assert gaps({8: 3, 9: 4, 11: 5}, {10: 7, 12: 15}) == {10: 0.0, 12: 3.0}


def test_totals_are_compared_in_the_unit_of_the_sheet() -> None:
    millions = pl.LazyFrame({"file": ["f"], "vnd_per_unit": [1_000_000]})
    assert gaps({8: 1.5, 9: 2}, {10: 3.5}, units=millions) == {10: 0.0}


def test_fractions_are_summed_to_the_second_place() -> None:
    assert gaps({8: 0.1, 9: 0.2, 10: 12.345}, {11: 12.645}, "quantity") == {11: 0.0}


def test_where_a_row_cannot_be_read_its_total_is_not_held_against_the_clerk() -> None:
    assert gaps({8: 3, 9: "tám triệu"}, {10: 11}) == {}
