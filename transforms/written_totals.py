"""Do the totals that a unit wrote below, above or between its rows agree with these rows?"""

import polars as pl

from domain.schemas import WRITTEN_TOTALS

_PLACE = ["file", "table", "field"]
_TOLERANCE = 0.01
"""Quantities have three places; their sums are written with two."""


def judge_written_totals(totals: pl.LazyFrame, cells: pl.LazyFrame) -> pl.LazyFrame:
    """Compare every written total with what the rows come to.

    A total may count all rows of its table, those above it, those since the total before it, or those below it up to
    the next; one that sums a whole column counts the totals between as well. It is wrong if none of these fits, and
    then compared with the nearest.

    Args:
        totals: `TYPED_CELLS` of the rows of totals.
        cells: those of the rows of data: `file`, `table`, `field`, `source_row`, `kind`, `whole`, `decimal`.

    Returns:
        `WRITTEN_TOTALS`.
    """
    written = (
        totals.with_columns(written=_value())
        .filter(pl.col("written").is_not_null())
        .sort("source_row")
        .with_columns(
            before=pl.col("source_row").shift(1).over(_PLACE).fill_null(0),
            after=pl.col("source_row").shift(-1).over(_PLACE),
            totals_above=(pl.col("written").cum_sum() - pl.col("written")).over(_PLACE),
        )
        .select(*_PLACE, "source_row", "source_column", "caption", "written", "before", "after", "totals_above")
    )
    rows = cells.filter(pl.col("kind") != "blank").select(*_PLACE, row=pl.col("source_row"), value=_value())
    is_above, is_below = pl.col("row") < pl.col("source_row"), pl.col("row") > pl.col("source_row")
    is_before_next = pl.col("after").is_null() | (pl.col("row") < pl.col("after"))
    spans = {
        "above": _sum_of(is_above),
        "since": _sum_of(is_above & (pl.col("row") > pl.col("before"))),
        "everywhere": _sum_of(pl.lit(True)),
        "below": _sum_of(is_below & is_before_next),
    }
    value = pl.col("value")
    return (
        written.join(rows, on=_PLACE, how="left")
        .group_by(*_PLACE, "source_row", "source_column", "caption", "written", "totals_above")
        .agg(has_unread=(value.is_null() & pl.col("row").is_not_null()).any(), **spans)
        .filter(~pl.col("has_unread"))
        .with_columns(with_totals=pl.col("above") + pl.col("totals_above"))
        .with_columns(summed=_nearest([*spans, "with_totals"]))
        .with_columns(gap=(pl.col("written") - pl.col("summed")).abs())
        .with_columns(gap=pl.when(pl.col("gap") > _TOLERANCE).then("gap").otherwise(0.0))
        .with_columns(
            money_gap=pl.when(pl.col("field").str.ends_with("_vnd")).then("gap"),
            count_gap=pl.when(~pl.col("field").str.ends_with("_vnd")).then("gap"),
        )
        .select(list(WRITTEN_TOTALS))
        .match_to_schema(WRITTEN_TOTALS)
    )


def _sum_of(rows: pl.Expr) -> pl.Expr:
    """What these rows come to; null where there is none: no total counts rows that are not there."""
    value = pl.col("value").filter(rows)
    return pl.when(value.len() > 0).then(value.sum())


def _value() -> pl.Expr:
    return pl.coalesce(pl.col("whole").cast(pl.Float64), pl.col("decimal").cast(pl.Float64))


def _nearest(names: list[str]) -> pl.Expr:
    """Which of the sums is nearest to the written total; the first of equals."""
    gaps = [(pl.col(name) - pl.col("written")).abs() for name in names]
    least = pl.min_horizontal(gaps)
    return pl.coalesce(pl.when(gap == least).then(pl.col(name)) for gap, name in zip(gaps, names, strict=True))
