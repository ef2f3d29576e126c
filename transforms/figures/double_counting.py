"""Rows of different agencies or units that tell the same: same village, day and activity, same quantity or amount."""

import polars as pl

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
    """The pairs among the rows of `COUNTABLE["activities"]` that a person should look at.

    Several funders of one activity are rows of one agency, and no doubt; neither are rows without any amount.

    Returns:
        `PAIRS`, sorted.
    """
    told = (
        activities.filter(pl.col("village_id").is_not_null(), pl.col("status") != "cam_ket")
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
    same_quantity = (
        (pl.col("amount") == pl.col("amount_other"))
        & (pl.col("amount") > 0)
        & (pl.col("quantity_unit") == pl.col("quantity_unit_other"))
    )
    same_value = (pl.col("value") == pl.col("value_other")) & (pl.col("value") > 0)
    of_others = (pl.col("unit_code") != pl.col("unit_code_other")) | pl.col("partner").ne_missing(
        pl.col("partner_other")
    )
    return (
        told.join(told, on=_SAME, how="inner", suffix="_other")
        .filter(pl.col("place") < pl.col("place_other"), of_others, same_quantity | same_value)
        .select(
            "period",
            "unit_code",
            "source_row",
            pl.col("period_other").alias("other_period"),
            pl.col("unit_code_other").alias("other_unit"),
            pl.col("source_row_other").alias("other_row"),
            *_SAME,
            "partner",
            pl.col("partner_other").alias("other_partner"),
            quantity=pl.format("{} {}", pl.col("amount_other").cast(pl.String), pl.col("quantity_unit_other")),
            value_total_vnd=pl.col("value_other"),
        )
        .sort("period", "unit_code", "source_row", "other_period", "other_unit", "other_row")
        .match_to_schema(PAIRS)
    )
