"""Figures of units that look unusual: by the median and its deviations, by jumps, by round numbers. Information only."""

from collections.abc import Sequence

import polars as pl

from domain.indicators import Basis, Indicator, Kind
from transforms.figures.indicators import measure
from transforms.figures.summarise import Countable

MONTHLY = pl.Schema({"unit_code": pl.String, "indicator": pl.String, "period": pl.String, "value": pl.Float64})
"""One row per unit, indicator and month it reported; null where the report states nothing."""
UNUSUAL = pl.Schema(
    {
        "unit_code": pl.String,
        "indicator": pl.String,
        "doubt": pl.String,
        "value": pl.Float64,
        "usual": pl.Float64,
        "spread": pl.Float64,
    }
)
"""`usual` is the median of what it is compared with, or the month before; `spread` the scaled deviation, if any."""

_LEAST_MONTHS = 6
"""With fewer earlier values nothing is usual."""
_FAR = 3.5
"""So many scaled deviations from the median are far (Iglewicz and Hoaglin, 1993)."""
_MAD_TO_SIGMA, _MEAN_TO_SIGMA = 1.4826, 1.2533
_JUMP = 0.15
_LEAST_COUNTS, _HEAP = 20, 0.8


def monthly_values(countable: Countable, entries: Sequence[Indicator]) -> pl.LazyFrame:
    """The entries by unit and month, of every month that the unit reported, as `MONTHLY`."""
    reports = countable.tables["reports"].join(
        countable.bases.filter(pl.col("basis") == str(Basis.HISTORY)), on="period", how="inner"
    )
    reported = reports.filter(pl.col("is_received") == 1).select("unit_code", "period")
    parts = []
    for entry in entries:
        rows = countable.tables[entry.table]
        values = rows.group_by("unit_code", "period").agg(measure(entry).cast(pl.Float64).alias("value"))
        joined = reported.join(values, on=["unit_code", "period"], how="left")
        # A report without a row says nothing happened; it does not say that nobody lives there.
        value = pl.col("value").fill_null(0.0) if entry.kind is Kind.FLOW else pl.col("value")
        parts.append(joined.select("unit_code", "period", indicator=pl.lit(entry.code), value=value))
    return pl.concat(parts).select(list(MONTHLY)).match_to_schema(MONTHLY)


def unusual(monthly: pl.LazyFrame, month: str, stocks: Sequence[str]) -> pl.LazyFrame:
    """The values of `month` that are far from the unit's own earlier ones, or a stock that jumped.

    Where more than half of the earlier values are 0, only the others are compared with, and a 0 is no surprise.

    Args:
        monthly: `MONTHLY`, earlier months and `month`.
        month: the month that is asked about.
        stocks: the indicators that should move slowly.

    Returns:
        `UNUSUAL`, by unit and indicator.
    """
    compared = _compared(monthly, month).filter(pl.col("value").is_not_null())
    outliers = compared.filter(pl.col("count") >= _LEAST_MONTHS, _is_far(), ~_is_idle()).with_columns(
        doubt=pl.lit("outlier")
    )
    jumps = compared.filter(pl.col("indicator").is_in(list(stocks)), _has_jumped()).with_columns(
        doubt=pl.lit("jump"), usual=pl.col("before"), spread=pl.lit(None, pl.Float64)
    )
    return (
        pl.concat([outliers, jumps])
        .select(list(UNUSUAL))
        .sort("unit_code", "indicator", "doubt")
        .match_to_schema(UNUSUAL)
    )


def _compared(monthly: pl.LazyFrame, month: str) -> pl.LazyFrame:
    """The value of `month` by unit and indicator, with the one before it and what is usual among the earlier ones."""
    earlier = pl.col("value").filter(pl.col("period") < month).drop_nulls()
    nonzero = earlier.filter(earlier != 0)
    return (
        monthly.sort("unit_code", "indicator", "period")
        .group_by("unit_code", "indicator")
        .agg(
            value=pl.col("value").filter(pl.col("period") == month).first(),
            before=earlier.last(),
            is_inflated=(earlier == 0).mean() > 0.5,
            **{f"all_{name}": made for name, made in _spread(earlier).items()},
            **{f"some_{name}": made for name, made in _spread(nonzero).items()},
        )
        .with_columns(
            **{
                name: pl.when("is_inflated").then(f"some_{name}").otherwise(f"all_{name}")
                for name in ("count", "usual", "mad", "mean")
            }
        )
        .with_columns(
            spread=pl.when(pl.col("mad") > 0)
            .then(pl.col("mad") * _MAD_TO_SIGMA)
            .when(pl.col("mean") > 0)
            .then(pl.col("mean") * _MEAN_TO_SIGMA)
        )
    )


def _is_far() -> pl.Expr:
    """Many deviations from the median; where the earlier values are all alike, more than half of it."""
    distance = (pl.col("value") - pl.col("usual")).abs()
    return pl.coalesce(distance > _FAR * pl.col("spread"), distance > 0.5 * pl.col("usual").abs())


def _is_idle() -> pl.Expr:
    return pl.col("is_inflated") & (pl.col("value") == 0)


def _has_jumped() -> pl.Expr:
    step = (pl.col("value") - pl.col("before")).abs()
    return (pl.col("before") > 0) & (step > _JUMP * pl.col("before"))


def falling_totals(control_totals: pl.LazyFrame, month: str, before: str) -> pl.LazyFrame:
    """The units whose own cumulative total fell from one month of the year to the next, as `UNUSUAL`."""
    total = pl.col("cumulative_vnd").cast(pl.Float64)
    return (
        control_totals.group_by("unit_code")
        .agg(
            value=total.filter(pl.col("period") == month).sum(),
            usual=total.filter(pl.col("period") == before).sum(),
            both=pl.col("period").filter(pl.col("period").is_in([month, before])).n_unique(),
        )
        .filter(pl.col("both") == 2, pl.col("value") < pl.col("usual"))
        .select(
            "unit_code",
            "value",
            "usual",
            indicator=pl.lit("value_total_vnd"),
            doubt=pl.lit("falling"),
            spread=pl.lit(None, pl.Float64),
        )
        .select(list(UNUSUAL))
        .sort("unit_code")
        .match_to_schema(UNUSUAL)
    )


def heaped_counts(activities: pl.LazyFrame, month: str) -> pl.LazyFrame:
    """The units most of whose counts of households and people of the month end in 0 or 5, as `UNUSUAL`."""
    counted = activities.filter(pl.col("period") == month).select(
        "unit_code", count=pl.concat_list("hh_total", "persons")
    )
    return (
        counted.explode("count")
        .filter(pl.col("count") >= 10)
        .group_by("unit_code")
        .agg(share=(pl.col("count") % 5 == 0).mean(), counts=pl.len())
        .filter(pl.col("counts") >= _LEAST_COUNTS, pl.col("share") >= _HEAP)
        .select(
            "unit_code",
            indicator=pl.lit("hh_total"),
            doubt=pl.lit("heaped"),
            value=100 * pl.col("share"),
            usual=pl.lit(20.0),
            spread=pl.lit(None, pl.Float64),
        )
        .sort("unit_code")
        .match_to_schema(UNUSUAL)
    )


def _spread(values: pl.Expr) -> dict[str, pl.Expr]:
    away = (values - values.median()).abs()
    return {"count": values.count(), "usual": values.median(), "mad": away.median(), "mean": away.mean()}
