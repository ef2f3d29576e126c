"""What the catalogue's words mean in Polars: which rows count, and how rows become a number."""

import polars as pl

from domain.codes import COMPLETED, UNDER_WAY
from domain.indicators import Aggregate, Counting, Indicator

MEASURE = pl.Decimal(38, 3)
"""Every measure is exact to a thousandth; sums do not depend on the order of rows."""


def counts(indicator: Indicator) -> pl.Expr:
    """The rows that enter the indicator; a row without a status never counts."""
    status = pl.col("status")
    which = {
        Counting.ALL: pl.lit(True),
        Counting.COMPLETED: status == COMPLETED,
        Counting.PAID: status.is_in([COMPLETED, UNDER_WAY]),
        Counting.CARRIED_OUT: status.is_in([COMPLETED, UNDER_WAY]),
    }[indicator.counting]
    if indicator.activity_code:
        which &= pl.col("activity_code") == indicator.activity_code
    if indicator.occasion:
        which &= pl.col("occasion") == indicator.occasion
    return which.fill_null(False)


def measure(indicator: Indicator) -> pl.Expr:
    """The indicator over a group of rows; a blank cell adds nothing, and coverage says how many reported."""
    column = pl.col(indicator.column).filter(counts(indicator))
    match indicator.aggregate:
        case Aggregate.SUM:
            number = column.cast(MEASURE).sum()
        case Aggregate.COUNT:
            number = counts(indicator).sum()
        case Aggregate.DISTINCT:
            number = column.drop_nulls().n_unique()
    return number.cast(MEASURE).alias(indicator.code)
