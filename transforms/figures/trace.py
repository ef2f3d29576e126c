"""The rows behind a figure, chosen by the very expressions that made it."""

import polars as pl

from domain.indicators import UNITS, FigureKey, Indicator
from transforms.figures.indicators import enters
from transforms.figures.summarise import DIMENSIONS, Countable, placed_rows

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
"""One row per counted row; `value` is what its cell adds (or names, where things are counted)."""


def contributions(countable: Countable, key: FigureKey, indicator: Indicator) -> pl.LazyFrame:
    """The rows of `schemas.COUNTABLE[indicator.table]` that enter the figure.

    Returns:
        `CONTRIBUTIONS`, in the order of period, unit, row and village.
    """
    placed = placed_rows(countable, indicator.table, indicator.kind).filter(pl.col("basis") == key.basis)
    if key.dimension == UNITS:
        placed = placed.filter(pl.col("unit_code").is_in(key.member.split("+")))
    elif key.dimension:
        placed = placed.filter(pl.col(DIMENSIONS[indicator.table][key.dimension]) == key.member)
    village = pl.col("village_id") if "village_id" in placed.collect_schema() else pl.lit(None, pl.String)
    return (
        placed.filter(enters(indicator))
        .with_columns(village_id=village, value=pl.col(indicator.column).cast(pl.String))
        .sort("period", "unit_code", "source_row", "village_id")
        .select(list(CONTRIBUTIONS))
        .match_to_schema(CONTRIBUTIONS)
    )
