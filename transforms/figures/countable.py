"""The rows that indicators are counted in: facts, the reports themselves, and the register of villages."""

from collections.abc import Mapping

import polars as pl

from domain.schemas import COUNTABLE, PARTNERED
from transforms.names import folded


def with_partner(activities: pl.LazyFrame, partners: pl.LazyFrame) -> pl.LazyFrame:
    """`PARTNERED`: beside each row its partner and what its quantity is counted in.

    Args:
        activities: `stored("activities")`.
        partners: `PARTNER_KEYS`; who is not among them keeps the name that was written.
    """
    return (
        activities.with_columns(
            partner_key=folded(pl.col("org_id")),
            activity_and_unit=pl.concat_str("activity_code", "quantity_unit", separator="/"),
        )
        .join(partners, on="partner_key", how="left", validate="m:1")
        .with_columns(partner_id=pl.coalesce("partner_id", "org_id"))
        .select(list(PARTNERED))
        .match_to_schema(PARTNERED)
    )


def with_twinning(activities: pl.LazyFrame, register: pl.LazyFrame) -> pl.LazyFrame:
    """`COUNTABLE["activities"]`: beside each row whether its village had a partner that month.

    Args:
        activities: `PARTNERED`.
        register: `COUNTABLE["register"]`.
    """
    place = ["period", "village_id"]
    twinned = register.filter("has_partner").select(place).unique().with_columns(in_twinned_village=pl.lit(True))
    return (
        activities.join(twinned, on=place, how="left", validate="m:1")
        .with_columns(pl.col("in_twinned_village").fill_null(False))
        .select(list(COUNTABLE["activities"]))
        .match_to_schema(COUNTABLE["activities"])
    )


def complete(tables: Mapping[str, pl.LazyFrame]) -> dict[str, pl.LazyFrame]:
    """Every table of `COUNTABLE`, those that were not given without rows."""
    return {
        table: tables[table].match_to_schema(schema) if table in tables else pl.LazyFrame(schema=schema)
        for table, schema in COUNTABLE.items()
    }
