"""Sheet 03: beside every village's households, what their rules look at; and the villages that are not there."""

import polars as pl

from transforms.history import History
from transforms.territory import Territory
from transforms.villages import with_known_village


def judge_households(
    households: pl.LazyFrame, statements: pl.LazyFrame, territory: Territory, history: History
) -> pl.LazyFrame:
    """`HOUSEHOLDS` with registers, both bridges closed, and last month's closing figures."""

    def balance(prefix: str) -> pl.Expr:
        return (
            pl.col(f"{prefix}_open")
            - pl.col(f"{prefix}_exit")
            + pl.col(f"{prefix}_relapse")
            + pl.col(f"{prefix}_new")
            + pl.col(f"{prefix}_other")
        )

    def carried(prefix: str, *, restated: bool) -> pl.Expr:
        differs = pl.col(f"{prefix}_open") != pl.col(f"previous_{prefix}_close")
        return pl.when(differs & (pl.col("previous_restated") == restated)).then(f"{prefix}_open")

    declared = statements.select("file", "unit_code")
    per_household = pl.when(pl.col("households") > 0).then(pl.col("persons") / pl.col("households"))
    return (
        with_known_village(households.join(declared, on="file", how="left", validate="m:1"), territory)
        .join(history.previous_close.lazy(), on="village_id", how="left", validate="m:1")
        .with_columns(
            poor_balance=balance("poor"),
            nearpoor_balance=balance("nearpoor"),
            poor_gap=pl.col("poor_close") - balance("poor"),
            nearpoor_gap=pl.col("nearpoor_close") - balance("nearpoor"),
            poor_not_carried=carried("poor", restated=False),
            nearpoor_not_carried=carried("nearpoor", restated=False),
            poor_restated=carried("poor", restated=True),
            nearpoor_restated=carried("nearpoor", restated=True),
            poor_and_nearpoor=pl.col("poor_close") + pl.col("nearpoor_close"),
            persons_per_household=per_household,
            persons_implausible=pl.when(~per_household.is_between(2.0, 7.0), per_household.is_between(1.0, 15.0)).then(
                per_household
            ),
            persons_impossible=pl.when(~per_household.is_between(1.0, 15.0)).then(per_household),
            dtts_share_pct=pl.when(pl.col("households") > 0).then(100.0 * pl.col("hh_dtts") / pl.col("households")),
            ntm_year_missing=pl.when(pl.col("ntm") == "Có", pl.col("ntm_year").is_null()).then("ntm"),
            ntm_year_idle=pl.when(pl.col("ntm") == "Không", pl.col("ntm_year").is_not_null()).then("ntm_year"),
            ntm_year_ahead=pl.when(pl.col("ntm_year") > territory.last_day.year).then("ntm_year"),
        )
    )


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
