"""What the text of a cell may hold: letters that can be printed, and nothing that is somebody's own."""

from collections.abc import Callable

import polars as pl

from domain.alphabet import STRANGE, UNSEEN, names_of_unseen, spelled_out
from domain.form import CellType
from domain.personal_data import MAY_HOLD, personal_data

_NEIGHBOURS = rf"(.{{0,20}}{STRANGE}.{{0,10}})"
_NOT_FREE = ("preparer_phone", "preparer_email", "unit_code", "period", "village_id", "commune_code", "stt")
"""Fields of text that ask for a number, an address or a code."""


def with_printable_text(cells: pl.LazyFrame) -> pl.LazyFrame:
    """Cells as their text is stored, with `unseen`, `strange` and `personal`: what was taken out, and what is asked about.

    Marks that nobody sees are taken out, and a cell that held nothing else is blank; letters that no document can be set
    in are spelled out. Text in an old encoding is left alone: there a soft hyphen is a letter.
    """
    text, is_text = pl.col("text"), pl.col("kind") == "text"
    is_free = is_text & (pl.col("type") == CellType.TEXT)
    cleaned = text.str.replace_all(UNSEEN, "").str.normalize("NFC").str.replace_all(r"\s+", " ").str.strip_chars()
    # A telephone number alone in its cell is a number to Excel, and has lost its zero.
    holds_words = (pl.col("type") == CellType.TEXT) & pl.col("kind").is_in(["text", "number"])
    may_be_personal = holds_words & ~pl.col("field").is_in(_NOT_FREE) & text.str.contains(MAY_HOLD)
    return (
        cells.with_columns(
            unseen=_each(pl.when(is_text & text.str.contains(UNSEEN)).then(text), names_of_unseen),
            # A year before 1000 is written in four figures here; Python leaves out the zeros.
            text=pl.when(is_text).then(cleaned).otherwise(pl.coalesce(pl.col("day").dt.strftime("%d/%m/%Y"), text)),
        )
        .with_columns(kind=pl.when(is_text & (text == "")).then(pl.lit("blank")).otherwise("kind"))
        .with_columns(
            text=pl.when(pl.col("kind") != "blank").then(text),
            strange=_each(pl.when(is_free).then(text.str.extract(_NEIGHBOURS)), spelled_out),
            personal=_each(pl.when(may_be_personal).then(text), _kinds_of_personal_data),
        )
        .with_columns(
            text=pl.coalesce(_each(pl.when(pl.col("strange").is_not_null()).then(text), spelled_out), text),
            # Whatever numbers the rows, nobody asks.
            strange=pl.when(pl.col("field") != "stt").then("strange"),
        )
    )


def _each(text: pl.Expr, made: Callable[[str], str | None]) -> pl.Expr:
    """What is made of each text, one by one: of the few that have anything in them."""
    return text.map_elements(made, return_dtype=pl.String, skip_nulls=True)


def _kinds_of_personal_data(text: str) -> str | None:
    kinds = dict.fromkeys(found.kind for found in personal_data(text))
    return ", ".join(kinds) or None
