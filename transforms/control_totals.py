"""Sheet 06: beside every total typed by the unit, the sums of sheet 02 and last month's cumulative totals."""

import polars as pl

from domain.codes import VND_PER_MONEY_UNIT
from transforms.history import History
from transforms.territory import Territory

_ALWAYS_TOLD = ("quantity", "cash_vnd", "inkind_vnd", "value_total_vnd")
_CONTROL_MEASURES = ("hh_total", *_ALWAYS_TOLD)


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
    sums = (
        activities.filter(pl.col("activity_code").is_not_null())
        .group_by("file", "activity_code")
        .agg(
            *(pl.col(measure).sum().alias(f"{measure}_summed") for measure in _CONTROL_MEASURES),
            *(pl.col(measure).is_null().any().alias(f"{measure}_unread") for measure in _ALWAYS_TOLD),
            summed_rows=pl.len(),
        )
    )
    declared = statements.select("file", "unit_code", "money_unit")
    unit = pl.col("money_unit").replace_strict(VND_PER_MONEY_UNIT, default=1, return_dtype=pl.Int64)
    tolerance = (unit // 2) * pl.col("summed_rows").fill_null(0)
    earlier = history.previous_cumulative.lazy()
    reported_before = earlier.select("unit_code").unique().with_columns(has_history=pl.lit(True))

    def gap(measure: str) -> pl.Expr:
        difference = (pl.col(measure) - pl.col(f"{measure}_summed").fill_null(0)).cast(pl.Float64).abs()
        found = pl.max_horizontal(difference - (tolerance if measure.endswith("_vnd") else 0), 0.0)
        # What could not be read in sheet 02 is told there; its sum says nothing.
        return pl.when(~pl.col(f"{measure}_unread").fill_null(False)).then(found) if measure in _ALWAYS_TOLD else found

    previous = (
        pl.when(pl.lit(territory.is_first_month))
        .then(pl.lit(0, pl.Int64))
        .when(pl.col("has_history").fill_null(False))
        .then(pl.col("previous_cumulative_vnd").fill_null(0))
    )
    cumulative_due = previous + pl.col("value_total_vnd")
    return (
        control_totals.join(sums, on=["file", "activity_code"], how="full", coalesce=True, nulls_equal=False)
        .join(declared, on="file", how="left", validate="m:1")
        .join(earlier, on=["unit_code", "activity_code"], how="left", validate="m:1")
        .join(reported_before, on="unit_code", how="left", validate="m:1")
        .with_columns(
            *(pl.col(f"{measure}_summed").fill_null(0) for measure in _CONTROL_MEASURES),
            **{f"{measure}_gap": gap(measure) for measure in _CONTROL_MEASURES},
            not_totalled=pl.when(pl.col("source_row").is_null()).then("activity_code"),
            cumulative_due_vnd=cumulative_due,
            cumulative_gap_vnd=pl.max_horizontal((pl.col("cumulative_vnd") - cumulative_due).abs() - unit // 2, 0),
        )
        .sort("file", "source_row", "activity_code", nulls_last=True)
    )
