"""The public figures come out of the comparison as they were published."""

from decimal import Decimal

import pytest

from domain.comparison import (
    Differences,
    against_ceiling,
    difference,
)
from domain.reference import Reference
from domain.wording import rounded
from domain.workings import Operation, outcome

D = Decimal


def published(reference: Reference, indicator: str) -> Decimal:
    return next(fact.value for fact in reference.published_facts if fact.indicator == indicator)


def test_the_rate_of_2023_and_the_target_of_2024_are_those_of_the_article(reference: Reference) -> None:
    rate = 100 * published(reference, "poor_households") / D(388_231)
    assert rounded(rate, 2) == published(reference, "poverty_rate_pct") == D("8.11")
    planned = published(reference, "poverty_reduction_target_pp")
    assert difference(rate, planned, 2) == published(reference, "poverty_rate_target_pct") == D("6.11")
    of_dtts = 100 * published(reference, "poor_households_dtts") / D(165_278)
    assert rounded(of_dtts, 2) == D("17.05")
    assert difference(of_dtts, published(reference, "poverty_reduction_dtts_target_pp"), 2) == D("14.05")


@pytest.mark.parametrize(
    ("before", "after", "planned", "points", "percent"),
    [
        ("17.0458", "12.71", "3", "4.34", "144.67"),  # province, DTTS households, 2024
        ("8.1142", "6.07", "2", "2.04", "102.00"),  # province, all households, 2024
    ],
)
def test_reductions_in_points_and_in_percent_of_the_plan_are_as_published(
    before: str, after: str, planned: str, points: str, percent: str
) -> None:
    fell = difference(D(before), D(after), 2)
    assert fell == D(points)
    assert rounded(outcome(Operation.SHARE_PCT, [fell, D(planned)]), 2) == D(percent)


def test_kong_chro_fell_by_more_than_its_plan() -> None:
    assert rounded(outcome(Operation.SHARE_PCT, [D("5.93"), D("5.5")]), 2) == D("107.82")


def test_the_same_result_has_two_shares_under_two_plans() -> None:
    result = D("4.08")
    shares = [outcome(Operation.SHARE_PCT, [result, plan]) for plan in (D("3.0"), D("4.2"))]
    assert [rounded(share, 2) for share in shares] == [D("136.00"), D("97.14")]


def test_printed_differences_agree_with_printed_values_and_exact_ones_need_not() -> None:
    now, then = D("10.005"), D("7.994")
    assert difference(now, then, 2) == rounded(now, 2) - rounded(then, 2) == D("2.02")
    assert difference(now, then, 2, Differences.EXACT) == D("2.01")


def test_a_ceiling_is_met_up_to_and_with_itself() -> None:
    assert against_ceiling(D("6.07"), D("6.11"), 2).is_met
    assert against_ceiling(D("6.114"), D("6.11"), 2).distance == 0
    missed = against_ceiling(D("6.25"), D("6.11"), 2)
    assert (missed.is_met, missed.distance) == (False, D("-0.14"))
