"""Targets of one year that cannot all be meant are found."""

from decimal import Decimal

import pytest

from domain.plans import Target, TargetKind, TargetScope, unfit_targets

LEVEL, REDUCTION, CEILING = TargetKind.LEVEL, TargetKind.REDUCTION, TargetKind.CEILING


def target(kind: TargetKind, value: str, owner: str = "tỉnh", year: int = 2024) -> Target:
    return Target(year, "poverty_rate_pct", kind, Decimal(value), TargetScope.VILLAGES, owner, "KH 1")


@pytest.mark.parametrize(
    ("targets", "says"),
    [
        ([target(REDUCTION, "2"), target(REDUCTION, "3", "Tỉnh ")], "hai mục tiêu cùng loại của một kế hoạch"),
        ([target(LEVEL, "7"), target(CEILING, "6.11")], "không thể vừa đạt 7"),
        ([target(LEVEL, "7"), target(REDUCTION, "2")], "vừa giảm 2"),
    ],
)  # fmt: skip
def test_targets_that_do_not_fit_are_told_with_their_numbers(targets: list[Target], says: str) -> None:
    [found] = unfit_targets(targets)
    assert says in found.sentence


@pytest.mark.parametrize(
    "targets",
    [
        [target(CEILING, "6.11"), target(REDUCTION, "2")],
        [target(CEILING, "99"), target(REDUCTION, "2")],
        [target(CEILING, "6.11"), target(REDUCTION, "2"), target(CEILING, "6.1", "huyện"), target(REDUCTION, "2", "huyện")],
        [target(CEILING, "99"), target(CEILING, "0.5", "huyện")],
        [target(REDUCTION, "2"), target(REDUCTION, "2", year=2025)],
        [target(LEVEL, "6"), target(CEILING, "6")],
    ],
)  # fmt: skip
def test_targets_of_other_years_and_owners_and_those_that_fit_are_left_alone(targets: list[Target]) -> None:
    assert unfit_targets(targets) == []
