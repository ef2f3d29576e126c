"""What a metric asks of the rows: expressions for one common query, and how its answers are read."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from expectations.engine.domain import Domain

Key = tuple[str, Hashable]
"""What is asked, and of which condition or domain (both outlive the query); who asks the same shares one expression."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Which rows break an expectation, as an expression over the whole frame; null is no breach."""

    domain: Domain
    broken: pl.Expr

    @property
    def positions(self) -> tuple[Key, pl.Expr]:
        """The positions of the broken rows in the frame, in one cell."""
        return ("positions", id(self)), pl.arg_where(self.broken).implode()

    @property
    def count(self) -> tuple[Key, pl.Expr]:
        """How many rows are broken."""
        return ("count", id(self)), self.broken.sum()


@dataclass(frozen=True, slots=True)
class Query:
    """One metric's part of the common query; each expression gives one cell."""

    asked: Mapping[Key, pl.Expr]
    read: Callable[[Mapping[Key, Any]], Any]


def answers(frame: pl.DataFrame, queries: Iterable[Query]) -> dict[Key, Any]:
    """The cells of all queries, from one pass over the frame."""
    asked: dict[Key, pl.Expr] = {}
    for query in queries:
        asked.update(query.asked)
    # Who has the positions can count them.
    counted = [key for key in asked if key[0] == "count" and ("positions", key[1]) in asked]
    for key in counted:
        del asked[key]
    selected = [expression.alias(str(number)) for number, expression in enumerate(asked.values())]
    row = frame.lazy().select(selected).collect()
    found: dict[Key, Any] = {key: row.get_column(str(number))[0] for number, key in enumerate(asked)}
    return found | {key: len(found["positions", key[1]]) for key in counted}
