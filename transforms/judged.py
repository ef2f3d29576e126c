"""Lays beside every row what a rule needs to judge it: registers, history, sums of other sheets.

Each added column either holds the number a rule bounds, or the offending value itself and null where all is well.
"""

from dataclasses import dataclass

import polars as pl

from domain import codes
from domain.codes import CORRECTION, OFFICIAL, REPLACEMENT, SCOPE_COMMUNE, VND_PER_MONEY_UNIT
from domain.text import folded
from transforms.territory import Territory

LATEST_REVISIONS = pl.Schema({"unit_code": pl.String, "latest_revision": pl.Int64})
PREVIOUS_CLOSE = pl.Schema(
    {
        "village_id": pl.String,
        "previous_poor_close": pl.Int64,
        "previous_nearpoor_close": pl.Int64,
        "previous_restated": pl.Boolean,
    }
)
PREVIOUS_CUMULATIVE = pl.Schema(
    {"unit_code": pl.String, "activity_code": pl.String, "previous_cumulative_vnd": pl.Int64}
)
_DOC_NUMBER = r"^\d+(/BC-UBND|-BC/ĐU)$"
_EMAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$"
_VILLAGE_MARGIN = 1.05
_PERSONS_PER_INHABITANT = 5
_CONTROL_MEASURES = ("quantity", "hh_total", "cash_vnd", "inkind_vnd", "value_total_vnd")


@dataclass(frozen=True, slots=True)
class History:
    """What was accepted before: the unit's latest revision of this period, last month's closing figures."""

    latest_revisions: pl.DataFrame
    previous_close: pl.DataFrame
    previous_cumulative: pl.DataFrame


NO_HISTORY = History(
    pl.DataFrame(schema=LATEST_REVISIONS), pl.DataFrame(schema=PREVIOUS_CLOSE), pl.DataFrame(schema=PREVIOUS_CUMULATIVE)
)


def judge_statements(
    statements: pl.LazyFrame,
    territory: Territory,
    history: History,
    activities: pl.LazyFrame,
    households: pl.LazyFrame,
    period_problem: str | None,
) -> pl.LazyFrame:
    """`STATEMENTS` with what their rules look at; `period_problem` is the rule the period itself breaks, if any."""
    period = pl.col("period")
    is_nil = pl.col("nil_return") == "Có"
    needs_reason = pl.col("submission_kind").is_in([REPLACEMENT, CORRECTION])
    rows = pl.col("activity_rows").fill_null(0) + pl.col("household_rows").fill_null(0)
    known_name = territory.unit_names.lazy().select("unit_code", "name_key", is_known_name=pl.lit(True))
    return (
        statements.join(territory.units.lazy(), on="unit_code", how="left", validate="m:1")
        .with_columns(name_key=folded(pl.col("unit_name")))
        .join(known_name, on=["unit_code", "name_key"], how="left", validate="m:1")
        .join(history.latest_revisions.lazy(), on="unit_code", how="left", validate="m:1")
        .join(activities.group_by("file").agg(activity_rows=pl.len()), on="file", how="left", validate="1:1")
        .join(households.group_by("file").agg(household_rows=pl.len()), on="file", how="left", validate="1:1")
        .with_columns(
            malformed_period=pl.when(pl.lit(period_problem == "malformed")).then(period),
            future_period=pl.when(pl.lit(period_problem == "future")).then(period),
            old_period=pl.when(pl.lit(period_problem == "old")).then(period),
            unknown_unit=pl.when(pl.col("known_unit_name").is_null() & pl.lit(period_problem is None)).then(
                "unit_code"
            ),
            foreign_name=pl.when(pl.col("known_unit_name").is_not_null() & pl.col("is_known_name").is_null()).then(
                "unit_name"
            ),
            first_day=pl.lit(territory.first_day),
            last_day=pl.lit(territory.last_day),
            wrong_first_day=pl.when(pl.lit(period_problem is None), pl.col("date_from") != territory.first_day).then(
                "date_from"
            ),
            wrong_last_day=pl.when(pl.lit(period_problem is None), pl.col("date_to") != territory.last_day).then(
                "date_to"
            ),
            stale_revision=pl.when(pl.col("revision") <= pl.col("latest_revision")).then("revision"),
            needed_revision=pl.col("latest_revision") + 1,
            first_but_not_official=pl.when(pl.col("revision") == 1, pl.col("submission_kind") != OFFICIAL).then(
                "submission_kind"
            ),
            reason_missing=pl.when(needs_reason & pl.col("reason").is_null()).then("submission_kind"),
            odd_doc_number=pl.when(~pl.col("doc_number").str.contains(_DOC_NUMBER)).then("doc_number"),
            odd_email=pl.when(~pl.col("preparer_email").str.contains(_EMAIL)).then("preparer_email"),
            nil_with_rows=pl.when(is_nil & (rows > 0)).then(rows),
            rows_missing=pl.when((pl.col("nil_return") == "Không") & (rows == 0)).then("nil_return"),
            other_unit_property=pl.when(pl.col("property_unit") != pl.col("unit_code")).then("property_unit"),
            other_period_property=pl.when(pl.col("property_period") != period).then("property_period"),
        )
    )


def judge_activities(
    activities: pl.LazyFrame, statements: pl.LazyFrame, households: pl.LazyFrame, territory: Territory
) -> pl.LazyFrame:
    """`ACTIVITIES` with registers, the village's households, the price of one unit, and the row's own sums."""
    declared = statements.select("file", "unit_code", "money_unit", "date_from", "date_to")
    own_households = households.group_by("file", "village_id").agg(
        stated_households=pl.col("households").first(), stated_persons=pl.col("persons").first()
    )
    twins = territory.twins.lazy().select("village_id", partner_key="partner_key", is_twin=pl.lit(True))
    allowed = _allowed_quantity_units().lazy()
    total = pl.col("value_total_vnd")
    addends = pl.sum_horizontal(pl.col("cash_vnd"), pl.col("inkind_vnd"), ignore_nulls=False)
    half_unit = pl.col("money_unit").replace_strict(VND_PER_MONEY_UNIT, default=1, return_dtype=pl.Int64) // 2
    price = pl.when(pl.col("quantity") > 0).then(total / pl.col("quantity").cast(pl.Float64))
    product = pl.col("quantity").cast(pl.Float64) * pl.col("unit_value")
    village_households = pl.coalesce("stated_households", "register_households")
    village_persons = pl.coalesce("stated_persons", "register_persons")
    is_known = pl.col("known_village_name").is_not_null()
    is_commune_wide = pl.col("scope").fill_null("LANG") == SCOPE_COMMUNE
    for_households = [activity.code for activity in codes.ACTIVITIES if activity.for_households]
    for_persons = [activity.code for activity in codes.ACTIVITIES if activity.for_persons]
    needs_households = pl.col("activity_code").is_in(for_households)
    return (
        with_known_village(activities.join(declared, on="file", how="left", validate="m:1"), territory)
        .join(own_households, on=["file", "village_id"], how="left", validate="m:1")
        .with_columns(partner_key=folded(pl.col("org_id")))
        .join(twins, on=["village_id", "partner_key"], how="left", validate="m:1")
        .join(allowed, on=["activity_code", "quantity_unit"], how="left", validate="m:1")
        .join(territory.unit_prices.lazy(), on=["activity_code", "quantity_unit"], how="left", validate="m:1")
        .with_columns(
            first_day=pl.lit(territory.first_day),
            last_day=pl.lit(territory.last_day),
            outside_window=pl.when(~pl.col("activity_date").is_between(territory.first_day, territory.last_day)).then(
                "activity_date"
            ),
            village_missing=pl.when(pl.col("village_id").is_null() & ~is_commune_wide).then(pl.lit("LANG")),
            unassigned=pl.when(is_known & pl.col("is_twin").is_null()).then("org_id"),
            bare_description=pl.when(
                pl.col("activity_code") == "KHAC", pl.col("description").str.len_chars() < 10
            ).then("description"),
            wrong_quantity_unit=pl.when(pl.col("is_allowed").is_null() & pl.col("activity_code").is_not_null()).then(
                "quantity_unit"
            ),
            hh_poor_and_nearpoor=pl.col("hh_poor") + pl.col("hh_nearpoor"),
            village_households=village_households,
            village_households_limit=(village_households * _VILLAGE_MARGIN).floor(),
            village_persons_limit=village_persons * _PERSONS_PER_INHABITANT,
            sum_gap_vnd=pl.max_horizontal((total - addends).abs() - 2 * half_unit, 0),
            product_gap_pct=100 * (product - total).abs() / pl.max_horizontal(total, 1),
            unit_price=price,
            price_too_low=pl.when(price < pl.col("price_warn_min"), total > 0).then(price),
            price_too_high=pl.when(
                price > pl.col("price_warn_max"),
                price <= pl.coalesce("price_error_max", pl.lit(2**62)),
            ).then(price),
            price_impossible=pl.when(price > pl.col("price_error_max")).then(price),
            **{
                f"{name}_missing": pl.when(needs_households & pl.col(name).is_null()).then("activity_code")
                for name in ("hh_total", "hh_poor", "hh_nearpoor", "hh_dtts")
            },
            persons_missing=pl.when(pl.col("activity_code").is_in(for_persons) & pl.col("persons").is_null()).then(
                "activity_code"
            ),
        )
    )


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
        return pl.max_horizontal(difference - (tolerance if measure.endswith("_vnd") else 0), 0.0)

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


def with_known_village(rows: pl.LazyFrame, territory: Territory) -> pl.LazyFrame:
    """Rows that have `unit_code`, `village_id`, `village_name`, with what the register says of the village.

    A blank id is taken from the name where just one village of the unit bears it.
    """
    names = territory.village_names.lazy()
    by_name = (
        names.group_by("reporter_code", "name_key")
        .agg(found_id=pl.col("village_id").first(), found=pl.len())
        .filter(pl.col("found") == 1)
    )
    known_name = names.select("village_id", "name_key", is_known_village_name=pl.lit(True))
    is_known = pl.col("known_village_name").is_not_null()
    return (
        rows.with_columns(name_key=folded(pl.col("village_name")), village_id=pl.col("village_id").str.to_uppercase())
        .join(
            by_name.drop("found"),
            left_on=["unit_code", "name_key"],
            right_on=["reporter_code", "name_key"],
            how="left",
            validate="m:1",
        )
        .with_columns(village_id=pl.coalesce("village_id", "found_id"))
        .drop("found_id")
        .join(territory.villages.lazy(), on="village_id", how="left", validate="m:1")
        .join(known_name, on=["village_id", "name_key"], how="left", validate="m:1")
        .with_columns(
            unknown_village=pl.when(~is_known).then("village_id"),
            foreign_village=pl.when(is_known, pl.col("reporter_code") != pl.col("unit_code")).then("village_id"),
            foreign_village_name=pl.when(is_known & pl.col("is_known_village_name").is_null()).then("village_name"),
        )
    )


def _allowed_quantity_units() -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"activity_code": activity.code, "quantity_unit": unit, "is_allowed": True}
            for activity in codes.ACTIVITIES
            for unit in activity.quantity_units
        ]
    )
