"""What was accepted before is what a workbook is judged against."""

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from domain.findings import Verdict
from domain.schemas import USUAL_PRICES
from tests.builders import edited
from transforms.history import LATEST_REVISIONS, LIKENESSES, NO_HISTORY, PREVIOUS_CLOSE, PREVIOUS_CUMULATIVE, History

pytestmark = pytest.mark.slow


def test_opening_figures_must_carry_over_from_the_month_before(judge: Any, pleiku: Any) -> None:
    def history(restated: bool) -> History:
        return History(
            pl.DataFrame(schema=LATEST_REVISIONS),
            pl.DataFrame([("23586-01", 21, 10, restated, *[None] * 4)], schema=PREVIOUS_CLOSE, orient="row"),
            pl.DataFrame(schema=PREVIOUS_CUMULATIVE),
        )

    for restated, rule in ((False, "E-CARRY"), (True, "W-CARRY")):
        [examined] = judge([pleiku()], history(restated))
        assert [(finding.rule, finding.cell) for finding in examined.findings.found] == [(rule, "G9")]


def test_cumulative_totals_must_follow_from_the_month_before(judge: Any, pleiku: Any) -> None:
    history = History(
        pl.DataFrame([("622", 0, None, True)], schema=LATEST_REVISIONS, orient="row"),
        pl.DataFrame(schema=PREVIOUS_CLOSE),
        pl.DataFrame([("622", "QUA_TET", 5)], schema=PREVIOUS_CUMULATIVE, orient="row"),
    )
    [examined] = judge([pleiku()], history)
    assert [(finding.rule, finding.cell) for finding in examined.findings.found] == [("W-CUM", "I14")]


def test_another_file_of_the_accepted_revision_is_a_conflict_and_the_same_content_is_none(
    judge: Any, pleiku: Any
) -> None:
    def history(content: str) -> History:
        latest = pl.DataFrame([("622", 1, content, True)], schema=LATEST_REVISIONS, orient="row")
        return History(latest, NO_HISTORY.previous_close, NO_HISTORY.previous_cumulative)

    [conflict] = judge([pleiku()], history("other"))
    assert conflict.verdict is Verdict.CONFLICTING
    assert [(finding.rule, finding.cell) for finding in conflict.findings.found] == [("E-REVISION-TWICE", "B13")]
    [same] = judge([pleiku()], history(str(conflict.statement["content_hash"])))
    assert (same.verdict, same.findings.found) == (Verdict.UNCHANGED, ())


def test_a_copy_of_another_months_rows_is_noticed(judge: Any, pleiku: Any) -> None:
    [original] = judge([pleiku()])
    alike = pl.DataFrame([(str(original.statement["likeness"]), "622", "2024-01")], schema=LIKENESSES, orient="row")
    [copy] = judge([edited(pleiku(), ("02_HoatDong", "B8", date(2024, 2, 7)))], replace(NO_HISTORY, likenesses=alike))
    assert [(finding.rule, finding.cell) for finding in copy.findings.found] == [("W-COPY", "B8")]
    assert "kỳ 2024-01" in copy.findings.found[0].message


def test_a_price_hundreds_of_times_the_units_own_is_a_slip(judge: Any, pleiku: Any) -> None:
    usual = pl.DataFrame([("622", "QUA_TET", "suất", 1_000.0)], schema=USUAL_PRICES, orient="row")
    [examined] = judge([pleiku()], replace(NO_HISTORY, usual_prices=usual))
    assert [(finding.rule, finding.cell) for finding in examined.findings.found] == [("W-SLIP", "T8")]
    assert "500 lần" in examined.findings.found[0].message


def test_a_revision_must_be_newer_than_the_accepted_one(judge: Any, pleiku: Any) -> None:
    latest = pl.DataFrame([("622", 2, "other", True)], schema=LATEST_REVISIONS, orient="row")
    [examined] = judge([pleiku()], History(latest, NO_HISTORY.previous_close, NO_HISTORY.previous_cumulative))
    assert ("E-REVISION", "B13") in {(finding.rule, finding.cell) for finding in examined.findings.found}
