"""Sheet 03: beside every village's households, what their rules look at; and the villages that are not there."""

from collections.abc import Mapping

import polars as pl

from transforms.history import History
from transforms.territory import Territory
from transforms.villages import with_known_village


def judge_households(
    households: pl.LazyFrame, statements: pl.LazyFrame, territory: Territory, history: History
) -> pl.LazyFrame:
    """`HOUSEHOLDS` with registers, both bridges closed, and last month's closing figures."""
    declared = statements.select("file", "unit_code", "form")
    return (
        households.join(declared, on="file", how="left", validate="m:1")
        .pipe(with_known_village, territory)
        .join(history.previous_close.lazy(), on="village_id", how="left", validate="m:1")
        .with_columns(
            **_bridge("poor"),
            **_bridge("nearpoor"),
            poor_and_nearpoor=pl.col("poor_close") + pl.col("nearpoor_close"),
            **_shares(),
            **_leaps(),
            reported_year=pl.lit(territory.last_day.year),
        )
    )


def _bridge(prefix: str) -> Mapping[str, pl.Expr]:
    """Where the movements of the month lead from its opening stock."""
    opening, close = pl.col(f"{prefix}_open"), pl.col(f"{prefix}_close")
    balance = (
        opening
        - pl.col(f"{prefix}_exit")
        + pl.col(f"{prefix}_relapse")
        + pl.col(f"{prefix}_new")
        + pl.col(f"{prefix}_other")
    )
    return {
        f"{prefix}_balance": balance,
        f"{prefix}_gap": close - balance,
    }


def _shares() -> Mapping[str, pl.Expr]:
    """Persons to a household; the share of minority households."""
    has_households = pl.col("households") > 0
    per_household = pl.when(has_households).then(pl.col("persons") / pl.col("households"))
    return {
        "persons_per_household": per_household,
        "dtts_share_pct": pl.when(has_households).then(100.0 * pl.col("hh_dtts") / pl.col("households")),
    }


_LEAP_POINTS = 15
"""So many points in a month are a slip of the comma more likely than cards handed out or lost."""
_LEAP_SHARE, _LEAP_LEAST = 0.2, 10
"""A village that grows or shrinks by a fifth in a month, and by more than a few."""


def _leaps() -> Mapping[str, pl.Expr]:
    """What is far from last month's closing figures though no movement explains it.

    Poor and near-poor households are not among them: their movements are written down and added up.
    """
    share, before = pl.col("bhyt_pct").cast(pl.Float64), pl.col("previous_bhyt_pct").cast(pl.Float64)
    return {
        "bhyt_pct_leap": pl.when((share - before).abs() >= _LEAP_POINTS).then("bhyt_pct"),
        **{f"{name}_leap": _leap(name) for name in ("households", "persons", "hh_dtts")},
    }


def _leap(name: str) -> pl.Expr:
    now, before = pl.col(name), pl.col(f"previous_{name}")
    difference = (now - before).abs()
    is_leap = (difference > _LEAP_LEAST) & (difference > _LEAP_SHARE * pl.max_horizontal(now, before))
    return pl.when(is_leap).then(now)


def judge_roster(cells: pl.LazyFrame, statements: pl.LazyFrame, territory: Territory) -> pl.LazyFrame:
    """One row per village a unit reports for: `file`, `village_id`, its row in sheet 03 if any, and `silent_village`.

    A row left blank, or taken out, says nothing about the village; that is neither nil nor zero.
    """
    rows = (
        cells.filter(pl.col("table") == "households", pl.col("field") == "village_id")
        .with_columns(village_key=pl.col("text").str.to_uppercase())
        .group_by("file", "village_key")
        .agg(pl.col("source_row").first(), is_blank=pl.col("blank_row").all())
    )
    return (
        statements.filter(pl.col("nil_return") == "Không")
        .select("file", "unit_code")
        .join(territory.villages.lazy(), left_on="unit_code", right_on="reporter_code", how="inner")
        .join(rows, left_on=["file", "village_id"], right_on=["file", "village_key"], how="left", validate="1:1")
        .with_columns(
            silent_village=pl.when(pl.col("is_blank").fill_null(True)).then("known_village_name"),
        )
        .sort("file", "village_id")
    )
