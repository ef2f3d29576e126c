"""Measured figures are found by their keys, however many there are."""

from decimal import Decimal

import polars as pl
import pytest

from domain.indicators import FigureKey
from domain.summary import Measure, Sources
from transforms.figures.measured import Measured
from transforms.figures.summarise import MEASURED

ROWS = [
    ("activities", "period", "", "", Decimal("3"), 3, [1, 2]),
    ("activities", "period", "unit", "622", Decimal("1"), 1, [1]),
    ("activities", "period", "unit", "623", Decimal("2"), 2, [2]),
    ("cash_vnd", "cumulative", "", "", None, 0, []),
]


@pytest.fixture
def measured() -> Measured:
    return Measured(pl.DataFrame(ROWS, schema=MEASURED, orient="row"))


def test_every_row_is_found_by_its_key(measured: Measured) -> None:
    found = {key: measured[key] for key in measured}
    assert found == {FigureKey(*row[:4]): Measure(row[4], Sources(row[5], frozenset(row[6]))) for row in ROWS}
    assert len(measured) == len(ROWS)


@pytest.mark.parametrize(
    "key",
    [
        FigureKey("activities", "period", "unit", "999"),
        FigureKey("activities", "previous"),
        FigureKey("unknown"),
    ],
)
def test_what_was_not_measured_is_not_found(measured: Measured, key: FigureKey) -> None:
    assert key not in measured
    assert measured.get(key) is None


def test_without_any_figure_nothing_is_found() -> None:
    none = Measured(pl.DataFrame(schema=MEASURED))
    assert not none
    assert list(none) == []
