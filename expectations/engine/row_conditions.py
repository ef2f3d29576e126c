"""What the values of several columns must be to each other in one row, for the expectations about pairs and more columns.

Each function gives the expression "the expectation holds of this row"; where it is null, it does not hold.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from itertools import combinations
from operator import and_
from typing import Any

import polars as pl

from expectations.engine.domain import Domain


def is_equal(domain: Domain, **_: Any) -> pl.Expr:
    """Both values are there and equal."""
    first, second = _columns(domain)
    return first == second


def is_greater(domain: Domain, or_equal: bool | None = None, **_: Any) -> pl.Expr:
    """The first value is above the second; of NaN neither is."""
    first, second = _columns(domain)
    held = first >= second if or_equal else first > second
    numbers = [pl.col(name).is_not_nan() for name in domain.columns if domain.frame.schema[name].is_float()]
    for number in numbers:
        held &= number
    return held


def is_pair_in_set(domain: Domain, value_pairs_set: Iterable[Any] | None = None, **_: Any) -> pl.Expr:
    """The two values are one of the pairs, in which None stands for a missing value."""
    if value_pairs_set is None:
        return pl.lit(True)
    first, second = _columns(domain)
    pairs = [first.eq_missing(pl.lit(a)) & second.eq_missing(pl.lit(b)) for a, b in value_pairs_set]
    return pl.any_horizontal(pairs) if pairs else pl.lit(False)


def is_unique(domain: Domain, **_: Any) -> pl.Expr:
    """No other row that is judged has the same values; missing values are the same."""
    judged = [] if domain.rows is None else [domain.rows.alias("judged")]
    return ~pl.struct(*judged, *domain.columns).is_duplicated()


def has_sum(domain: Domain, sum_total: Any, **_: Any) -> pl.Expr:
    """The values add up to the total; a row that lacks one does not."""
    held: pl.Expr = pl.sum_horizontal(*domain.columns, ignore_nulls=False) == sum_total
    return held


def are_equal(domain: Domain, **_: Any) -> pl.Expr:
    """All values are equal; missing values are."""
    first, *others = _columns(domain)
    return reduce(and_, [first.eq_missing(other) for other in others])


def are_different(domain: Domain, **_: Any) -> pl.Expr:
    """No two values are equal; missing values are."""
    return reduce(and_, [one.ne_missing(other) for one, other in combinations(_columns(domain), 2)])


def _columns(domain: Domain) -> list[pl.Expr]:
    return [pl.col(name) for name in domain.columns]


CONDITIONS: Mapping[str, Callable[..., pl.Expr]] = {
    "column_pair_values.equal": is_equal,
    "column_pair_values.a_greater_than_b": is_greater,
    "column_pair_values.in_set": is_pair_in_set,
    "compound_columns.unique": is_unique,
    "multicolumn_sum.equal": has_sum,
    "multicolumn_values.equal": are_equal,
    "select_column_values.unique.within_record": are_different,
}
"""By the name that Great Expectations gives the condition."""
