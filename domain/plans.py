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
    """One line of a year's plan for the twinned villages, in the unit the indicator is printed in."""

    year: int
    indicator: str
    kind: TargetKind
    value: Decimal
    plan_owner: str
    source: str


@dataclass(frozen=True, slots=True)
class UnfitTargets:
    """Targets of one year that cannot all be meant, and why, in Vietnamese."""

    targets: Sequence[Target]
    sentence: str


def unfit_targets(targets: Sequence[Target]) -> list[UnfitTargets]:
    """What targets of one year and indicator say against each other."""
    groups: dict[tuple[int, str], list[Target]] = {}
    for target in targets:
        groups.setdefault((target.year, target.indicator), []).append(target)
    return [each for group in groups.values() for check in (_twice, _two_ways, _two_starts) for each in check(group)]


def _twice(targets: Sequence[Target]) -> Iterator[UnfitTargets]:
    for one, other in combinations(targets, 2):
        if one.kind is other.kind and fold(one.plan_owner) == fold(other.plan_owner):
            yield UnfitTargets(
                (one, other), f"{_named(one)} và {_named(other)} là hai mục tiêu cùng loại của một kế hoạch"
            )


def _two_ways(targets: Sequence[Target]) -> Iterator[UnfitTargets]:
    """More cannot be better and worse in one plan: a level is not reached by lowering, nor above a ceiling."""
    for level, other in permutations(targets, 2):
        if level.kind is not TargetKind.LEVEL or fold(level.plan_owner) != fold(other.plan_owner):
            continue
        if other.kind is TargetKind.REDUCTION or (other.kind is TargetKind.CEILING and level.value > other.value):
            yield UnfitTargets((level, other), f"không thể vừa {_named(level)} vừa {_named(other)}")


def _two_starts(targets: Sequence[Target]) -> Iterator[UnfitTargets]:
    """A ceiling and a reduction to it say where the year began; it began at one place, whoever plans."""
    starts = [
        (ceiling, reduction)
        for ceiling, reduction in permutations(targets, 2)
        if (ceiling.kind, reduction.kind) == (TargetKind.CEILING, TargetKind.REDUCTION)
        and fold(ceiling.plan_owner) == fold(reduction.plan_owner)
    ]
    for pair in starts:
        if pair[0].value + pair[1].value > _WHOLE:
            yield UnfitTargets(pair, f"{_named(pair[0])}, {_named(pair[1])} nghĩa là đầu năm quá 100%")
    for one, other in combinations(starts, 2):
        first, second = (ceiling.value + reduction.value for ceiling, reduction in (one, other))
        # Rounded rates of one start may differ by one in the last printed digit.
        if abs(first - second) > Decimal(1).scaleb(max(_exponent(one[0].value), _exponent(other[0].value))):
            yield UnfitTargets(
                (*one, *other),
                f"{_named(one[0])}, {_named(one[1])} nghĩa là đầu năm {wording.number(first)}; "
                f"{_named(other[0])}, {_named(other[1])} nghĩa là đầu năm {wording.number(second)}",
            )


def _exponent(value: Decimal) -> int:
    return int(value.as_tuple().exponent)


_WHOLE = Decimal(100)
_KINDS = {
    TargetKind.LEVEL: "đạt",
    TargetKind.REDUCTION: "giảm",
    TargetKind.CEILING: "không quá",
}


def _named(target: Target) -> str:
    """`giảm 2 (poverty_rate_pct, tỉnh)`."""
    return f"{_KINDS[target.kind]} {wording.number(target.value)} ({target.indicator}, {target.plan_owner})"
