"""Types every cell by the form's definition; what cannot be read is null and names its problem."""

import polars as pl

from domain import form
from domain.form import NUMERIC, CellType
from domain.schemas import QUANTITY, RAW_CELLS
from domain.text import fold, folded

PROBLEMS = (
    "error_cell",
    "missing",
    "not_a_number",
    "ambiguous_number",
    "not_whole",
    "not_a_day",
    "not_in_list",
    "too_small",
    "too_large",
    "too_long",
)
GROUPED_NUMBER = "grouped_number"
"""`1.950` typed as text in a column of whole numbers: read as 1950, and said so."""

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
    }
)
"""`RAW_CELLS` with each value read by its field's type; `problem` is one of PROBLEMS or null."""

_PLAIN = r"^[+-]?\d+$"
_GROUPED = r"^[+-]?\d{1,3}(\.\d{3})+(,\d+)?$"
_ONE_GROUP = r"^[+-]?\d{1,3}\.\d{3}$"
_DECIMAL_COMMA = r"^[+-]?\d+,\d+$"
_THOUSANDS_COMMA = r"^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$"
_DECIMAL_POINT = r"^[+-]?\d+\.\d+$"
_NOTHING = ["-", "–", "kps", "không"]
_DAY = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$"
_LARGEST = 10**15


def type_cells(raw: pl.LazyFrame, money_units: pl.LazyFrame) -> pl.LazyFrame:
    """Read every cell by its field's type.

    Args:
        raw: `RAW_CELLS`.
        money_units: `file`, `vnd_per_unit`; a file without a row counts in đồng.

    Returns:
        `TYPED_CELLS`; money in đồng.
    """
    in_words = pl.col("text").str.normalize("NFKC").str.strip_chars()
    is_numeric = pl.col("type").is_in([str(kind) for kind in NUMERIC])
    is_whole_type = pl.col("type").is_in([str(CellType.WHOLE), str(CellType.MONEY)])
    amount = _amount(in_words)
    scaled = pl.col("amount") * pl.col("vnd_per_unit")
    nearest = scaled.round(0, mode="half_away_from_zero")
    fits = nearest.abs() < _LARGEST
    is_integral = (scaled - nearest).abs() < 1e-6
    return (
        raw.match_to_schema(RAW_CELLS)
        .join(_fields().lazy(), on=["table", "field"], how="inner", validate="m:1")
        .join(money_units, on="file", how="left", validate="m:1")
        .with_columns(
            vnd_per_unit=pl.when(pl.col("in_declared_money")).then(pl.col("vnd_per_unit")).fill_null(1),
            amount=pl.when(is_numeric).then(amount),
            day=pl.when(pl.col("type") == CellType.DAY).then(pl.coalesce("day", _day_in_words(in_words))),
            spelling=folded(pl.col("text")),
            remark=pl.when(
                (pl.col("type") == CellType.WHOLE) & (pl.col("kind") == "text") & in_words.str.contains(_ONE_GROUP)
            ).then(pl.lit(GROUPED_NUMBER)),
        )
        .join(_spellings().lazy(), on=["table", "field", "spelling"], how="left", validate="m:1")
        .with_columns(
            whole=pl.when(is_whole_type & fits & is_integral).then(nearest).cast(pl.Int64),
            decimal=pl.when((pl.col("type") == CellType.DECIMAL) & fits)
            .then(pl.col("amount").round(3, mode="half_away_from_zero"))
            .cast(QUANTITY, strict=False),
            blank_row=_is_blank_row(),
        )
        .with_columns(problem=_problem(in_words))
        .with_columns(
            whole=pl.when(pl.col("problem").is_null()).then("whole"),
            decimal=pl.when(pl.col("problem").is_null()).then("decimal"),
        )
        .select(list(TYPED_CELLS))
        .match_to_schema(TYPED_CELLS)
    )


def _fields() -> pl.DataFrame:
    """The form's definition as a frame: one row per field."""
    return pl.DataFrame(
        [
            {
                "table": sheet.table,
                "field": field.name,
                "caption": field.caption,
                "type": str(field.type),
                "expected": field.expected,
                "required": field.required,
                "minimum": field.minimum,
                "maximum": field.maximum,
                "max_length": field.max_length,
                "prefilled": field.prefilled,
                "in_declared_money": field.type is CellType.MONEY and field.in_declared_money,
            }
            for sheet, field in form.all_fields()
        ],
        schema_overrides={"minimum": pl.Float64(), "maximum": pl.Float64()},
    )


def _spellings() -> pl.DataFrame:
    """Every accepted way to write a code: the code itself, or its Vietnamese name."""
    return pl.DataFrame(
        [
            {"table": sheet.table, "field": field.name, "spelling": spelling, "code": choice.code}
            for sheet, field in form.all_fields()
            for choice in field.choices
            for spelling in sorted({fold(choice.code), fold(choice.name)})
        ]
    )


def _amount(words: pl.Expr) -> pl.Expr:
    """A number cell as it is; text only by the Vietnamese grammar (thousands dot, decimal comma)."""
    digits = words.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    is_grouped = words.str.contains(_GROUPED)
    is_one_group_of_decimals = (pl.col("type") == CellType.DECIMAL) & words.str.contains(_ONE_GROUP)
    is_decimal = words.str.contains(_DECIMAL_COMMA) & ~words.str.contains(_THOUSANDS_COMMA)
    readable = words.str.contains(_PLAIN) | (is_grouped & ~is_one_group_of_decimals) | is_decimal
    return (
        pl.when(pl.col("kind") == "number")
        .then("number")
        .when((pl.col("kind") == "text") & words.str.to_lowercase().is_in(_NOTHING))
        .then(0.0)
        .when((pl.col("kind") == "text") & readable)
        .then(digits.cast(pl.Float64, strict=False))
    )


def _day_in_words(words: pl.Expr) -> pl.Expr:
    """`5/3/2024`, `05-03-2024`, `05.03.2024`: day first, always."""
    slashes = words.str.replace_all(r"[.-]", "/")
    return pl.when(words.str.contains(_DAY)).then(slashes.str.to_date("%d/%m/%Y", strict=False))


def _is_blank_row() -> pl.Expr:
    """A row of which the clerk has filled in nothing; what the form came with does not count."""
    is_typed = (pl.col("kind") != "blank") & ~pl.col("prefilled")
    return ~is_typed.any().over("file", "table", "source_row")


def _problem(words: pl.Expr) -> pl.Expr:
    """Why the cell cannot be taken as its field's type; null when it can, or when it may be blank."""
    kind, type_ = pl.col("kind"), pl.col("type")
    is_blank = kind == "blank"
    is_ledger = ~pl.col("table").is_in([sheet.table for sheet in form.KEY_VALUE_SHEETS])
    is_whole_type = type_.is_in([str(CellType.WHOLE), str(CellType.MONEY)])
    is_ambiguous = (kind == "text") & (words.str.contains(_THOUSANDS_COMMA) | words.str.contains(_DECIMAL_POINT))
    value = pl.coalesce(pl.col("whole").cast(pl.Float64), "amount")
    return (
        pl.when(is_blank & pl.col("required") & ~(is_ledger & pl.col("blank_row")))
        .then(pl.lit("missing"))
        .when(is_blank)
        .then(None)
        .when(kind == "error")
        .then(pl.lit("error_cell"))
        .when(pl.col("type").is_in([str(t) for t in NUMERIC]) & pl.col("amount").is_null() & is_ambiguous)
        .then(pl.lit("ambiguous_number"))
        .when(pl.col("type").is_in([str(t) for t in NUMERIC]) & pl.col("amount").is_null())
        .then(pl.lit("not_a_number"))
        .when((type_ == CellType.DAY) & pl.col("day").is_null())
        .then(pl.lit("not_a_day"))
        .when((type_ == CellType.CODE) & pl.col("code").is_null())
        .then(pl.lit("not_in_list"))
        .when(value < pl.col("minimum"))
        .then(pl.lit("too_small"))
        .when((value > pl.col("maximum")) | (value.abs() >= _LARGEST))
        .then(pl.lit("too_large"))
        .when(is_whole_type & pl.col("whole").is_null())
        .then(pl.lit("not_whole"))
        .when((type_ == CellType.TEXT) & (pl.col("text").str.len_chars() > pl.col("max_length")))
        .then(pl.lit("too_long"))
    )


def widen(cells: pl.LazyFrame, table: str, schema: pl.Schema) -> pl.LazyFrame:
    """The typed rows of one ledger sheet: one row per data row, one column per field.

    Returns:
        `schema`, without the rows that the clerk left blank.
    """
    sheet = form.SHEET_BY_TABLE[table]
    return (
        cells.filter(pl.col("table") == table, ~pl.col("blank_row"))
        .group_by("file", "source_row")
        .agg(typed_value(field.name, field.type) for field in sheet.fields)
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
