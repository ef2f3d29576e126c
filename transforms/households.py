"""Sheet 03: beside every village's households, what their rules look at; and the villages that are not there."""

from collections.abc import Mapping

import polars as pl

from domain import codes
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
            **_new_countryside(territory.last_day.year),
            **{
                f"{name}_written_over": pl.when(pl.col(f"shown_{name}") != pl.col(name)).then(f"shown_{name}")
                for name in ("poor_close", "nearpoor_close")
            },
        )
    )


def _bridge(prefix: str) -> Mapping[str, pl.Expr]:
    """Where the movements of the month lead from its opening stock, and whether that is last month's closing stock."""
    opening, close = pl.col(f"{prefix}_open"), pl.col(f"{prefix}_close")
    balance = (
        opening
        - pl.col(f"{prefix}_exit")
        + pl.col(f"{prefix}_relapse")
        + pl.col(f"{prefix}_new")
        + pl.col(f"{prefix}_other")
    )
    differs, was_restated = opening != pl.col(f"previous_{prefix}_close"), pl.col("previous_restated")
    return {
        f"{prefix}_balance": balance,
        f"{prefix}_gap": close - balance,
        f"{prefix}_not_carried": pl.when(differs & ~was_restated).then(f"{prefix}_open"),
        f"{prefix}_restated": pl.when(differs & was_restated).then(f"{prefix}_open"),
    }


def _shares() -> Mapping[str, pl.Expr]:
    """Persons to a household, where they are unusual or impossible; the share of minority households."""
    has_households = pl.col("households") > 0
    per_household = pl.when(has_households).then(pl.col("persons") / pl.col("households"))
    is_usual, is_possible = per_household.is_between(2.0, 7.0), per_household.is_between(1.0, 15.0)
    return {
        "persons_per_household": per_household,
        "persons_implausible": pl.when(~is_usual, is_possible).then(per_household),
        "persons_impossible": pl.when(~is_possible).then(per_household),
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


def _new_countryside(year: int) -> Mapping[str, pl.Expr]:
    """A year of recognition (NTM) that is missing where the form asks it, superfluous or still to come."""
    reached, reached_in, is_asked = pl.col("ntm"), pl.col("ntm_year"), pl.col("form") == codes.KN_01
    return {
        "ntm_year_missing": pl.when(is_asked, reached == "Có", reached_in.is_null()).then("ntm"),
        "ntm_year_idle": pl.when(reached == "Không", reached_in.is_not_null()).then("ntm_year"),
        "ntm_year_ahead": pl.when(reached_in > year).then("ntm_year"),
    }


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
