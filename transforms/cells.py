"""Types every cell by the form's definition; what cannot be read is null and names its problem."""

from datetime import date

import polars as pl

from domain import form
from domain.form import NUMERIC, CellType
from domain.schemas import QUANTITY, RAW_CELLS
from domain.text import fold
from transforms.names import folded

PROBLEMS = (
    "error_cell",
    "legacy_text",
    "missing",
    "not_a_number",
    "ambiguous_number",
    "doubtful_percent",
    "not_whole",
    "not_a_day",
    "not_in_list",
    "too_small",
    "too_large",
    "too_long",
)
REMARKS = ("repaired_text", "grouped_number", "serial_day")
"""What was understood though it was not written plainly, and is said so: text in an old encoding, `1.950` typed
as text in a column of whole numbers, a day written as Excel's number."""

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
        "hidden_row": pl.Boolean(),
    }
)
"""`RAW_CELLS` with each value read by its field's type; `problem` is one of PROBLEMS or null."""

_DIGITS = r"\d+"
_GROUPED = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?"
_SPACED = r"\d{1,3}(?: \d{3})+(?:,\d+)?"
_ONE_GROUP = r"^[+-]?\d{1,3}\.\d{3}$"
_DECIMAL_COMMA = r"\d+,\d+"
_THOUSANDS_COMMA = r"^\D*[1-9]\d{0,2}(,\d{3})+(\.\d+)?\D*$"
_DECIMAL_POINT = r"^\D*\d+\.\d+\D*$"
_NUMBER = rf"{_GROUPED}|{_SPACED}|{_DECIMAL_COMMA}|{_DIGITS}"
_MONEY_WORDS = {"đồng": 1, "đ": 1, "vnđ": 1, "vnd": 1, "nghìn": 10**3, "ngàn": 10**3, "triệu": 10**6, "tr": 10**6,
                "tỷ": 10**9, "tỉ": 10**9}  # fmt: skip
_SIGNED = rf"^[+-]?(?:{_NUMBER})$"
_IN_BRACKETS = rf"^\((?:{_NUMBER})\)$"
_PERCENT = rf"^[+-]?(?:{_NUMBER}) ?%$"
_IN_MONEY = rf"^({_NUMBER}) ?({'|'.join(sorted(_MONEY_WORDS, key=len, reverse=True))})(?: đồng| đ| vnđ)?$"
_NOTHING = ["-", "–", "—", "kps", "không", "không phát sinh"]
_PLAIN_SIGNS = {"−": "-", "％": "%", "，": ",", "．": ".", "（": "(", "）": ")", "－": "-", "\u202f": " "} | {
    chr(ord("０") + digit): str(digit) for digit in range(10)
}
"""Full-width digits and signs of East Asian keyboards. (NFKC would also make 52 of 5².)"""
_DAY = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$"
_SHORT_DAY = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})$"
_LONG_DAY = r"^(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})$"
_ISO_DAY = r"^(\d{4})-(\d{2})-(\d{2})(?:[t ]00:00:00)?$"
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050
"""2000-01-01 and 2099-12-31 as Excel counts days from 1900."""
_LARGEST = 10**15


def type_cells(raw: pl.LazyFrame, money_units: pl.LazyFrame) -> pl.LazyFrame:
    """Read every cell by its field's type.

    Args:
        raw: `RAW_CELLS`.
        money_units: `file`, `vnd_per_unit`; a file without a row counts in đồng.

    Returns:
        `TYPED_CELLS`; money in đồng.
    """
    in_words = pl.col("text").str.to_lowercase().str.replace_many(_PLAIN_SIGNS).str.strip_chars()
    is_numeric = pl.col("type").is_in([str(kind) for kind in NUMERIC])
    is_whole_type = pl.col("type").is_in([str(CellType.WHOLE), str(CellType.MONEY)])
    is_absolute = in_words.str.contains(_IN_MONEY) & (pl.col("kind") == "text")
    scaled = pl.col("amount") * pl.when(is_absolute).then(1).otherwise(pl.col("vnd_per_unit"))
    nearest = scaled.round(0, mode="half_away_from_zero")
    fits = nearest.abs() < _LARGEST
    is_integral = (scaled - nearest).abs() < 1e-6
    return (
        raw.match_to_schema(RAW_CELLS)
        .join(_fields().lazy(), on=["table", "field"], how="inner", validate="m:1")
        .join(money_units, on="file", how="left", validate="m:1")
        .with_columns(
            vnd_per_unit=pl.when(pl.col("in_declared_money")).then(pl.col("vnd_per_unit")).fill_null(1),
            amount=pl.when(is_numeric).then(_amount(in_words)),
            remark=_remark(in_words),
            day=pl.when(pl.col("type") == CellType.DAY).then(
                pl.coalesce("day", _day_in_words(in_words), _day_by_serial())
            ),
            spelling=folded(pl.col("text")),
        )
        .join(_spellings().lazy(), on=["table", "field", "spelling"], how="left", validate="m:1")
        .with_columns(
            whole=pl.when(is_whole_type & fits & is_integral).then(nearest).cast(pl.Int64),
            decimal=pl.when((pl.col("type") == CellType.DECIMAL) & fits)
            .then(pl.col("amount").round(3, mode="half_away_from_zero"))
            .cast(QUANTITY, strict=False),
            blank_row=_is_blank_row(),
            hidden_row=_is_first_of_a_hidden_row(),
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
    """A number cell as it is; text only by the Vietnamese grammar (thousands dot, decimal comma).

    Money may be said in words (4,5 tỷ), a percentage with its sign; brackets mean less than nothing.
    """
    is_text = pl.col("kind") == "text"
    is_one_group_of_decimals = (pl.col("type") == CellType.DECIMAL) & words.str.contains(_ONE_GROUP)
    is_readable = words.str.contains(_SIGNED) & ~_is_thousands_comma(words) & ~is_one_group_of_decimals
    is_percent = words.str.contains(_PERCENT) & ~_is_thousands_comma(words) & _is_percentage()
    is_money = (pl.col("type") == CellType.MONEY) & words.str.contains(_IN_MONEY) & ~_is_thousands_comma(words)
    worth = words.str.extract(_IN_MONEY, 2).replace_strict(_MONEY_WORDS, default=None, return_dtype=pl.Float64)
    return (
        pl.when(pl.col("kind") == "number")
        .then(pl.col("number") * pl.when(_is_percentage() & pl.col("is_percent")).then(100).otherwise(1))
        .when(is_text & words.is_in(_NOTHING))
        .then(0.0)
        .when(is_text & is_readable)
        .then(_as_number(words))
        .when(is_text & words.str.contains(_IN_BRACKETS))
        .then(-_as_number(words.str.strip_chars("()")))
        .when(is_text & is_percent)
        .then(_as_number(words.str.strip_chars(" %")))
        .when(is_text & is_money)
        .then(_as_number(words.str.extract(_IN_MONEY, 1)) * worth)
    )


def _as_number(words: pl.Expr) -> pl.Expr:
    digits = words.str.replace_all(r"[. ]", "").str.replace(",", ".", literal=True)
    return digits.cast(pl.Float64, strict=False)


def _is_thousands_comma(words: pl.Expr) -> pl.Expr:
    """`15,000` and `1,234.5`: fifteen to a Vietnamese, fifteen thousand to Excel in English."""
    return words.str.contains(_THOUSANDS_COMMA)


def _is_percentage() -> pl.Expr:
    return pl.col("field").str.ends_with("_pct")


def _remark(words: pl.Expr) -> pl.Expr:
    is_text = pl.col("kind") == "text"
    return (
        pl.when(pl.col("original").is_not_null())
        .then(pl.lit("repaired_text"))
        .when((pl.col("type") == CellType.WHOLE) & is_text & words.str.contains(_ONE_GROUP))
        .then(pl.lit("grouped_number"))
        .when((pl.col("type") == CellType.DAY) & _day_by_serial().is_not_null())
        .then(pl.lit("serial_day"))
    )


def _day_in_words(words: pl.Expr) -> pl.Expr:
    """`5/3/2024`, `05-03-24`, `ngày 05 tháng 3 năm 2024`: day first, always; or `2024-03-05`."""

    def day(pattern: str, century: str = "") -> pl.Expr:
        parts = [words.str.extract(pattern, group).str.zfill(2) for group in (1, 2)]
        text = pl.concat_str(*parts, pl.lit(century) + words.str.extract(pattern, 3), separator="/")
        return text.str.to_date("%d/%m/%Y", strict=False)

    iso = words.str.extract(r"^(\d{4}-\d{2}-\d{2})", 1).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(pl.col("kind") == "text").then(
        pl.coalesce(day(_DAY), day(_SHORT_DAY, "20"), day(_LONG_DAY), pl.when(words.str.contains(_ISO_DAY)).then(iso))
    )


def _day_by_serial() -> pl.Expr:
    """A day whose cell lost its format and shows Excel's number instead."""
    serial = pl.col("number")
    is_day = serial.is_between(_FIRST_SERIAL, _LAST_SERIAL) & (serial == serial.round(0))
    return (
        pl.when(is_day & (pl.col("kind") == "number"))
        .then(pl.lit(date(1899, 12, 30)) + pl.duration(days=serial.cast(pl.Int64, strict=False)))
        .cast(pl.Date)
    )


def _is_blank_row() -> pl.Expr:
    """A row of which the clerk has filled in nothing; what the form came with does not count."""
    is_typed = (pl.col("kind") != "blank") & ~pl.col("prefilled")
    return ~is_typed.any().over("file", "table", "source_row")


def _is_first_of_a_hidden_row() -> pl.Expr:
    """The first cell with something in it of a row, or column, that Excel does not show but that counts."""
    is_told = pl.col("is_hidden") & (pl.col("kind") != "blank")
    column = pl.when(is_told).then("source_column")
    return is_told & (column == column.min().over("file", "table", "source_row"))


def _problem(words: pl.Expr) -> pl.Expr:
    """Why the cell cannot be taken as its field's type; null when it can, or when it may be blank."""
    kind, type_ = pl.col("kind"), pl.col("type")
    is_blank = kind == "blank"
    is_ledger = ~pl.col("table").is_in([sheet.table for sheet in form.KEY_VALUE_SHEETS])
    is_whole_type = type_.is_in([str(CellType.WHOLE), str(CellType.MONEY)])
    is_ambiguous = (kind == "text") & (_is_thousands_comma(words) | words.str.contains(_DECIMAL_POINT))
    is_doubtful = (
        _is_percentage() & (kind == "number") & ~pl.col("is_percent") & pl.col("number").is_between(0, 1, "right")
    )
    value = pl.coalesce(pl.col("whole").cast(pl.Float64), "amount")
    return (
        pl.when(is_blank & pl.col("required") & ~(is_ledger & pl.col("blank_row")))
        .then(pl.lit("missing"))
        .when(is_blank)
        .then(None)
        .when(kind == "error")
        .then(pl.lit("error_cell"))
        .when(kind == "legacy")
        .then(pl.lit("legacy_text"))
        .when(pl.col("type").is_in([str(t) for t in NUMERIC]) & pl.col("amount").is_null() & is_ambiguous)
        .then(pl.lit("ambiguous_number"))
        .when(pl.col("type").is_in([str(t) for t in NUMERIC]) & pl.col("amount").is_null())
        .then(pl.lit("not_a_number"))
        .when(is_doubtful)
        .then(pl.lit("doubtful_percent"))
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
