"""Numbers as Vietnamese clerks type them: thousands dot, decimal comma, money in words, percentages, brackets."""

import polars as pl

from domain.form import CellType

_PLAIN_LETTERS = {"−": "-", "％": "%", "，": ",", "．": ".", "（": "(", "）": ")", "－": "-", "\u202f": " "} | {
    chr(ord("０") + digit): str(digit) for digit in range(10)
}
"""Full-width digits and signs of East Asian keyboards. (NFKC would also make 52 of 5².)"""


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
LARGEST = 10**15
"""No figure of a unit is as large; what is, was mistyped."""
_NOTHING = r"^(?:[‐‑‒–—―⁃﹘﹣-]+(?: [‐‑‒–—―⁃﹘﹣-]+)*|kps|không|không phát sinh)$"
"""A dash, however it is typed and however often, and what is said in its place."""


def plain_text() -> pl.Expr:
    """The cell's text with the letters and signs that the grammars below are written in."""
    return pl.col("text").str.to_lowercase().str.replace_many(_PLAIN_LETTERS).str.strip_chars()


def amount(text: pl.Expr) -> pl.Expr:
    """A number cell as it is; text only by the Vietnamese grammar (thousands dot, decimal comma).

    Money may be said in words (4,5 tỷ), a percentage with its sign; brackets mean less than nothing.
    """
    is_text = pl.col("kind") == "text"
    is_one_group_of_decimals = (pl.col("type") == CellType.DECIMAL) & is_one_group(text)
    is_readable = text.str.contains(_SIGNED) & ~is_thousands_comma(text) & ~is_one_group_of_decimals
    is_percent = text.str.contains(_PERCENT) & ~is_thousands_comma(text) & is_percentage()
    is_money = (pl.col("type") == CellType.MONEY) & names_its_unit(text) & ~is_thousands_comma(text)
    worth = text.str.extract(_IN_MONEY, 2).replace_strict(_MONEY_WORDS, default=None, return_dtype=pl.Float64)
    return (
        pl.when(pl.col("kind") == "number")
        .then(pl.col("number") * pl.when(is_percentage() & pl.col("is_percent")).then(100).otherwise(1))
        .when(is_text & says_nothing(text))
        .then(0.0)
        .when(is_text & is_readable)
        .then(_as_number(text))
        .when(is_text & text.str.contains(_IN_BRACKETS))
        .then(-_as_number(text.str.strip_chars("()")))
        .when(is_text & is_percent)
        .then(_as_number(text.str.strip_chars(" %")))
        .when(is_text & is_money)
        .then(_as_number(text.str.extract(_IN_MONEY, 1)) * worth)
    )


def _as_number(text: pl.Expr) -> pl.Expr:
    digits = text.str.replace_all(r"[. ]", "").str.replace(",", ".", literal=True)
    return digits.cast(pl.Float64, strict=False)


def says_nothing(text: pl.Expr) -> pl.Expr:
    """`-` and `không`: counted as 0, which may be meant, and may stand for what nobody knows."""
    return text.str.contains(_NOTHING)


def is_thousands_comma(text: pl.Expr) -> pl.Expr:
    """`15,000` and `1,234.5`: fifteen to a Vietnamese, fifteen thousand to Excel in English."""
    return text.str.contains(_THOUSANDS_COMMA)


def has_decimal_point(text: pl.Expr) -> pl.Expr:
    """`12.5`: a fraction to Excel in English; to a Vietnamese a point only parts thousands."""
    return text.str.contains(_DECIMAL_POINT)


def is_one_group(text: pl.Expr) -> pl.Expr:
    """`1.950`: thousands in a column of whole numbers, doubtful in one of decimals."""
    return text.str.contains(_ONE_GROUP)


def names_its_unit(text: pl.Expr) -> pl.Expr:
    """`4,5 tỷ`: money that says itself what it is counted in."""
    return text.str.contains(_IN_MONEY)


def is_percentage() -> pl.Expr:
    """Whether the cell's field is a percentage."""
    return pl.col("field").str.ends_with("_pct")
