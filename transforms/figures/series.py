"""One indicator, month by month, on any territory: the same rows, put on other accounts."""

import polars as pl

from domain.indicators import Indicator, Kind
from transforms.figures.indicators import MEASURE, measure

PLACED = pl.Schema(
    {
        "period": pl.String(),
        "unit_code": pl.String(),
        "village_id": pl.String(),
        "code": pl.String(),
        "is_estimated": pl.Boolean(),
    }
)
"""For each month, unit and village (null for none) the account its rows are put on."""
SERIES = pl.Schema({"period": pl.String(), "code": pl.String(), "value": MEASURE, "is_estimated": pl.Boolean()})


def places_asked(rows: pl.LazyFrame) -> pl.DataFrame:
    """Every month, unit and village that occurs in the rows."""
    return rows.select("period", "unit_code", "village_id").unique().sort("period", "unit_code", "village_id").collect()


def series(
    rows: pl.LazyFrame, indicator: Indicator, placed: pl.LazyFrame, departed: pl.LazyFrame, arrived: pl.LazyFrame
) -> pl.LazyFrame:
    """The indicator by month and account.

    Args:
        rows: `stored(indicator.table)`.
        indicator: a flow or a stock; a ratio is the ratio of two series.
        placed: `PLACED`.
        departed: `MOVES`; their closing stocks do not count.
        arrived: `MOVES`; their opening stocks do not count.

    Returns:
        `SERIES`, in the order of month and account; an account without any known value is left out.
    """
    stating = {Kind.STOCK: departed, Kind.OPENING: arrived}.get(indicator.kind)
    if stating is not None:
        rows = rows.join(stating, on=["period", "unit_code"], how="anti")
        rows = rows.filter(pl.col(indicator.column).is_not_null())
    return (
        rows.join(placed, on=["period", "unit_code", "village_id"], how="inner", nulls_equal=True, validate="m:1")
        .group_by("period", "code")
        .agg(measure(indicator).alias("value"), pl.col("is_estimated").any())
        .sort("period", "code")
        .match_to_schema(SERIES)
    )
