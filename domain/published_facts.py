"""Figures that somebody else published, in which reports they are printed, and what they say against each other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations, product

from domain import wording
from domain.period import Period

_HUNDRED = Decimal(100)
_END_OF_YEAR = (12, 31)


@dataclass(frozen=True, slots=True)
class PublishedFact:
    """A figure somebody published: dated, with its qualifier, scope and source; never a submission."""

    fact_id: str
    indicator: str
    name: str
    scope_code: str
    scope_name: str
    about: str
    value: Decimal
    unit_of_measure: str
    qualifier: str
    basis: str
    quoted_text: str
    print_from: Period | None
    print_to: Period | None
    source: str

    def belongs_in(self, period: Period) -> bool:
        """Whether the editors want this fact printed in the report of `period`."""
        if self.print_from is None or self.print_to is None or not period.is_month:
            return False
        first, last = self.print_from, self.print_to
        return (first.year, first.number) <= (period.year, period.number) <= (last.year, last.number)

    @property
    def day(self) -> date | None:
        """The day that the fact is about, where `about` is one; `2023-12-31`."""
        try:
            return date.fromisoformat(self.about)
        except ValueError:
            return None

    @property
    def year(self) -> int | None:
        """The year at whose end, or over which, the fact holds: `2023-12-31` or `năm 2023`; else null."""
        if self.day is not None:
            return self.day.year if (self.day.month, self.day.day) == _END_OF_YEAR else None
        found = re.fullmatch(r"năm (\d{4})", self.about)
        return int(found[1]) if found else None


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage of the table, with the indicators it is a quotient of."""

    rate: str
    count: str
    base: str


@dataclass(frozen=True, slots=True)
class Reduction:
    """A rate at a year's end, by how many points the next year is to lower it, and what is then to be reached."""

    baseline: str
    reduction: str
    target: str


PARTS: Mapping[str, str] = {
    "poor_households": "households",
    "households_dtts": "households",
    "poor_households_dtts": "poor_households",
    "new_rural_villages_dtts": "new_rural_villages",
}
"""Of which indicator each is a part: of one scope and moment it is not more."""
OF_ALL = Rate("poverty_rate_pct", "poor_households", "households")
OF_DTTS = Rate("poverty_rate_dtts_pct", "poor_households_dtts", "households_dtts")
RATES = (OF_ALL, OF_DTTS)
"""Rate × base gives the count."""
PARTS_OF_RATES = ((OF_DTTS, OF_ALL),)
"""Rates over a part and over the whole: what is not in the part has a base and a count of its own."""
REDUCTIONS = (
    Reduction("poverty_rate_pct", "poverty_reduction_target_pp", "poverty_rate_target_pct"),
    Reduction("poverty_rate_dtts_pct", "poverty_reduction_dtts_target_pp", "poverty_rate_dtts_target_pct"),
)
"""Baseline − reduction = target."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Facts that cannot all be true, and why, in Vietnamese."""

    facts: Sequence[PublishedFact]
    sentence: str


def contradictions_in(facts: Sequence[PublishedFact], period: Period) -> list[Contradiction]:
    """What the facts that are printed in the report of `period` say against each other, or against the background.

    Facts that are never printed are the background: they speak where no printed one does.
    """
    printed = [fact for fact in facts if fact.belongs_in(period)]
    said = {(fact.scope_code, fact.about, fact.indicator) for fact in printed}
    background = [
        fact for fact in facts if fact.print_from is None and (fact.scope_code, fact.about, fact.indicator) not in said
    ]
    return [each for each in contradictions([*printed, *background]) if any(fact in printed for fact in each.facts)]


def contradictions(facts: Sequence[PublishedFact]) -> list[Contradiction]:
    """Everything that facts of one scope and moment say against each other; what was not published is not missed."""
    checks = (_twice, _parts, _rates, _rests)
    return [*(each for group in _together(facts) for check in checks for each in check(group)), *_reductions(facts)]


_Group = Mapping[str, Sequence[PublishedFact]]
"""Facts of one scope and moment, by indicator."""


def _together(facts: Sequence[PublishedFact]) -> list[_Group]:
    groups: dict[tuple[str, str], dict[str, list[PublishedFact]]] = {}
    for fact in facts:
        groups.setdefault((fact.scope_code, fact.about), {}).setdefault(fact.indicator, []).append(fact)
    return list(groups.values())


def _of(group: _Group, *indicators: str) -> Iterator[tuple[PublishedFact, ...]]:
    """Every choice of one fact for each indicator; none where one of them was not published."""
    return product(*(group.get(indicator, ()) for indicator in indicators))


def _twice(group: _Group) -> Iterator[Contradiction]:
    for facts in group.values():
        for one, other in combinations(facts, 2):
            if not _bounds(one).meets(_bounds(other)):
                yield Contradiction((one, other), f"{_named(one)} và {_named(other)} nói khác nhau về cùng một số")


def _parts(group: _Group) -> Iterator[Contradiction]:
    for smaller, larger in PARTS.items():
        for part, whole in _of(group, smaller, larger):
            if _bounds(part).low > _bounds(whole).high:
                yield Contradiction((part, whole), f"{_named(part)} nhiều hơn {_named(whole)}, mà chỉ là một phần")


def _rates(group: _Group) -> Iterator[Contradiction]:
    for each in RATES:
        for rate, count, base in _of(group, each.rate, each.count, each.base):
            implied = _implied_base(rate, count)
            if implied is not None and not implied.meets(_bounds(base)):
                share = _HUNDRED * count.value / base.value if base.value else Decimal(0)
                yield Contradiction(
                    (rate, count, base),
                    f"{_named(count)} trên {_named(base)} là {wording.number(share, 2)}%, không phải {_named(rate)}",
                )


def _rests(group: _Group) -> Iterator[Contradiction]:
    """A base that nobody published is what count and rate imply; so are those outside the part, poor and all."""
    for part, whole in PARTS_OF_RATES:
        for facts in _of(group, part.rate, part.count, whole.rate, whole.count):
            part_base = _base(group, part, facts[0], facts[1])
            whole_base = _base(group, whole, facts[2], facts[3])
            if part_base is None or whole_base is None:
                continue
            most = whole_base.high - part_base.low
            least = _bounds(facts[3]).low - _bounds(facts[1]).high
            told = f"{_named(facts[1])} với {_named(facts[0])}, {_named(facts[3])} với {_named(facts[2])}"
            if most < 0:
                yield Contradiction(
                    facts,
                    f"{told}: như vậy phần ấy có ít nhất {_whole(part_base.low)} hộ, "
                    f"nhiều hơn tất cả (nhiều nhất {_whole(whole_base.high)} hộ)",
                )
            elif least > most:
                yield Contradiction(
                    facts,
                    f"{told}: như vậy ngoài phần ấy có {_whole(least)} hộ nghèo trong nhiều nhất {_whole(most)} hộ",
                )


def _reductions(facts: Sequence[PublishedFact]) -> Iterator[Contradiction]:
    for each in REDUCTIONS:
        for baseline, reduction, target in product(
            *(
                [fact for fact in facts if fact.indicator == name]
                for name in (each.baseline, each.reduction, each.target)
            )
        ):
            if not _is_one_plan(baseline, reduction, target) or "~" in (
                baseline.qualifier + reduction.qualifier + target.qualifier
            ):
                continue
            left = baseline.value - reduction.value
            if abs(left - target.value) > _half_unit(baseline.value) + _half_unit(target.value):
                yield Contradiction(
                    (baseline, reduction, target),
                    f"{_named(baseline)} trừ {_named(reduction)} còn {wording.number(left)}%, không phải {_named(target)}",
                )


def _is_one_plan(baseline: PublishedFact, reduction: PublishedFact, target: PublishedFact) -> bool:
    """Whether the three are of one scope, and the plan's year follows the baseline's."""
    if not baseline.scope_code == reduction.scope_code == target.scope_code:
        return False
    return baseline.year is not None and baseline.year + 1 == reduction.year == target.year


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Between what the true figure lies."""

    low: Decimal
    high: Decimal

    def meets(self, other: "_Bounds") -> bool:
        return self.low <= other.high and other.low <= self.high


_NO_END = Decimal("Infinity")


def _bounds(fact: PublishedFact) -> _Bounds:
    """What the fact leaves open; one that is only said to be about so much leaves everything open."""
    match fact.qualifier:
        case "=":
            return _Bounds(fact.value, fact.value)
        case ">":
            return _Bounds(fact.value, _NO_END)
        case "<" | "<=":
            return _Bounds(Decimal(0), fact.value)
    return _Bounds(Decimal(0), _NO_END)


def _implied_base(rate: PublishedFact, count: PublishedFact) -> _Bounds | None:
    """Of how many the count is such a rate, within the rounding of the printed rate; null where any would do."""
    if rate.qualifier != "=" or count.qualifier != "=":
        return None
    half = _half_unit(rate.value)
    least, most = rate.value - half, rate.value + half
    if most <= 0:
        return None
    return _Bounds(_HUNDRED * count.value / most, _HUNDRED * count.value / least if least > 0 else _NO_END)


def _base(group: _Group, of: Rate, rate: PublishedFact, count: PublishedFact) -> _Bounds | None:
    """The base as it was published, else as it is implied."""
    published = [_bounds(fact) for fact in group.get(of.base, ())]
    return published[0] if published else _implied_base(rate, count)


def _half_unit(printed: Decimal) -> Decimal:
    """Half of the last printed digit: 8,11 stands for everything from 8,105 to 8,115."""
    return Decimal("0.5").scaleb(int(printed.as_tuple().exponent))


def _named(fact: PublishedFact) -> str:
    """`S08 (hộ nghèo: 31.502 hộ)`."""
    unit = "%" if fact.unit_of_measure == "%" else f" {fact.unit_of_measure}"
    return f"{fact.fact_id} ({fact.name[:1].lower()}{fact.name[1:]}: {wording.number(fact.value)}{unit})"


def _whole(value: Decimal) -> str:
    return wording.number(value, 0)
