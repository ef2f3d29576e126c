"""Sheet 00 of each workbook: who reports, for which period, in which unit of money."""

import polars as pl

from domain import form
from domain.codes import VND_PER_MONEY_UNIT
from domain.schemas import STATEMENTS
from transforms.cells import typed_value


def clean_statements(cells: pl.LazyFrame, properties: pl.LazyFrame) -> pl.LazyFrame:
    """One row per workbook.

    Args:
        cells: `TYPED_CELLS`.
        properties: `file`, `property_unit`, `property_period`.

    Returns:
        `STATEMENTS`; a workbook without a sheet 00 has a row of nulls.
    """
    statements = (
        cells.filter(pl.col("table") == form.STATEMENT.table)
        .group_by("file")
        .agg(typed_value(field.name, field.type) for field in form.STATEMENT.fields)
        .with_columns(period=_period_in_words())
    )
    return (
        properties.join(statements, on="file", how="left", validate="1:1")
        .sort("file")
        .select(list(STATEMENTS))
        .match_to_schema(STATEMENTS)
    )


def _period_in_words() -> pl.Expr:
    """The period as typed; Excel makes a date of `2024-02` where the cell's text format was lost."""
    as_day = pl.col("period").str.to_date("%d/%m/%Y", strict=False)
    return pl.coalesce(as_day.dt.strftime("%Y-%m"), pl.col("period"))


def money_units(raw: pl.LazyFrame) -> pl.LazyFrame:
    """What one unit of money is worth in each file, as sheet 00 declares: `file`, `vnd_per_unit`."""
    worth = pl.DataFrame(
        [
            {"spelling": spelling.lower(), "vnd_per_unit": VND_PER_MONEY_UNIT[choice.code]}
            for choice in form.STATEMENT.field("money_unit").choices
            for spelling in (choice.code, choice.name)
        ]
    )
    return (
        raw.filter(pl.col("table") == form.STATEMENT.table, pl.col("field") == "money_unit")
        .select("file", spelling=pl.col("text").str.to_lowercase().str.strip_chars())
        .join(worth.lazy(), on="spelling", how="inner", validate="m:1")
        .select("file", "vnd_per_unit")
    )
