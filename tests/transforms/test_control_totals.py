from typing import Any

import polars as pl
import pytest

from domain.period import Period
from domain.reference import Reference
from tests.builders import FIRST_FORM
from transforms.control_totals import judge_control_totals
from transforms.history import NO_HISTORY, PREVIOUS_CUMULATIVE, History
from transforms.territory import territory

MEASURES = ("quantity", "hh_total", "cash_vnd", "inkind_vnd", "value_total_vnd")
ROW = {"file": "f", "activity_code": "BHYT", **dict.fromkeys(MEASURES, 10)}
TOTAL = {**ROW, "source_row": 8, "cumulative_vnd": 10}


def judged(
    reference: Reference,
    total: dict[str, Any] | None = None,
    activity: dict[str, Any] | None = None,
    *,
    month: str = "2024-01",
    money_unit: str = "DONG",
    history: History = NO_HISTORY,
) -> dict[str, Any]:
    """One total beside one activity, both sound but for what is odd."""
    period = Period.parse(month)
    registers = territory(reference, period, reference.calendar.window(period))
    whole = dict.fromkeys((*MEASURES, "source_row", "cumulative_vnd"), pl.Int64)
    totals = pl.LazyFrame([TOTAL | (total or {})], schema_overrides={k: v for k, v in whole.items() if k in TOTAL})
    activities = pl.LazyFrame([ROW | (activity or {})], schema_overrides=dict.fromkeys(MEASURES, pl.Int64))
    statements = FIRST_FORM.with_columns(unit_code=pl.lit("622"), money_unit=pl.lit(money_unit))
    return judge_control_totals(totals, activities, statements, registers, history).collect().row(-1, named=True)


@pytest.mark.parametrize(
    ("total", "activity", "column", "value"),
    [
        ({}, {}, "value_total_vnd_gap", 0.0),
        ({"value_total_vnd": 12}, {}, "value_total_vnd_gap", 2.0),
        ({"hh_total": 7}, {}, "hh_total_gap", 3.0),
        ({}, {"cash_vnd": None}, "cash_vnd_gap", None),
        ({}, {"hh_total": None}, "hh_total_gap", None),
        ({"activity_code": "TT"}, {"activity_code": "TT", "hh_total": None}, "hh_total_gap", 10.0),
        ({}, {"activity_code": "TT"}, "source_row", None),
        ({"cumulative_vnd": 15}, {}, "cumulative_gap_vnd", 5),
    ],
)
def test_a_total_is_compared_with_the_sum_of_what_could_be_read(
    reference: Reference, total: dict[str, Any], activity: dict[str, Any], column: str, value: object
) -> None:
    assert judged(reference, total, activity)[column] == value


def test_rounding_to_the_declared_unit_is_no_gap(reference: Reference) -> None:
    assert judged(reference, {"value_total_vnd": 510}, money_unit="NGHIN")["value_total_vnd_gap"] == 0.0
    assert judged(reference, {"value_total_vnd": 511}, money_unit="NGHIN")["value_total_vnd_gap"] == 1.0
    assert judged(reference, {"quantity": 11}, money_unit="NGHIN")["quantity_gap"] == 1.0


@pytest.mark.parametrize(
    ("total", "money_unit", "gap"),
    [(510, "NGHIN", 500.0), (10, "NGHIN", None), (511, "NGHIN", None), (11, "DONG", None)],
)
def test_what_rounding_may_explain_is_asked_about(
    reference: Reference, total: int, money_unit: str, gap: float | None
) -> None:
    assert judged(reference, {"value_total_vnd": total}, money_unit=money_unit)["value_total_vnd_rounding_gap"] == gap


def test_the_cumulative_total_is_last_months_and_this_ones(reference: Reference) -> None:
    before = pl.DataFrame([("622", "BHYT", 30)], schema=PREVIOUS_CUMULATIVE, orient="row")
    history = History(NO_HISTORY.latest_revisions, NO_HISTORY.previous_close, before)
    assert judged(reference, month="2024-03", history=history)["cumulative_due_vnd"] == 40
    assert judged(reference, month="2024-03")["cumulative_due_vnd"] is None
    assert judged(reference, month="2024-01", history=history)["cumulative_due_vnd"] == 10
