"""Many workbooks laid together as frames, for one pass over all of them."""

from dataclasses import dataclass

import polars as pl

from domain import form
from domain.schemas import COLUMNS_FOUND, ODD_PLACES, RAW_CELLS, SHEETS_FOUND
from ingest.workbook.raw_workbook import RawWorkbook


@dataclass(frozen=True, slots=True)
class RawBatch:
    """Many workbooks as one frame of each kind: `RAW_CELLS`, `COLUMNS_FOUND`, `SHEETS_FOUND`, `ODD_PLACES`, totals, properties."""

    cells: pl.DataFrame
    columns: pl.DataFrame
    sheets: pl.DataFrame
    odd: pl.DataFrame
    totals: pl.DataFrame
    properties: pl.DataFrame


def gather(books: list[RawWorkbook]) -> RawBatch:
    """Lay the workbooks together."""
    properties = [
        (book.file, book.properties.get(form.PROPERTY_UNIT), book.properties.get(form.PROPERTY_PERIOD))
        for book in books
    ]
    named = {"file": pl.String, "property_unit": pl.String, "property_period": pl.String}
    return RawBatch(
        pl.DataFrame([cell for book in books for cell in book.cells], schema=RAW_CELLS, orient="row"),
        pl.DataFrame([column for book in books for column in book.columns], schema=COLUMNS_FOUND, orient="row"),
        pl.DataFrame([sheet for book in books for sheet in book.sheets], schema=SHEETS_FOUND, orient="row"),
        pl.DataFrame([place for book in books for place in book.odd], schema=ODD_PLACES, orient="row"),
        pl.DataFrame([cell for book in books for cell in book.totals], schema=RAW_CELLS, orient="row"),
        pl.DataFrame(properties, schema=named, orient="row"),
    )
