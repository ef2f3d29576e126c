"""Sheet 06: beside every total typed by the unit, the sums of sheet 02 and last month's cumulative totals."""

import polars as pl

from domain import codes
from transforms.history import History
from transforms.rounding import half_unit
from transforms.territory import Territory

_REQUIRED_MEASURES = ("quantity", "cash_vnd", "inkind_vnd", "value_total_vnd")
"""What every activity states; a blank among them could not be read."""
_CONTROL_MEASURES = ("hh_total", *_REQUIRED_MEASURES)
MONEY_MEASURES = ("cash_vnd", "inkind_vnd", "value_total_vnd")
"""What a sheet may count in thousands or millions of đồng, and so may have rounded in each row."""


def judge_control_totals(
    control_totals: pl.LazyFrame,
    activities: pl.LazyFrame,
    statements: pl.LazyFrame,
    territory: Territory,
    history: History,
) -> pl.LazyFrame:
    """`CONTROL_TOTALS` beside the sums of sheet 02 and last month's cumulative totals.

    An activity that stands in sheet 02 but not here gets a row without `source_row`.
    """
    declared = statements.select("file", "unit_code", "money_unit")
    earlier = history.previous_cumulative.lazy()
    reported_before = earlier.select("unit_code").unique().with_columns(has_history=pl.lit(True))
    cumulative_due = _previous_cumulative(territory) + pl.col("value_total_vnd")
    cumulative_gap = (pl.col("cumulative_vnd") - cumulative_due).abs()
    # A form that asks only the totals of the whole workbook has them in sheet 00.
    of_sheet_06 = statements.filter(pl.col("form") == codes.KN_01).select("file")
    return (
        control_totals.join(
            _sums(activities.join(of_sheet_06, on="file", how="semi")),
            on=["file", "activity_code"],
            how="full",
            coalesce=True,
            nulls_equal=False,
        )
        .join(declared, on="file", how="left", validate="m:1")
        .join(earlier, on=["unit_code", "activity_code"], how="left", validate="m:1")
        .join(reported_before, on="unit_code", how="left", validate="m:1")
        .with_columns(
            *(pl.col(f"{measure}_summed").fill_null(0) for measure in _CONTROL_MEASURES),
            **{f"{measure}_gap": _gap(measure) for measure in _CONTROL_MEASURES},
            **{f"{measure}_rounding_gap": _rounding_gap(measure) for measure in MONEY_MEASURES},
            cumulative_due_vnd=cumulative_due,
            cumulative_gap_vnd=pl.max_horizontal(cumulative_gap - half_unit(), 0),
        )
        .sort("file", "source_row", "activity_code", nulls_last=True)
    )


def _sums(activities: pl.LazyFrame) -> pl.LazyFrame:
    """What sheet 02 adds up to by activity, and whether a part of it could not be read."""
    return (
        activities.filter(pl.col("activity_code").is_not_null())
        .group_by("file", "activity_code")
        .agg(
            *(pl.col(measure).sum().alias(f"{measure}_summed") for measure in _CONTROL_MEASURES),
            *(pl.col(measure).is_null().any().alias(f"{measure}_unread") for measure in _REQUIRED_MEASURES),
            hh_total_unread=(pl.col("hh_total").is_null() & pl.col("activity_code").is_in(codes.FOR_HOUSEHOLDS)).any(),
            summed_rows=pl.len(),
        )
    )


def _gap(measure: str) -> pl.Expr:
    """How far a total is from the sum of sheet 02, beyond what rounding explains."""
    return pl.when(_is_read(measure)).then(pl.max_horizontal(_difference(measure) - _tolerance(measure), 0.0))


def _rounding_gap(measure: str) -> pl.Expr:
    """How far it is by what rounding explains; null where it is not, or further."""
    gap = _difference(measure)
    return pl.when(_is_read(measure), gap.is_between(1, _tolerance(measure))).then(gap)


def _difference(measure: str) -> pl.Expr:
    return (pl.col(measure) - pl.col(f"{measure}_summed").fill_null(0)).cast(pl.Float64).abs()


def _tolerance(measure: str) -> pl.Expr:
    """What rounding each row of sheet 02 to the declared unit of money comes to."""
    return half_unit() * pl.col("summed_rows").fill_null(0) if measure in MONEY_MEASURES else pl.lit(0)


def _is_read(measure: str) -> pl.Expr:
    """What could not be read in sheet 02 is a finding there; its sum says nothing."""
    return ~pl.col(f"{measure}_unread").fill_null(False)


def _previous_cumulative(territory: Territory) -> pl.Expr:
    """The unit's cumulative total up to last month; null for a unit that has never reported."""
    return (
        pl.when(pl.lit(territory.is_first_month))
        .then(pl.lit(0, pl.Int64))
        .when(pl.col("has_history").fill_null(False))
        .then(pl.col("previous_cumulative_vnd").fill_null(0))
    )
