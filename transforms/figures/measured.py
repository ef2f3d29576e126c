"""Measured figures, found by their keys: a month of a country has millions, and its pages ask for some thousands."""

from collections.abc import Iterator, Mapping

import polars as pl

from domain.indicators import FigureKey
from domain.summary import Measure, Sources

_GROUP = ("indicator", "basis", "dimension")


class Measured(Mapping[FigureKey, Measure]):
    """The figures of a frame; those of one indicator, basis and dimension become objects when one of them is asked for.

    Args:
        figures: as `summarise.MEASURED`, sorted.
    """

    def __init__(self, figures: pl.DataFrame) -> None:
        self._figures = figures
        groups = figures.with_row_index().group_by(_GROUP).agg(pl.col("index").first(), pl.len())
        self._places = {tuple(group): (first, length) for *group, first, length in groups.iter_rows()}
        self._opened: dict[tuple[str, ...], dict[str, Measure]] = {}

    def __getitem__(self, key: FigureKey) -> Measure:
        return self._members(key.indicator, key.basis, key.dimension)[key.member]

    def __iter__(self) -> Iterator[FigureKey]:
        return (FigureKey(*row) for row in self._figures.select(*_GROUP, "member").iter_rows())

    def __len__(self) -> int:
        return self._figures.height

    def _members(self, *group: str) -> dict[str, Measure]:
        if group not in self._opened:
            rows = self._figures.slice(*self._places.get(group, (0, 0)))
            self._opened[group] = {
                member: Measure(value, Sources(cells, frozenset(submissions)))
                for member, value, cells, submissions in rows.select("member", "value", "cells", "sources").iter_rows()
            }
        return self._opened[group]
