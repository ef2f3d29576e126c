"""Which rows and columns a metric is asked of: batch, row condition, and rows with missing values left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl
from great_expectations.exceptions import ExecutionEngineError, InvalidMetricAccessorDomainKwargsKeyError
from great_expectations.expectations.row_conditions import (
    AndCondition,
    ComparisonCondition,
    NullityCondition,
    OrCondition,
    deserialize_row_condition,
)

from expectations.engine.values import bound, members

_KEEPS_ALL = {"neither", "never"}
_NEEDS_ALL = {"either_value_is_missing", "any_value_is_missing"}
_NEEDS_ONE = {"both_values_are_missing", "all_values_are_missing"}


@dataclass(frozen=True, slots=True)
class Domain:
    """The rows of a frame that a metric is asked of, as an expression; None means all of them."""

    frame: pl.DataFrame
    columns: tuple[str, ...]
    rows: pl.Expr | None

    def and_rows(self, condition: pl.Expr) -> pl.Expr:
        """The condition, in these rows only."""
        return condition if self.rows is None else self.rows & condition

    def only(self, column: pl.Expr) -> pl.Expr:
        """The column with null in all other rows: of the length of the frame, for windows."""
        return column if self.rows is None else pl.when(self.rows).then(column)

    def taken(self, column: pl.Expr) -> pl.Expr:
        """The column without all other rows, for aggregates."""
        return column if self.rows is None else column.filter(self.rows)


def domain_of(frame: pl.DataFrame, keywords: Mapping[str, Any]) -> Domain:
    """What Great Expectations names by the keys of a domain.

    Raises:
        ExecutionEngineError: for a second table, or a row condition that is not made with `gx.expectations.row_conditions`.
        InvalidMetricAccessorDomainKwargsKeyError: if the frame lacks a column.
    """
    if keywords.get("table"):
        raise ExecutionEngineError("a batch of Polars is one frame; other tables have no name here")
    pair = [keywords[key] for key in ("column_A", "column_B") if keywords.get(key)]
    columns = [keywords["column"]] if keywords.get("column") else pair or list(keywords.get("column_list") or ())
    for column in columns:
        _present(frame, column)
    masks = []
    if keywords.get("row_condition"):
        masks.append(row_condition(frame, keywords["row_condition"]))
    if "ignore_row_if" in keywords and len(columns) > 1:
        masks += _not_missing(columns, keywords["ignore_row_if"])
    return Domain(frame, tuple(columns), reduce(and_, masks) if masks else None)


def row_condition(frame: pl.DataFrame, given: Any) -> pl.Expr:
    """The rows of a condition. As in pandas, a missing value differs from every value and is in no set."""
    if isinstance(given, str):
        raise ExecutionEngineError(
            f"row_condition {given!r} is text for another engine; write it with great_expectations.expectations.row_conditions"
        )
    condition = deserialize_row_condition(given)
    if isinstance(condition, AndCondition | OrCondition):
        joined = and_ if isinstance(condition, AndCondition) else or_
        return reduce(joined, [row_condition(frame, each) for each in condition.conditions])
    if isinstance(condition, NullityCondition):
        column = pl.col(_present(frame, condition.column.name))
        return column.is_null() if condition.is_null else column.is_not_null()
    if isinstance(condition, ComparisonCondition):
        return _comparison(frame, condition)
    raise ExecutionEngineError(f"row_condition of the type {type(condition).__name__} cannot be asked of Polars")


def _comparison(frame: pl.DataFrame, condition: Any) -> pl.Expr:
    name, sign = _present(frame, condition.column.name), str(getattr(condition.operator, "value", condition.operator))
    column, dtype = pl.col(name), frame.schema[name]
    if sign in ("IN", "NOT_IN"):
        found = column.is_in(members(condition.parameter, dtype).implode()).fill_null(False)
        return found if sign == "IN" else ~found
    value = bound(condition.parameter, dtype)
    compared = {
        "==": column == value,
        "!=": column != value,
        "<": column < value,
        "<=": column <= value,
        ">": column > value,
        ">=": column >= value,
    }[sign]
    return compared.fill_null(sign == "!=")


def _not_missing(columns: Sequence[str], ignored: str) -> list[pl.Expr]:
    present = [pl.col(column).is_not_null() for column in columns]
    if ignored in _NEEDS_ALL:
        return [reduce(and_, present)]
    if ignored in _NEEDS_ONE:
        return [reduce(or_, present)]
    if ignored in _KEEPS_ALL:
        return []
    raise ExecutionEngineError(f'Unrecognized value of ignore_row_if ("{ignored}").')


def _present(frame: pl.DataFrame, column: str) -> str:
    if column not in frame.columns:
        raise InvalidMetricAccessorDomainKwargsKeyError(f'Error: The column "{column}" in BatchData does not exist.')
    return column
