"""A village's figures beside last month's: what leapt is asked about, with both values, at its cell."""

from typing import Any

import polars as pl
import pytest

from domain.findings import Verdict
from tests.builders import edited
from transforms.history import NO_HISTORY, PREVIOUS_CLOSE, History

pytestmark = pytest.mark.slow


def closed(**figures: float) -> History:
    """What làng Châm ANẻh closed last month with."""
    row = {"households": 120, "persons": 520, "hh_dtts": 110, "bhyt_pct": 98} | figures
    close = {"poor_close": 20, "nearpoor_close": 10, "restated": False} | row
    frame = pl.DataFrame({name: [close.get(name.removeprefix("previous_"))] for name in PREVIOUS_CLOSE}, strict=False)
    frame = frame.with_columns(village_id=pl.lit("23586-01")).cast(dict(PREVIOUS_CLOSE))
    return History(NO_HISTORY.latest_revisions, frame, NO_HISTORY.previous_cumulative)


def test_a_village_like_last_months_is_not_asked_about(judge: Any, pleiku: Any) -> None:
    [examined] = judge([pleiku()], closed())
    assert examined.findings.found == ()


def test_health_insurance_that_lost_its_comma_is_asked_about_with_both_values(judge: Any, pleiku: Any) -> None:
    [examined] = judge([edited(pleiku(), ("03_HoDan", "U9", 12.5))], closed())
    [asked] = examined.findings.found
    assert (asked.rule, asked.sheet, asked.cell) == ("W-JUMP", "03_HoDan", "U9")
    assert asked.sentence == "Hộ có BHYT ghi 12,5%, cuối kỳ trước là 98%."
    assert examined.findings.verdict is Verdict.ACCEPTED_WITH_WARNINGS


def test_households_that_leap_are_asked_about_once_each(judge: Any, pleiku: Any) -> None:
    [examined] = judge([pleiku()], closed(households=1_200, persons=5_200, hh_dtts=1_100))
    assert {(each.rule, each.cell) for each in examined.findings.found} == {
        ("W-JUMP", "D9"), ("W-JUMP", "E9"), ("W-JUMP", "F9"),
    }  # fmt: skip
