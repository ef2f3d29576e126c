"""One figure of a column, for each expectation about its values as a whole."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from expectations.engine.column_conditions import Column
from expectations.engine.query import Key, Query
from expectations.engine.values import is_text, members

MOST_VALUES = 20
"""How many values a metric lists where nobody says."""


def maximum(column: Column, **_: Any) -> pl.Expr:
    """The largest value."""
    return _values(column).max()


def minimum(column: Column, **_: Any) -> pl.Expr:
    """The smallest value."""
    return _values(column).min()


def mean(column: Column, **_: Any) -> pl.Expr:
    """The mean as a float; NaN where a value is."""
    return _values(column).mean()


def median(column: Column, **_: Any) -> pl.Expr:
    """The median as a float."""
    return _values(column).median()


def deviation(column: Column, **_: Any) -> pl.Expr:
    """The standard deviation of a sample; null of fewer than two values."""
    return _values(column).std()


def total(column: Column, **_: Any) -> pl.Expr:
    """The sum, exact for decimals; of nothing 0."""
    return _values(column).sum()


def present(column: Column, **_: Any) -> pl.Expr:
    """How many values are not missing."""
    return _values(column).count()


def distinct(column: Column, **_: Any) -> pl.Expr:
    """How many different values there are, missing ones aside."""
    return _values(column).drop_nulls().n_unique()


def distinct_below(column: Column, threshold: int, **_: Any) -> pl.Expr:
    """Whether there are fewer different values than that."""
    return distinct(column) < threshold


def longest(column: Column, **_: Any) -> pl.Expr:
    """The number of characters of the longest text."""
    return column.domain.taken(column.text).str.len_chars().max()


def shortest(column: Column, **_: Any) -> pl.Expr:
    """The number of characters of the shortest text."""
    return column.domain.taken(column.text).str.len_chars().min()


AGGREGATES: Mapping[str, Callable[..., pl.Expr]] = {
    "column.max": maximum,
    "column.min": minimum,
    "column.mean": mean,
    "column.median": median,
    "column.standard_deviation": deviation,
    "column.sum": total,
    "column.non_null_count": present,
    "column.distinct_values.count": distinct,
    "column.distinct_values.count.under_threshold": distinct_below,
    "column_values.length.max": longest,
    "column_values.length.min": shortest,
}
"""By the name of the metric; each is one cell of the common query."""


def all_distinct(column: Column, **_: Any) -> Query:
    """The set of all different values, a missing one among them."""
    key = ("distinct with null", id(column.domain))
    return Query({key: _values(column).unique().implode()}, lambda found: set(found[key].to_list()))


def outside(column: Column, value_set: Iterable[Any], limit: int | None = None, **_: Any) -> Query:
    """The values that are not of the set, sorted."""
    expected = members(value_set or (), column.dtype)
    return _on_distinct(
        column, lambda values: values.filter(~values.is_in(expected.implode())).to_list()[: limit or MOST_VALUES]
    )


def outside_count(column: Column, value_set: Iterable[Any], **_: Any) -> Query:
    """How many different values are not of the set."""
    expected = members(value_set or (), column.dtype)
    return _on_distinct(column, lambda values: int((~values.is_in(expected.implode())).sum()))


def lacking(column: Column, value_set: Iterable[Any], limit: int | None = None, **_: Any) -> Query:
    """The values of the set that the column does not hold, in the order of the set."""
    return _on_distinct(column, lambda values: _lacking(values, column, value_set)[: limit or MOST_VALUES])


def lacking_count(column: Column, value_set: Iterable[Any], **_: Any) -> Query:
    """How many values of the set the column does not hold."""
    return _on_distinct(column, lambda values: len(_lacking(values, column, value_set)))


def most_common(column: Column, **_: Any) -> Query:
    """The values that occur most often, sorted."""
    key = ("mode", id(column.domain))
    asked = _values(column).drop_nulls().mode().sort().implode()
    return Query({key: asked}, lambda found: found[key].to_list())


def quantiles(column: Column, quantiles: Iterable[float], allow_relative_error: Any = False, **_: Any) -> Query:
    """The values at the quantiles, by default the nearest that occurs."""
    method: Any = allow_relative_error or "nearest"
    asked: dict[Key, pl.Expr] = {
        ("quantile", (id(column.domain), each)): _values(column).quantile(each, method) for each in quantiles
    }
    return Query(asked, lambda found: [found[key] for key in asked])


QUERIES: Mapping[str, Callable[..., Query]] = {
    "column.distinct_values": all_distinct,
    "column.distinct_values.not_in_set": outside,
    "column.distinct_values.not_in_set.count": outside_count,
    "column.distinct_values.missing_from_column": lacking,
    "column.distinct_values.missing_from_column.count": lacking_count,
    "column.most_common_value": most_common,
    "column.quantile_values": quantiles,
}
"""By the name of the metric; what it asks is read in Python afterwards."""


def _values(column: Column) -> pl.Expr:
    return column.domain.taken(column.text if is_text(column.dtype) else column.expr)


def _on_distinct(column: Column, read: Callable[[pl.Series], Any]) -> Query:
    key = ("distinct", id(column.domain))
    asked = _values(column).drop_nulls().unique().sort().implode()
    return Query({key: asked}, lambda found: read(found[key]))


def _lacking(values: pl.Series, column: Column, value_set: Iterable[Any]) -> list[Any]:
    held = set(values.to_list())
    return [
        value
        for value in dict.fromkeys(value_set or ())
        if value is not None and not held.intersection(members([value], column.dtype).to_list())
    ]
