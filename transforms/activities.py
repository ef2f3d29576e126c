"""Sheet 02: beside every activity, what its rules look at."""

from collections.abc import Mapping

import polars as pl

from domain import codes
from domain.codes import SCOPE_COMMUNE
from transforms.history import History
from transforms.names import folded
from transforms.rounding import half_unit
from transforms.territory import Territory
from transforms.villages import with_known_village

Columns = Mapping[str, pl.Expr]

_VILLAGE_MARGIN = 1.05
_PERSONS_PER_INHABITANT = 5


def judge_activities(
    activities: pl.LazyFrame,
    statements: pl.LazyFrame,
    households: pl.LazyFrame,
    territory: Territory,
    history: History,
) -> pl.LazyFrame:
    """`ACTIVITIES` with registers, the village's households, the price of one unit, and the row's own sums."""
    declared = statements.select("file", "form", "unit_code", "money_unit", "date_from", "date_to")
    return (
        activities.join(declared, on="file", how="left", validate="m:1")
        .pipe(with_known_village, territory)
        # Where a village is one cell, its name follows from its code.
        .with_columns(unnamed_village=pl.when(pl.col("form") != codes.KN_02).then("unnamed_village"))
        .pipe(_with_registers, households, territory, history)
        .with_columns(
            **_day(territory), **_village_and_partner(), **_description(), **_households(), **_sums(), **_price()
        )
    )


def _with_registers(
    rows: pl.LazyFrame, households: pl.LazyFrame, territory: Territory, history: History
) -> pl.LazyFrame:
    """The rows with the village's households of sheet 03, its partners, and what is allowed and usual."""
    own_households = households.group_by("file", "village_id").agg(
        stated_households=pl.col("households").first(), stated_persons=pl.col("persons").first()
    )
    twins = territory.twins.lazy().select("village_id", partner_key="partner_key", is_twin=pl.lit(True))
    allowed = _allowed_quantity_units().lazy()
    usual_prices = history.usual_prices.lazy()
    return (
        rows.join(own_households, on=["file", "village_id"], how="left", validate="m:1")
        .with_columns(partner_key=folded(pl.col("org_id")))
        .join(twins, on=["village_id", "partner_key"], how="left", validate="m:1")
        .join(territory.partner_days.lazy(), on="partner_key", how="left", validate="m:1")
        .join(allowed, on=["activity_code", "quantity_unit"], how="left", validate="m:1")
        .join(territory.unit_prices.lazy(), on=["activity_code", "quantity_unit"], how="left", validate="m:1")
        .join(territory.partner_lists.lazy(), on="village_id", how="left", validate="m:1")
        .join(usual_prices, on=["unit_code", "activity_code", "quantity_unit"], how="left", validate="m:1")
    )


def _day(territory: Territory) -> Columns:
    """The days of the period, and the day of an activity outside them."""
    is_inside = pl.col("activity_date").is_between(territory.first_day, territory.last_day)
    return {
        "first_day": pl.lit(territory.first_day),
        "last_day": pl.lit(territory.last_day),
        "outside_window": pl.when(~is_inside).then("activity_date"),
    }


def _village_and_partner() -> Columns:
    """A village that has its name alone, or that the partner is not twinned with.

    An agency of another time is asked about its time alone.
    """
    is_known = pl.col("known_village_name").is_not_null()
    is_commune_wide = pl.col("scope").fill_null("LANG") == SCOPE_COMMUNE
    has_ended = pl.col("partner_until") < pl.col("activity_date")
    has_not_begun = pl.col("partner_since") > pl.col("activity_date")
    is_of_its_time = ~pl.any_horizontal(has_ended.fill_null(False), has_not_begun.fill_null(False))
    return {
        "village_by_name": pl.when(~is_commune_wide).then("village_by_name"),
        "unassigned": pl.when(is_known & pl.col("is_twin").is_null() & is_of_its_time).then("org_id"),
        "partners_known": pl.col("partners_known").fill_null(""),
    }


def _description() -> Columns:
    """A description that says nothing, or too little."""
    description = pl.col("description")
    # Where the form asks a description of every row, a blank is told of as such.
    is_blank = description.is_null() & (pl.col("form") == codes.KN_02)
    is_other, is_short = pl.col("activity_code") == "KHAC", is_blank | (description.str.len_chars() < 10)
    return {
        "wordless_description": pl.when(~description.str.contains(r"\p{L}{2}")).then("description"),
        "bare_description": pl.when(is_other, is_short).then(description.fill_null("")),
    }


def _households() -> Columns:
    """What the village's own households allow."""
    village_households = pl.coalesce("stated_households", "register_households")
    village_persons = pl.coalesce("stated_persons", "register_persons")
    return {
        "hh_poor_and_nearpoor": pl.col("hh_poor") + pl.col("hh_nearpoor"),
        "village_households": village_households,
        "village_households_limit": (village_households * _VILLAGE_MARGIN).floor(),
        "village_persons_limit": village_persons * _PERSONS_PER_INHABITANT,
    }


def _sums() -> Columns:
    """How far the total is from its parts, by what rounding may explain or beyond it, and from quantity times price."""
    total = pl.col("value_total_vnd")
    parts = pl.sum_horizontal("cash_vnd", "inkind_vnd", ignore_nulls=False)
    gap, rounding = (total - parts).abs(), 2 * half_unit()
    product = pl.col("quantity").cast(pl.Float64) * pl.col("unit_value")
    return {
        "sum_gap_vnd": pl.max_horizontal(gap - rounding, 0),
        "rounding_gap_vnd": pl.when(gap.is_between(1, rounding)).then(gap),
        "total_written_over": pl.when((pl.col("shown_value_total_vnd") - total).abs() > rounding).then(
            "shown_value_total_vnd"
        ),
        "product_gap_pct": 100 * (product - total).abs() / pl.max_horizontal(total, 1),
    }


def _price() -> Columns:
    """The price of one unit of quantity, where it is far from the unit's own or out of bounds.

    What work under way has cost so far is no price.
    """
    total, usual = pl.col("value_total_vnd"), pl.col("usual_price")
    price = pl.when(pl.col("quantity") > 0, pl.col("status").ne_missing(codes.UNDER_WAY)).then(
        total / pl.col("quantity").cast(pl.Float64)
    )
    slip = pl.max_horizontal(price / usual, usual / price).round(0)
    is_possible = price <= pl.coalesce("price_error_max", pl.lit(2**62))
    return {
        "unit_price": price,
        "slip_ratio": pl.when(price > 0).then(slip),
        "price_too_high": pl.when(price > pl.col("price_warn_max"), is_possible).then(price),
    }


def _allowed_quantity_units() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"activity_code": activity.code, "quantity_unit": unit, "is_allowed": True}
            for activity in codes.ACTIVITIES
            for unit in activity.quantity_units
        ]
    )
