from typing import Any

import polars as pl
import pytest

from domain.period import Period
from domain.reference import Reference
from domain.schemas import TYPED_ROWS
from tests.builders import FIRST_FORM, HOUSEHOLD
from transforms.completed import completed
from transforms.history import NO_HISTORY, PREVIOUS_CLOSE, History
from transforms.households import judge_households
from transforms.territory import territory

FEBRUARY = Period.parse("2024-02")


def judged(reference: Reference, odd: dict[str, Any], history: History = NO_HISTORY) -> dict[str, Any]:
    """Pleiku's sound row of one village, with what its rules look at."""
    row = HOUSEHOLD | {"file": "f", "source_row": 8, "village_id": "23586-01", "village_name": "làng Châm ANẻh"} | odd
    schema = TYPED_ROWS["households"]
    typed = pl.DataFrame({name: [row.get(name)] for name in schema}, strict=False).cast(dict(schema)).lazy()
    households = completed(typed, "households", FIRST_FORM)
    statements = FIRST_FORM.with_columns(unit_code=pl.lit("622"))
    registers = territory(reference, FEBRUARY, reference.calendar.window(FEBRUARY))
    return judge_households(households, statements, registers, history).collect().row(0, named=True)


@pytest.mark.parametrize(
    ("odd", "column", "value"),
    [
        ({}, "poor_gap", 0),
        ({"poor_close": 21}, "poor_gap", 1),
        ({"nearpoor_exit": None}, "nearpoor_gap", None),
        ({"persons": 960}, "persons_per_household", 8.0),
        ({"households": 0}, "persons_per_household", None),
        ({}, "reported_year", 2024),
        ({"village_id": "99999-01"}, "known_village_name", None),
        ({"village_id": None}, "village_by_name", "23586-01"),
    ],
)
def test_what_the_rules_look_at(reference: Reference, odd: dict[str, Any], column: str, value: object) -> None:
    assert judged(reference, odd)[column] == value


def test_last_months_closing_stock_stands_beside_the_opening_one(reference: Reference) -> None:
    closed = pl.DataFrame([("23586-01", 19, 10, True, *[None] * 4)], schema=PREVIOUS_CLOSE, orient="row")
    row = judged(reference, {}, History(NO_HISTORY.latest_revisions, closed, NO_HISTORY.previous_cumulative))
    assert [row[name] for name in ("poor_open", "previous_poor_close", "previous_restated")] == [20, 19, True]


@pytest.mark.parametrize(
    ("name", "before", "now", "is_asked"),
    [
        ("bhyt_pct", 98, 12.5, True),
        ("bhyt_pct", 98, 83, True),
        ("bhyt_pct", 98, 83.1, False),
        ("bhyt_pct", None, 12.5, False),
        ("households", 120, 12, True),
        ("households", 120, 96, False),
        ("households", 120, 95, True),
        ("households", 20, 10, False),
        ("persons", 520, 52, True),
        ("hh_dtts", 110, 11, True),
        ("hh_dtts", 0, 110, True),
    ],
)
def test_a_leap_from_last_months_figure_is_asked_about(
    reference: Reference, name: str, before: float | None, now: float, is_asked: bool
) -> None:
    names = {"households": 120, "persons": 520, "hh_dtts": 110, "bhyt_pct": 96.5} | {name: before}
    closed = pl.DataFrame(
        [{"village_id": "23586-01"} | {f"previous_{key}": value for key, value in names.items()}], strict=False
    )
    closed = closed.select(
        pl.col(column).cast(dtype, strict=False) if column in closed.columns else pl.lit(None, dtype).alias(column)
        for column, dtype in PREVIOUS_CLOSE.items()
    )
    history = History(NO_HISTORY.latest_revisions, closed, NO_HISTORY.previous_cumulative)
    assert (judged(reference, {name: now}, history)[f"{name}_leap"] is not None) is is_asked
