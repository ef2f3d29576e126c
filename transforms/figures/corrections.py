"""The province's corrections, laid over the rows that units sent; the rows themselves stay as they were."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

import polars as pl

from domain.corrections import AppliedCorrection

CellValue = str | int | Decimal | date | None


def corrected(rows: pl.LazyFrame, table: str, corrections: Sequence[AppliedCorrection]) -> pl.LazyFrame:
    """`stored(table)` with the corrected cells in place of the sent ones."""
    schema = rows.collect_schema()
    for applied in corrections:
        if applied.table == table:
            here = (pl.col("submission_id") == applied.submission_id) & (pl.col("source_row") == applied.source_row)
            dtype = schema[applied.field]
            value = pl.lit(read_value(applied.correction.new_value, dtype), dtype)
            rows = rows.with_columns(pl.when(here).then(value).otherwise(applied.field).alias(applied.field))
    return rows


def read_value(text: str, dtype: pl.DataType) -> CellValue:
    """A value as the corrections table writes it: plain digits with a decimal point, days in ISO; blank is none.

    Raises:
        ValueError: if the text is no value of that column.
    """
    if not text:
        return None
    if dtype == pl.Date:
        return date.fromisoformat(text)
    if dtype == pl.Int64:
        return int(text)
    if isinstance(dtype, pl.Decimal):
        try:
            return Decimal(text)
        except InvalidOperation as error:
            raise ValueError(f"“{text}” không phải số") from error
    return text
