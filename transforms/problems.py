"""Why a cell cannot be taken as its field's type, and what was understood though it was not written plainly."""

import polars as pl

from domain import form
from domain.form import NUMERIC, CellType
from transforms.days import day_by_serial, is_far_day
from transforms.numbers import (
    LARGEST,
    has_decimal_point,
    is_one_group,
    is_percentage,
    is_thousands_comma,
    says_nothing,
)

PROBLEMS = (
    "error_cell",
    "picture",
    "legacy_text",
    "missing",
    "missing_number",
    "missing_text",
    "not_a_number",
    "ambiguous_number",
    "doubtful_percent",
    "not_whole",
    "not_a_day",
    "far_day",
    "not_in_list",
    "too_small",
    "too_large",
    "too_long",
)


def problem(text: pl.Expr) -> pl.Expr:
    """Why the cell cannot be taken as its field's type; null when it can, or when it may be blank."""
    kind, type_ = pl.col("kind"), pl.col("type")
    is_blank = kind == "blank"
    is_ledger = ~pl.col("table").is_in(form.KEY_VALUE_TABLES)
    is_whole_type = type_.is_in([str(CellType.WHOLE), str(CellType.MONEY)])
    is_numeric = type_.is_in([str(each) for each in NUMERIC])
    is_unread_number = is_numeric & pl.col("amount").is_null()
    is_ambiguous = (kind == "text") & (is_thousands_comma(text) | has_decimal_point(text))
    is_doubtful = (
        is_percentage() & (kind == "number") & ~pl.col("is_percent") & pl.col("number").is_between(0, 1, "right")
    )
    value = pl.coalesce(pl.col("whole").cast(pl.Float64), "amount")
    return (
        # A cell under a merged range is told of with its range.
        pl.when(is_blank & pl.col("merged").is_null() & pl.col("required") & ~(is_ledger & pl.col("blank_row")))
        .then(pl.col("when_blank"))
        .when(is_blank)
        .then(None)
        .when(kind == "error")
        .then(pl.lit("error_cell"))
        .when(kind == "picture")
        .then(pl.lit("picture"))
        .when(kind == "legacy")
        .then(pl.lit("legacy_text"))
        .when(is_unread_number & is_ambiguous)
        .then(pl.lit("ambiguous_number"))
        .when(is_unread_number)
        .then(pl.lit("not_a_number"))
        .when(is_doubtful)
        .then(pl.lit("doubtful_percent"))
        .when((type_ == CellType.DAY) & pl.col("day").is_null())
        .then(pl.lit("not_a_day"))
        .when((type_ == CellType.DAY) & is_far_day(pl.col("day")))
        .then(pl.lit("far_day"))
        .when((type_ == CellType.CODE) & pl.col("code").is_null())
        .then(pl.lit("not_in_list"))
        .when((value < pl.col("minimum")) | (value <= -LARGEST))
        .then(pl.lit("too_small"))
        .when((value > pl.col("maximum")) | (value >= LARGEST))
        .then(pl.lit("too_large"))
        .when(is_whole_type & pl.col("whole").is_null())
        .then(pl.lit("not_whole"))
        .when((type_ == CellType.TEXT) & (pl.col("text").str.len_chars() > pl.col("max_length")))
        .then(pl.lit("too_long"))
    )


def remark(text: pl.Expr) -> pl.Expr:
    """How the cell was understood though it was not written plainly; null where it was."""
    is_text = pl.col("kind") == "text"
    is_numeric = pl.col("type").is_in([str(each) for each in NUMERIC])
    return (
        pl.when(pl.col("original").is_not_null())
        .then(pl.lit("repaired_text"))
        .when((pl.col("type") == CellType.WHOLE) & is_text & is_one_group(text))
        .then(pl.lit("grouped_number"))
        .when((pl.col("type") == CellType.DAY) & day_by_serial().is_not_null())
        .then(pl.lit("serial_day"))
        .when(is_numeric & is_text & says_nothing(text))
        .then(pl.lit("counted_as_zero"))
    )
