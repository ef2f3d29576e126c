"""The catalogue's definitions in Polars: which rows count, and how rows become a number."""

import polars as pl

from domain.codes import COMMITTED, COMPLETED, UNDER_WAY
from domain.indicators import Aggregate, Counting, Indicator

MEASURE = pl.Decimal(38, 3)
"""Every measure is exact to a thousandth; sums do not depend on the order of rows."""


def counts(indicator: Indicator) -> pl.Expr:
    """The rows that enter the indicator; a row without a status never counts."""
    which = _counting(indicator.counting)
    for column, members in (
        ("activity_code", indicator.activity_codes),
        ("funding_source", indicator.funding_sources),
        ("occasion", (indicator.occasion,) if indicator.occasion else ()),
    ):
        if members:
            which &= pl.col(column).is_in(list(members))
    return which.fill_null(False)


def _counting(counting: Counting) -> pl.Expr:
    status = pl.col("status")
    match counting:
        case Counting.ALL:
            return pl.lit(True)
        case Counting.COMPLETED:
            return status == COMPLETED
        case Counting.PAID:
            return status.is_in([COMPLETED, UNDER_WAY])
        case Counting.CARRIED_OUT:
            return status.is_in([COMPLETED, UNDER_WAY]) & pl.col("in_twinned_village")
        case Counting.UNDER_WAY:
            return status == UNDER_WAY
        case Counting.COMMITTED:
            return status == COMMITTED
        case Counting.RURAL_STANDARD:
            return pl.col("ntm") == "Có"
        case Counting.REPORTED:
            return pl.col("has_report")
        case Counting.REPORTED_WITH_PARTNER:
            return pl.col("has_report") & pl.col("has_partner")


def enters(indicator: Indicator) -> pl.Expr:
    """The rows of which the number is made: they count, and their cell says something."""
    said = pl.col(indicator.column).is_not_null()
    if indicator.aggregate is Aggregate.SUM:
        said &= pl.col(indicator.column) != 0
    return counts(indicator) & said.fill_null(False)


def measure(indicator: Indicator) -> pl.Expr:
    """The indicator over a group of rows; a blank cell adds nothing, and coverage says how many reported.

    Null where all cells are blank that nobody had to fill in.
    """
    column = pl.col(indicator.column).filter(counts(indicator))
    match indicator.aggregate:
        case Aggregate.SUM:
            number = column.cast(MEASURE).sum()
            if indicator.blank_is_unknown:
                number = pl.when(column.count() > 0).then(number)
        case Aggregate.COUNT:
            number = column.count()
        case Aggregate.DISTINCT:
            number = column.drop_nulls().n_unique()
    return number.cast(MEASURE).alias(indicator.code)
