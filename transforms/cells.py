"""Types every cell by the form's definition; what cannot be read is null and names its problem."""

import polars as pl

from domain.form import NUMERIC, CellType
from domain.forms import FORMS, all_fields, columns_of
from domain.schemas import QUANTITY, RAW_CELLS
from domain.text import fold
from transforms.days import day_as_typed, day_by_serial
from transforms.letters import with_printable_text
from transforms.names import folded
from transforms.numbers import LARGEST, amount, names_its_unit, plain_text
from transforms.problems import problem, remark

TYPED_CELLS = pl.Schema(
    {
        **RAW_CELLS,
        "caption": pl.String(),
        "type": pl.String(),
        "expected": pl.String(),
        "blank_row": pl.Boolean(),
        "whole": pl.Int64(),
        "decimal": QUANTITY,
        "code": pl.String(),
        "problem": pl.String(),
        "remark": pl.String(),
        "unseen": pl.String(),
        "strange": pl.String(),
        "personal": pl.String(),
        "hidden_row": pl.Boolean(),
    }
)
"""`RAW_CELLS` with each value read by its field's type; `problem` is one of `problems.PROBLEMS` or null.

`text` is what is stored: without the marks that nobody sees, which `unseen` names, and with every letter that no
document can be set in spelled out, which `strange` shows among its neighbours. `personal` is what seems to be somebody's
own: a number of a telephone, an identity card, an account.
"""


def type_cells(raw: pl.LazyFrame, money_units: pl.LazyFrame, forms: pl.LazyFrame) -> pl.LazyFrame:
    """Read every cell by its field's type, as its form defines the field.

    Args:
        raw: `RAW_CELLS`.
        money_units: `file`, `vnd_per_unit`; a file without a row counts in đồng.
        forms: `file`, `form`: which version of the form each workbook is.

    Returns:
        `TYPED_CELLS`; money in đồng.
    """
    text = plain_text()
    day = pl.coalesce("day", day_as_typed(text), day_by_serial())
    is_readable = pl.col("problem").is_null()
    return (
        raw.match_to_schema(RAW_CELLS)
        .join(forms.select("file", "form"), on="file", how="left", validate="m:1")
        .join(_fields().lazy(), on=["form", "table", "field"], how="inner", validate="m:1")
        .pipe(with_printable_text)
        .join(money_units, on="file", how="left", validate="m:1")
        .with_columns(
            vnd_per_unit=pl.when(pl.col("in_declared_money")).then(pl.col("vnd_per_unit")).fill_null(1),
            amount=pl.when(_is_numeric()).then(amount(text)),
            remark=remark(text),
            day=pl.when(pl.col("type") == CellType.DAY).then(day),
            spelling=folded(pl.col("text")),
        )
        .join(_spellings().lazy(), on=["table", "field", "spelling"], how="left", validate="m:1")
        .with_columns(
            whole=_whole(text),
            decimal=_decimal(text),
            blank_row=_is_blank_row(),
            hidden_row=_is_first_of_a_hidden_row(),
        )
        # What the workbook computed is compared, and asked nothing else.
        .with_columns(
            problem=pl.when(~pl.col("computed")).then(problem(text)),
            remark=pl.when(_is_written_over()).then(pl.lit("written_over")).otherwise("remark"),
        )
        .with_columns(
            whole=pl.when(is_readable).then("whole"),
            decimal=pl.when(is_readable).then("decimal"),
            day=pl.when(is_readable).then("day"),
        )
        .select(list(TYPED_CELLS))
        .match_to_schema(TYPED_CELLS)
    )


def _is_numeric() -> pl.Expr:
    return pl.col("type").is_in([str(kind) for kind in NUMERIC])


def _scaled(text: pl.Expr) -> pl.Expr:
    """The amount in đồng, where the sheet counts in another unit and the cell does not name its own."""
    is_absolute = names_its_unit(text) & (pl.col("kind") == "text")
    return pl.col("amount") * pl.when(is_absolute).then(1).otherwise(pl.col("vnd_per_unit"))


def _whole(text: pl.Expr) -> pl.Expr:
    """The whole number or the money of a cell; null where there is a fraction, or beyond every bound."""
    scaled = _scaled(text)
    nearest = scaled.round(0, mode="half_away_from_zero")
    is_whole_type = pl.col("type").is_in([str(CellType.WHOLE), str(CellType.MONEY)])
    is_integral = (scaled - nearest).abs() < 1e-6
    return pl.when(is_whole_type & (nearest.abs() < LARGEST) & is_integral).then(nearest).cast(pl.Int64)


def _decimal(text: pl.Expr) -> pl.Expr:
    """The number of a cell that may have a fraction, to three places."""
    fits = _scaled(text).round(0, mode="half_away_from_zero").abs() < LARGEST
    rounded = pl.col("amount").round(3, mode="half_away_from_zero")
    return pl.when((pl.col("type") == CellType.DECIMAL) & fits).then(rounded).cast(QUANTITY, strict=False)


def _fields() -> pl.DataFrame:
    """The forms' definitions as a frame: one row per form and field."""
    return pl.DataFrame(
        [
            {
                "form": each.version,
                "table": sheet.table,
                "field": field.name,
                "caption": field.caption,
                "type": str(field.type),
                "expected": field.expected,
                "required": field.required,
                "minimum": field.minimum,
                "maximum": field.maximum,
                "max_length": field.max_length,
                "when_blank": field.when_blank,
                "prefilled": field.prefilled or bool(field.computed),
                "computed": bool(field.computed),
                "in_declared_money": field.type is CellType.MONEY and field.in_declared_money,
            }
            for each in FORMS
            for sheet in each.sheets
            for field in sheet.fields
        ],
        schema_overrides={"minimum": pl.Float64(), "maximum": pl.Float64()},
    )


def _spellings() -> pl.DataFrame:
    """Every accepted way to write a code: the code itself, or its Vietnamese name."""
    return pl.DataFrame(
        [
            {"table": sheet.table, "field": field.name, "spelling": spelling, "code": choice.code}
            for sheet, field in all_fields()
            for choice in field.choices
            for spelling in sorted({fold(choice.code), fold(choice.name)})
        ]
    )


def _is_written_over() -> pl.Expr:
    """Whether in a cell that the workbook computes there stands what no sum can be."""
    return pl.col("computed") & (pl.col("kind") != "blank") & pl.col("whole").is_null()


def _is_blank_row() -> pl.Expr:
    """A row of which the clerk has filled in nothing; what the form came with does not count."""
    is_typed = (pl.col("kind") != "blank") & ~pl.col("prefilled")
    return ~is_typed.any().over("file", "table", "source_row")


def _is_first_of_a_hidden_row() -> pl.Expr:
    """The first cell with something in it of a row, or column, that Excel does not show but that counts."""
    is_counted_though_hidden = pl.col("is_hidden") & (pl.col("kind") != "blank")
    column = pl.when(is_counted_though_hidden).then("source_column")
    return is_counted_though_hidden & (column == column.min().over("file", "table", "source_row"))


def widen(cells: pl.LazyFrame, table: str, schema: pl.Schema) -> pl.LazyFrame:
    """The typed rows of one ledger sheet: one row per data row, one column per field.

    Returns:
        `schema`, without the rows that the clerk left blank.
    """
    is_unread = pl.col("problem").is_not_null() & (pl.col("type") == CellType.MONEY)
    return (
        cells.filter(pl.col("table") == table, ~pl.col("blank_row"))
        .group_by("file", "source_row")
        .agg(*(typed_value(field.name, field.type) for field in columns_of(table)), money_unread=is_unread.any())
        .sort("file", "source_row")
        .match_to_schema(schema)
    )


def typed_value(name: str, kind: CellType) -> pl.Expr:
    """The value of one field among the cells of one row."""
    column = {
        CellType.TEXT: "text",
        CellType.CODE: "code",
        CellType.WHOLE: "whole",
        CellType.MONEY: "whole",
        CellType.DAY: "day",
        CellType.DECIMAL: "decimal",
    }[kind]
    return pl.col(column).filter(pl.col("field") == name).first().alias(name)
