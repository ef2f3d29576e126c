"""Rows of different agencies or units that may be one activity: same village, day and activity, same quantity or amount."""

import polars as pl

from domain.codes import COMMITTED

PAIRS = pl.Schema(
    {
        "period": pl.String,
        "unit_code": pl.String,
        "source_row": pl.Int64,
        "other_period": pl.String,
        "other_unit": pl.String,
        "other_row": pl.Int64,
        "village_id": pl.String,
        "activity_date": pl.Date,
        "activity_code": pl.String,
        "partner": pl.String,
        "other_partner": pl.String,
        "quantity": pl.String,
        "value_total_vnd": pl.Int64,
    }
)
"""One row per pair; the first is the one that stands first by month, unit and row, the value is the second's."""

_SAME = ["village_id", "activity_date", "activity_code"]


def doubtful_pairs(activities: pl.LazyFrame) -> pl.LazyFrame:
    """The pairs among the rows of `PARTNERED` that a person should look at.

    Several funders of one activity are rows of one agency, and no doubt; neither are rows without any amount.

    Returns:
        `PAIRS`, sorted.
    """
    rows = _in_order(activities)
    return (
        rows.join(rows, on=_SAME, how="inner", suffix="_other")
        .filter(_is_first_of_pair(), _is_of_others(), _has_same_quantity() | _has_same_value())
        .select(
            "period",
            "unit_code",
            "source_row",
            *_SAME,
            "partner",
            other_period="period_other",
            other_unit="unit_code_other",
            other_row="source_row_other",
            other_partner="partner_other",
            quantity=pl.format("{} {}", pl.col("amount_other").cast(pl.String), pl.col("quantity_unit_other")),
            value_total_vnd="value_other",
        )
        .select(list(PAIRS))
        .sort("period", "unit_code", "source_row", "other_period", "other_unit", "other_row")
        .match_to_schema(PAIRS)
    )


def _in_order(activities: pl.LazyFrame) -> pl.LazyFrame:
    """What was done in a named village, each row with its place by month, unit and row."""
    return (
        activities.filter(pl.col("village_id").is_not_null(), pl.col("status") != COMMITTED)
        .select(
            *_SAME,
            "period",
            "unit_code",
            "source_row",
            "quantity_unit",
            partner="partner_id",
            amount="quantity",
            value="value_total_vnd",
        )
        .sort("period", "unit_code", "source_row")
        .with_row_index("place")
    )


def _is_first_of_pair() -> pl.Expr:
    return pl.col("place") < pl.col("place_other")


def _is_of_others() -> pl.Expr:
    """Of another unit, or of another agency; an agency that is not known is another."""
    is_other_unit = pl.col("unit_code") != pl.col("unit_code_other")
    return is_other_unit | pl.col("partner").ne_missing(pl.col("partner_other"))


def _has_same_quantity() -> pl.Expr:
    return (
        (pl.col("amount") == pl.col("amount_other"))
        & (pl.col("amount") > 0)
        & (pl.col("quantity_unit") == pl.col("quantity_unit_other"))
    )


def _has_same_value() -> pl.Expr:
    return (pl.col("value") == pl.col("value_other")) & (pl.col("value") > 0)
