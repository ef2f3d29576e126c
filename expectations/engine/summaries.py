"""What is said of the rows that break a condition: how many, which, with what values."""

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from expectations.engine.query import Condition, Key, Query

MOST_VALUES = 200
"""Great Expectations lists no more values than this in any result; positions are listed all."""


def count(condition: Condition, **_: Any) -> Query:
    """How many rows break the condition."""
    key, asked = condition.count
    return Query({key: asked}, lambda found: int(found[key] or 0))


def index_list(condition: Condition, result_format: Mapping[str, Any], **_: Any) -> Query:
    """The positions of the rows in the frame, or the values of the columns that the format names, with those judged."""
    named = result_format.get("unexpected_index_column_names")

    def read(positions: pl.Series) -> list[Any]:
        taken = positions if _is_complete(result_format) else positions.head(result_format["partial_unexpected_count"])
        if not named:
            return taken.to_list()
        rows = condition.domain.frame
        if result_format.get("exclude_unexpected_values") and len(taken):
            return [rows.select(named)[taken].to_dict(as_series=False)]
        return rows.select(*dict.fromkeys([*condition.domain.columns, *named]))[taken].to_dicts()

    return _on_positions(condition, read)


def index_query(condition: Condition, result_format: Mapping[str, Any], **_: Any) -> Query:
    """Python that takes the rows from the frame, unless the format wants none."""
    if result_format.get("return_unexpected_index_query") is False:
        return Query({}, lambda found: None)
    return _on_positions(condition, lambda positions: f"df[{positions.to_list()}]")


def values(condition: Condition, result_format: Mapping[str, Any], **_: Any) -> Query:
    """The values that were judged: bare of one column, as tuples of a pair."""
    columns = condition.domain.columns

    def read(positions: pl.Series) -> list[Any]:
        rows = condition.domain.frame.select(columns)[_first(positions, result_format)]
        return rows.to_series().to_list() if len(columns) == 1 else rows.rows()

    return _on_positions(condition, read)


def values_by_name(condition: Condition, result_format: Mapping[str, Any], **_: Any) -> Query:
    """The values that were judged, by the names of their columns."""
    return _on_positions(
        condition,
        lambda positions: condition.domain.frame.select(condition.domain.columns)[
            _first(positions, result_format)
        ].to_dicts(),
    )


def rows(condition: Condition, result_format: Mapping[str, Any], **_: Any) -> Query:
    """The whole rows, by the names of all columns."""
    return _on_positions(
        condition, lambda positions: condition.domain.frame[_first(positions, result_format)].to_dicts()
    )


def judged_count(condition: Condition, **_: Any) -> Query:
    """How many rows were judged at all."""
    judged = condition.domain.rows
    if judged is None:
        return Query({}, lambda found: condition.domain.frame.height)
    key: Key = ("judged", id(condition))
    return Query({key: judged.sum()}, lambda found: int(found[key] or 0))


SUMMARIES: Mapping[str, Callable[..., Query]] = {
    "unexpected_count": count,
    "unexpected_index_list": index_list,
    "unexpected_index_query": index_query,
    "unexpected_values": values,
    "unexpected_rows": rows,
    "filtered_row_count": judged_count,
}
"""By the suffix that Great Expectations puts to the name of the condition."""


def _on_positions(condition: Condition, read: Callable[[pl.Series], Any]) -> Query:
    key, asked = condition.positions
    return Query({key: asked}, lambda found: read(found[key]))


def _is_complete(result_format: Mapping[str, Any]) -> bool:
    return str(result_format["result_format"]) == "COMPLETE"


def _first(positions: pl.Series, result_format: Mapping[str, Any]) -> pl.Series:
    most = MOST_VALUES if _is_complete(result_format) else min(result_format["partial_unexpected_count"], MOST_VALUES)
    return positions.head(most)
