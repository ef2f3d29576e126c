"""What a value of one column must be, for each map expectation about columns.

Each function gives the expression "the expectation holds of this row"; where it is null, as comparisons with null are, the
row is not judged. A NaN is a value: it lies in no range and follows nothing, but it is not missing.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl
from dateutil.parser import parse

from expectations.engine.domain import Domain
from expectations.engine.values import bound, is_text, members


@dataclass(frozen=True, slots=True)
class Column:
    """The column that a condition is about."""

    domain: Domain
    expr: pl.Expr
    dtype: pl.DataType

    @classmethod
    def of(cls, domain: Domain) -> "Column":
        """The one column of the domain."""
        [name] = domain.columns
        return cls(domain, pl.col(name), domain.frame.schema[name])

    @property
    def text(self) -> pl.Expr:
        """The values as Polars writes them."""
        return self.expr if self.dtype == pl.String else self.expr.cast(pl.String)


def is_null(column: Column, **_: Any) -> pl.Expr:
    """The value is missing."""
    return column.expr.is_null()


def is_not_null(column: Column, **_: Any) -> pl.Expr:
    """The value is there."""
    return column.expr.is_not_null()


def is_between(column: Column, **limits: Any) -> pl.Expr:
    """The value lies in the range."""
    return _between(column.expr, column.dtype, **limits)


def has_length(column: Column, value: int, **_: Any) -> pl.Expr:
    """The text has that many characters."""
    return column.text.str.len_chars() == value


def has_length_between(column: Column, **limits: Any) -> pl.Expr:
    """The number of characters lies in the range."""
    return _between(column.text.str.len_chars(), pl.UInt32(), **limits)


def is_in_set(column: Column, value_set: Iterable[Any] | None = None, **_: Any) -> pl.Expr:
    """The value is one of the set; without a set every value is."""
    if value_set is None:
        return column.expr.is_not_null()
    return _lookable(column).is_in(members(value_set, column.dtype).implode())


def is_not_in_set(column: Column, value_set: Iterable[Any] | None = None, **_: Any) -> pl.Expr:
    """The value is none of the set; without a set no value is."""
    if value_set is None:
        return column.expr.is_not_null()
    return ~_lookable(column).is_in(members(value_set, column.dtype).implode())


def is_unique(column: Column, **_: Any) -> pl.Expr:
    """The value occurs once among the rows that are judged."""
    return ~(column.domain.only(column.expr).is_duplicated() & column.expr.is_not_null())


def is_increasing(column: Column, strictly: bool | None = False, **_: Any) -> pl.Expr:
    """The value is not below the last one before it that is not missing."""
    before = _before(column)
    return _and_number(column, column.expr > before if strictly else column.expr >= before)


def is_decreasing(column: Column, strictly: bool | None = False, **_: Any) -> pl.Expr:
    """The value is not above the last one before it that is not missing."""
    before = _before(column)
    return _and_number(column, column.expr < before if strictly else column.expr <= before)


def matches(column: Column, regex: str, **_: Any) -> pl.Expr:
    """The text has a part like the pattern, in the syntax of Rust's `regex`."""
    return column.text.str.contains(regex)


def does_not_match(column: Column, regex: str, **_: Any) -> pl.Expr:
    """The text has no part like the pattern."""
    return ~column.text.str.contains(regex)


def matches_list(column: Column, regex_list: Iterable[str], match_on: str | None = "any", **_: Any) -> pl.Expr:
    """The text has a part like any, or like all, of the patterns."""
    return _joined(match_on)([column.text.str.contains(regex) for regex in regex_list])


def matches_none(column: Column, regex_list: Iterable[str], **_: Any) -> pl.Expr:
    """The text has no part like any of the patterns."""
    return ~reduce(or_, [column.text.str.contains(regex) for regex in regex_list])


def is_like(column: Column, like_pattern: str, escape: str | None = None, **_: Any) -> pl.Expr:
    """The whole text is like a pattern of SQL, where `%` is anything and `_` one character."""
    return column.text.str.contains(_as_regex(like_pattern, escape))


def is_not_like(column: Column, like_pattern: str, escape: str | None = None, **_: Any) -> pl.Expr:
    """The whole text is not like a pattern of SQL."""
    return ~is_like(column, like_pattern, escape)


def is_like_list(
    column: Column, like_pattern_list: Iterable[str], match_on: str | None = "any", escape: str | None = None, **_: Any
) -> pl.Expr:
    """The whole text is like any, or like all, of the patterns of SQL."""
    return _joined(match_on)([is_like(column, pattern, escape) for pattern in like_pattern_list])


def is_like_none(column: Column, like_pattern_list: Iterable[str], escape: str | None = None, **_: Any) -> pl.Expr:
    """The whole text is like none of the patterns of SQL."""
    return ~reduce(or_, [is_like(column, pattern, escape) for pattern in like_pattern_list])


def has_format(column: Column, strftime_format: str, **_: Any) -> pl.Expr:
    """Python's `strptime` reads the text by the format."""
    return _by_python(column, lambda text: datetime.strptime(text, strftime_format))  # noqa: DTZ007 - only whether it can


def is_json(column: Column, **_: Any) -> pl.Expr:
    """Python reads the text as JSON."""
    return _by_python(column, json.loads)


def is_moment(column: Column, **_: Any) -> pl.Expr:
    """`dateutil` reads the text as a moment."""
    return _by_python(column, parse)


def is_near_mean(column: Column, threshold: float, double_sided: bool | None, _metrics: Any, **_: Any) -> pl.Expr:
    """The value is less than so many standard deviations from the mean; of one value, or equal ones, nothing is far."""
    mean, deviation = _metrics["column_values.z_score.map"]
    if not deviation:
        return column.expr.is_not_null()
    score = (column.expr - mean) / deviation
    held: pl.Expr = score.abs() < abs(threshold) if double_sided else score < threshold
    return held


def _between(
    value: pl.Expr,
    dtype: pl.DataType,
    min_value: Any = None,
    max_value: Any = None,
    strict_min: bool | None = None,
    strict_max: bool | None = None,
    **_: Any,
) -> pl.Expr:
    if min_value is None and max_value is None:
        raise ValueError("min_value and max_value cannot both be None")
    if min_value is not None and max_value is not None and min_value > max_value:
        raise ValueError("min_value cannot be greater than max_value")
    sides = []
    if min_value is not None:
        sides.append(value > bound(min_value, dtype) if strict_min else value >= bound(min_value, dtype))
    if max_value is not None:
        sides.append(value < bound(max_value, dtype) if strict_max else value <= bound(max_value, dtype))
    if dtype.is_float() and max_value is None:
        # Polars orders NaN above every number.
        sides.append(value.is_not_nan())
    return reduce(and_, sides)


def _lookable(column: Column) -> pl.Expr:
    return column.text if is_text(column.dtype) else column.expr


def _before(column: Column) -> pl.Expr:
    judged = column.domain.only(column.expr)
    if column.dtype.is_float():
        judged = judged.fill_nan(None)
    return judged.forward_fill().shift(1)


def _and_number(column: Column, ordered: pl.Expr) -> pl.Expr:
    return ordered & column.expr.is_not_nan() if column.dtype.is_float() else ordered


def _joined(match_on: str | None) -> Callable[[Iterable[pl.Expr]], pl.Expr]:
    if match_on not in (None, "any", "all"):
        raise ValueError("match_on must be either 'any' or 'all'")
    return lambda each: reduce(and_ if match_on == "all" else or_, each)


def _as_regex(pattern: str, escape: str | None) -> str:
    parts, escaped = [], False
    for letter in pattern:
        if escape and letter == escape and not escaped:
            escaped = True
            continue
        parts.append({"%": ".*", "_": "."}.get(letter, re.escape(letter)) if not escaped else re.escape(letter))
        escaped = False
    return f"(?s)^(?:{''.join(parts)})$"


def _by_python(column: Column, read: Callable[[str], Any]) -> pl.Expr:
    if not is_text(column.dtype):
        raise TypeError(f"only text can be read, not values of the type {column.dtype}")

    def readable(text: str) -> bool:
        try:
            read(text)
        except (ValueError, OverflowError):
            return False
        return True

    return column.text.map_elements(readable, return_dtype=pl.Boolean)


CONDITIONS: Mapping[str, Callable[..., pl.Expr]] = {
    "column_values.null": is_null,
    "column_values.nonnull": is_not_null,
    "column_values.between": is_between,
    "column_values.value_length.equals": has_length,
    "column_values.value_length.between": has_length_between,
    "column_values.in_set": is_in_set,
    "column_values.not_in_set": is_not_in_set,
    "column_values.unique": is_unique,
    "column_values.increasing": is_increasing,
    "column_values.decreasing": is_decreasing,
    "column_values.match_regex": matches,
    "column_values.not_match_regex": does_not_match,
    "column_values.match_regex_list": matches_list,
    "column_values.not_match_regex_list": matches_none,
    "column_values.match_like_pattern": is_like,
    "column_values.not_match_like_pattern": is_not_like,
    "column_values.match_like_pattern_list": is_like_list,
    "column_values.not_match_like_pattern_list": is_like_none,
    "column_values.match_strftime_format": has_format,
    "column_values.json_parseable": is_json,
    "column_values.dateutil_parseable": is_moment,
    "column_values.z_score.under_threshold": is_near_mean,
}
"""By the name that Great Expectations gives the condition."""
