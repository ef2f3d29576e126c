"""All figures of the catalogue in one pass: by unit, activity, funding source; for four bases of time."""

from collections.abc import Mapping, Sequence

import polars as pl

from domain.indicators import INDICATORS, Indicator, Kind
from domain.schemas import stored
from domain.spans import Span
from transforms.indicators import MEASURE, measure

BASES = pl.Schema({"period": pl.String(), "basis": pl.String(), "is_last": pl.Boolean(), "until": pl.Date()})
"""`until` is the last day whose activities count, null for all."""
MEASURED = pl.Schema(
    {"indicator": pl.String(), "basis": pl.String(), "dimension": pl.String(), "member": pl.String(), "value": MEASURE}
)
"""One row per measured figure; `dimension` is empty for the province."""

DEPARTED = pl.Schema({"period": pl.String(), "unit_code": pl.String()})
"""Units that ended within a month, so that others state its closing stocks."""
NOBODY_DEPARTED = pl.LazyFrame(schema=DEPARTED)

DIMENSIONS = {
    "activities": ("", "unit_code", "activity_code", "funding_source", "period", "activity_and_unit"),
    "households": ("", "unit_code", "period"),
}
DIMENSION_NAMES = {
    "unit_code": "unit",
    "activity_code": "activity",
    "funding_source": "funding",
    "period": "month",
    "activity_and_unit": "counted",
}


def bases_of(spans: Mapping[str, Span]) -> pl.DataFrame:
    """Which stored months belong to which basis, as `BASES`; a month may belong to several."""
    rows = [
        (str(month), basis, month == span.months[-1], span.until)
        for basis, span in spans.items()
        for month in span.months
    ]
    return pl.DataFrame(rows, schema=BASES, orient="row")


def placed_rows(rows: pl.LazyFrame, table: str, bases: pl.LazyFrame) -> pl.LazyFrame:
    """The rows of `table` once for every basis they belong to."""
    placed = rows.join(bases, on="period", how="inner")
    if table != "activities":
        return placed
    return placed.filter(pl.col("until").is_null() | (pl.col("activity_date") <= pl.col("until")))


def departed_units(departed: Sequence[tuple[str, str]]) -> pl.LazyFrame:
    """Months with the units that ended in them, as `DEPARTED`."""
    return pl.LazyFrame(departed, schema=DEPARTED, orient="row")


def closing_rows(placed: pl.LazyFrame, departed: pl.LazyFrame) -> pl.LazyFrame:
    """The rows that state a closing stock: of the basis' last month, by units that were there at its end.

    On the trend every month stands for itself, so its closing stock is its own.
    """
    return placed.filter(pl.col("is_last") | (pl.col("basis") == "trend")).join(
        departed, on=["period", "unit_code"], how="anti"
    )


def summarise(
    activities: pl.LazyFrame, households: pl.LazyFrame, bases: pl.LazyFrame, departed: pl.LazyFrame = NOBODY_DEPARTED
) -> pl.LazyFrame:
    """Every measure of the catalogue.

    Args:
        activities: `stored("activities")`, the counting rows of all months in `bases`.
        households: `stored("households")`, likewise.
        bases: `BASES`.
        departed: `DEPARTED`.

    Returns:
        `MEASURED`, sorted.
    """
    quantity = pl.concat_str("activity_code", "quantity_unit", separator="/")
    activities = activities.match_to_schema(stored("activities")).with_columns(activity_and_unit=quantity)
    households = households.match_to_schema(stored("households"))
    parts = [
        *_parts(activities, "activities", bases, departed),
        *_parts(households, "households", bases, departed),
    ]
    return pl.concat(parts).sort("indicator", "basis", "dimension", "member").match_to_schema(MEASURED)


def _parts(rows: pl.LazyFrame, table: str, bases: pl.LazyFrame, departed: pl.LazyFrame) -> list[pl.LazyFrame]:
    placed = placed_rows(rows, table, bases)
    parts = []
    for kind in (Kind.FLOW, Kind.STOCK):
        entries = [entry for entry in INDICATORS if entry.table == table and entry.kind is kind]
        if entries:
            of_kind = closing_rows(placed, departed) if kind is Kind.STOCK else placed
            parts += [_by(of_kind, entries, dimension) for dimension in DIMENSIONS[table]]
    return parts


def _by(rows: pl.LazyFrame, entries: list[Indicator], dimension: str) -> pl.LazyFrame:
    in_groups = ["basis", dimension] if dimension else ["basis"]
    return (
        rows.filter(pl.lit(True) if not dimension else pl.col(dimension).is_not_null())
        .group_by(in_groups)
        .agg(measure(entry) for entry in entries)
        .unpivot(on=[entry.code for entry in entries], index=in_groups, variable_name="indicator", value_name="value")
        .select(
            "indicator",
            "basis",
            dimension=pl.lit(DIMENSION_NAMES.get(dimension, "")),
            member=pl.col(dimension) if dimension else pl.lit(""),
            value=pl.col("value"),
        )
    )
