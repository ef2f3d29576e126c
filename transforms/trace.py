"""The rows behind a figure, chosen by the very expressions that made it."""

import polars as pl

from domain.indicators import Aggregate, FigureKey, Indicator, Kind
from transforms.indicators import counts
from transforms.summarise import DIMENSION_NAMES, closing_rows, placed_rows

CONTRIBUTIONS = pl.Schema(
    {
        "submission_id": pl.Int64,
        "period": pl.String,
        "unit_code": pl.String,
        "revision": pl.Int64,
        "sha256": pl.String,
        "source_row": pl.Int64,
        "village_id": pl.String,
        "value": pl.String,
    }
)
"""One row per counted row of a workbook; `value` is what its cell adds (or names, where things are counted)."""

_COLUMN_OF = {name: column for column, name in DIMENSION_NAMES.items()}


def contributions(
    rows: pl.LazyFrame, bases: pl.LazyFrame, departed: pl.LazyFrame, key: FigureKey, indicator: Indicator
) -> pl.LazyFrame:
    """The rows of `stored(indicator.table)` that enter the figure.

    Returns:
        `CONTRIBUTIONS`, in the order of period, unit and row.
    """
    placed = placed_rows(rows, indicator.table, bases.filter(pl.col("basis") == key.basis))
    if indicator.kind is Kind.STOCK:
        placed = closing_rows(placed, departed)
    if key.dimension == "counted":
        activity, _, unit = key.member.partition("/")
        placed = placed.filter(pl.col("activity_code") == activity, pl.col("quantity_unit") == unit)
    elif key.dimension:
        placed = placed.filter(pl.col(_COLUMN_OF[key.dimension]) == key.member)
    counted = placed.filter(counts(indicator), pl.col(indicator.column).is_not_null())
    if indicator.aggregate is Aggregate.SUM:
        counted = counted.filter(pl.col(indicator.column) != 0)
    return (
        counted.sort("period", "unit_code", "source_row")
        .with_columns(value=pl.col(indicator.column).cast(pl.String))
        .select(list(CONTRIBUTIONS))
        .match_to_schema(CONTRIBUTIONS)
    )
