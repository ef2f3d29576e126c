"""What the authorities decided for the villages: directives, programmes, poverty standards and yearly targets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import combinations, permutations

from domain import wording
from domain.text import fold


@dataclass(frozen=True, slots=True)
class Directive:
    """The directive in force since a day, as the report cites it; before the first there is none."""

    valid_from: date
    short_name: str
    subject: str
    issuer: str


@dataclass(frozen=True, slots=True)
class PovertyStandard:
    """The definition of poor and near-poor households since a day; figures under two standards are not compared."""

    standard_id: str
    valid_from: date
    name: str


@dataclass(frozen=True, slots=True)
class Programme:
    """What results are cumulated over, from a day on."""

    name: str
    valid_from: date
    valid_to: date | None


class TargetScope(StrEnum):
    """Of whom a year's plan asks something."""

    VILLAGES = "lang"
    """Of the twinned villages."""
    PROVINCE = "tinh"
    """Of the whole province; the villages' own figures are not measured by it."""


class TargetKind(StrEnum):
    """What a year's plan asks of an indicator."""

    LEVEL = "level"
    """So much by the end of the year; more is better."""
    REDUCTION = "reduction"
    """So many percentage points less than at the year's start."""
    CEILING = "ceiling"
    """Not more than so much."""


@dataclass(frozen=True, slots=True)
class Target:
    """One line of a year's plan, in the unit the indicator is printed in."""

    year: int
    indicator: str
    kind: TargetKind
    value: Decimal
    scope: TargetScope
    plan_owner: str
    source: str


@dataclass(frozen=True, slots=True)
class UnfitTargets:
    """Targets of one year that cannot all be meant, and why, in Vietnamese."""

    targets: Sequence[Target]
    sentence: str


def unfit_targets(targets: Sequence[Target]) -> list[UnfitTargets]:
    """What targets of one plan, year and indicator say against each other.

    A ceiling and a reduction always fit: more may be asked of the one than of the other, and so may it of two plans.
    """
    groups: dict[tuple[int, str, str, str], list[Target]] = {}
    for target in targets:
        groups.setdefault((target.year, target.indicator, target.scope, fold(target.plan_owner)), []).append(target)
    return [each for group in groups.values() for check in (_twice, _two_ways) for each in check(group)]


def _twice(targets: Sequence[Target]) -> Iterator[UnfitTargets]:
    for one, other in combinations(targets, 2):
        if one.kind is other.kind:
            yield UnfitTargets(
                (one, other), f"{_named(one)} và {_named(other)} là hai mục tiêu cùng loại của một kế hoạch"
            )


def _two_ways(targets: Sequence[Target]) -> Iterator[UnfitTargets]:
    """More cannot be better and worse in one plan: a level is not reached by lowering, nor above a ceiling."""
    for level, other in permutations(targets, 2):
        is_below = other.kind is TargetKind.CEILING and level.value > other.value
        if level.kind is TargetKind.LEVEL and (other.kind is TargetKind.REDUCTION or is_below):
            yield UnfitTargets((level, other), f"không thể vừa {_named(level)} vừa {_named(other)}")


_KINDS = {
    TargetKind.LEVEL: "đạt",
    TargetKind.REDUCTION: "giảm",
    TargetKind.CEILING: "không quá",
}


def _named(target: Target) -> str:
    """`giảm 2 (poverty_rate_pct, tỉnh)`."""
    return f"{_KINDS[target.kind]} {wording.number(target.value)} ({target.indicator}, {target.plan_owner})"
