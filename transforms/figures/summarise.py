"""All figures of the catalogue in one pass: by unit, activity, source, occasion, partner and village, for every basis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from domain.catalogue import INDICATORS
from domain.indicators import Basis, Indicator, Kind
from domain.spans import Span
from transforms.figures.countable import complete
from transforms.figures.indicators import MEASURE, enters, measure

BASES = pl.Schema(
    {
        "period": pl.String(),
        "basis": pl.String(),
        "is_first": pl.Boolean(),
        "is_last": pl.Boolean(),
        "since": pl.Date(),
        "until": pl.Date(),
    }
)
"""`since` and `until` are the first and the last day whose activities count, null for all."""
MEASURED = pl.Schema(
    {
        "indicator": pl.String(),
        "basis": pl.String(),
        "dimension": pl.String(),
        "member": pl.String(),
        "value": MEASURE,
        "cells": pl.UInt32(),
        "sources": pl.List(pl.Int64()),
    }
)
"""One row per measured figure; `dimension` is empty for the province, `sources` are the submissions it is made of."""

MOVES = pl.Schema({"period": pl.String(), "unit_code": pl.String()})
"""Units that ended, or began, within a month: others state its closing, or its opening, stocks."""

DIMENSIONS = {
    "activities": {
        "": "",
        "unit": "unit_code",
        "activity": "activity_code",
        "funding": "funding_source",
        "counted": "activity_and_unit",
        "occasion": "occasion",
        "partner": "partner_id",
        "village": "village_id",
        "month": "period",
    },
    "households": {"": "", "unit": "unit_code", "village": "village_id", "month": "period"},
    "politics_security": {"": "", "unit": "unit_code", "village": "village_id", "month": "period"},
    "reports": {"": "", "unit": "unit_code", "month": "period"},
    "register": {"": "", "unit": "unit_code", "month": "period"},
}
"""By which columns the figures of a table are taken apart."""
_OF_THE_PERIOD_ONLY = ("occasion", "partner", "village")


@dataclass(frozen=True, slots=True)
class Countable:
    """Everything that figures are counted in."""

    tables: Mapping[str, pl.LazyFrame]
    """`schemas.COUNTABLE`, by table; all months of `bases`."""
    bases: pl.LazyFrame
    """`BASES`."""
    departed: pl.LazyFrame
    """`MOVES`: who ended within a month."""
    arrived: pl.LazyFrame
    """`MOVES`: who began within a month."""


def bases_of(spans: Mapping[str, Span]) -> pl.DataFrame:
    """Which stored months belong to which basis, as `BASES`; a month may belong to several."""
    rows = [
        (str(month), basis, month == span.months[0], month == span.months[-1], span.since, span.until)
        for basis, span in spans.items()
        for month in span.months
    ]
    return pl.DataFrame(rows, schema=BASES, orient="row")


def moves(rows: Sequence[tuple[str, str]] = ()) -> pl.LazyFrame:
    """Months with the units that ended or began in them, as `MOVES`."""
    return pl.LazyFrame(rows, schema=MOVES, orient="row")


def placed_rows(countable: Countable, table: str, kind: Kind) -> pl.LazyFrame:
    """The rows of `table` once for every basis they belong to; for stocks, those that state them.

    On the trend every month stands for itself, so its stocks are its own.
    """
    placed = countable.tables[table].join(countable.bases, on="period", how="inner")
    on_the_trend = pl.col("basis") == str(Basis.TREND)
    if table == "activities":
        day = pl.col("activity_date")
        placed = placed.filter(
            pl.col("since").is_null() | (day >= pl.col("since")), pl.col("until").is_null() | (day <= pl.col("until"))
        )
    if kind is Kind.STOCK:
        return placed.filter(pl.col("is_last") | on_the_trend).join(
            countable.departed, on=["period", "unit_code"], how="anti"
        )
    if kind is Kind.OPENING:
        return placed.filter(pl.col("is_first") | on_the_trend).join(
            countable.arrived, on=["period", "unit_code"], how="anti"
        )
    return placed


def summarise(countable: Countable) -> pl.LazyFrame:
    """Every measure of the catalogue, as `MEASURED`, sorted."""
    whole = Countable(complete(countable.tables), countable.bases, countable.departed, countable.arrived)
    parts = [part for table in DIMENSIONS for part in _of_table(whole, table)]
    return pl.concat(parts).sort("indicator", "basis", "dimension", "member").match_to_schema(MEASURED)


def _of_table(countable: Countable, table: str) -> list[pl.LazyFrame]:
    parts = []
    for kind in (Kind.FLOW, Kind.STOCK, Kind.OPENING):
        entries = [entry for entry in INDICATORS if entry.table == table and entry.kind is kind]
        if entries:
            placed = placed_rows(countable, table, kind)
            parts += [_by(placed, entries, dimension, column) for dimension, column in DIMENSIONS[table].items()]
    return parts


def _by(rows: pl.LazyFrame, entries: Sequence[Indicator], dimension: str, column: str) -> pl.LazyFrame:
    in_groups = ["basis", column] if column else ["basis"]
    bases = [str(basis) for basis in Basis if is_taken(dimension, basis)]
    return (
        rows.filter(pl.col("basis").is_in(bases), pl.col(column).is_not_null() if column else pl.lit(True))
        .group_by(in_groups)
        .agg(_traced(entry) for entry in entries)
        .unpivot(on=[entry.code for entry in entries], index=in_groups, variable_name="indicator", value_name="made")
        .select(
            "indicator",
            "basis",
            dimension=pl.lit(dimension),
            member=pl.col(column) if column else pl.lit(""),
            value=pl.col("made").struct.field("value"),
            cells=pl.col("made").struct.field("cells"),
            sources=pl.col("made").struct.field("sources"),
        )
    )


def is_taken(dimension: str, basis: str) -> bool:
    """Whether figures of the basis are taken apart so: the trend shows months, what is long in members the period and the year."""
    if dimension == "month":
        return basis == Basis.TREND
    if dimension in _OF_THE_PERIOD_ONLY:
        return basis in (Basis.PERIOD, Basis.CUMULATIVE)
    return basis not in (Basis.TREND, Basis.HISTORY)


def _traced(entry: Indicator) -> pl.Expr:
    """The number, how many cells it is made of, and of which submissions."""
    own = enters(entry)
    return pl.struct(
        measure(entry).alias("value"),
        own.sum().cast(pl.UInt32).alias("cells"),
        pl.col("submission_id").filter(own).drop_nulls().unique().sort().implode().alias("sources"),
    ).alias(entry.code)
