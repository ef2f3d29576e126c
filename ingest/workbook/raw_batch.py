"""Many workbooks laid together as frames, for one pass over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from domain import form
from domain.schemas import COLUMNS_FOUND, ODD_PLACES, RAW_CELLS, SHEETS_FOUND
from ingest.workbook.packed import RECORDS, PackedWorkbook

_SCHEMAS = {
    "cells": RAW_CELLS,
    "columns": COLUMNS_FOUND,
    "sheets": SHEETS_FOUND,
    "odd": ODD_PLACES,
    "totals": RAW_CELLS,
}


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Many workbooks as one frame of each kind: `RAW_CELLS`, `COLUMNS_FOUND`, `SHEETS_FOUND`, `ODD_PLACES`, totals, properties.

    `properties` has a row per workbook: `file`, the `form` it is, `property_unit`, `property_period`.
    """

    cells: pl.DataFrame
    columns: pl.DataFrame
    sheets: pl.DataFrame
    odd: pl.DataFrame
    totals: pl.DataFrame
    properties: pl.DataFrame


def gather(books: Sequence[PackedWorkbook]) -> RawBatch:
    """Lay the workbooks together, column by column: a month's cells must not each become an object."""
    columns: dict[str, list[list[Any]]] = {name: [[] for _ in fields] for name, fields in RECORDS.items()}
    for book in books:
        for name, own in book.unfold().items():
            if own:
                whole = columns[name]
                whole[0] += [book.file] * len(own[0])
                for place, values in enumerate(own, start=1):
                    whole[place] += values
    properties = [
        (book.file, book.form, book.properties.get(form.PROPERTY_UNIT), book.properties.get(form.PROPERTY_PERIOD))
        for book in books
    ]
    named = {"file": pl.String, "form": pl.String, "property_unit": pl.String, "property_period": pl.String}
    return RawBatch(
        **{name: _frame(name, columns[name]) for name in RECORDS},
        properties=pl.DataFrame(properties, schema=named, orient="row"),
    )


def _frame(name: str, columns: Sequence[Sequence[Any]]) -> pl.DataFrame:
    schema = _SCHEMAS[name]
    return pl.DataFrame(
        {
            field: pl.Series(field, values, pl.String, strict=True).str.to_date()
            if schema[field] == pl.Date
            else pl.Series(field, values, schema[field], strict=True)
            for field, values in zip(RECORDS[name], columns, strict=True)
        }
    ).match_to_schema(schema)
