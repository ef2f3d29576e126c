"""The same ground on different days: which units of then and of now may be compared as wholes.

A commune that straddled two districts ties both districts and all their successors together, so a block may
hold several units on either side. Nothing is ever split by guess.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.units import Units


@dataclass(frozen=True, slots=True)
class Block:
    """Reporting units of an earlier and of a later time that cover the same ground, by their codes."""

    then: frozenset[str]
    now: frozenset[str]

    @property
    def is_reorganised(self) -> bool:
        """Whether the ground was reported by other units then."""
        return self.then != self.now


def blocks(units: Units, then: Iterable[date], now: Iterable[date]) -> list[Block]:
    """The smallest sets of units that are the same ground on the days of `then` and of `now`.

    Ground that owed no report on one of these days, as that of the former Bình Định before 2025-07-01, is in no block: its
    sum of one side would be of fewer days than that of the other.
    """
    earlier, later = ({max(day, units.first_day) for day in days} for days in (then, now))
    days = sorted(earlier | later)
    ground, unowed = _Ground(), set[str]()
    for position, day in enumerate(days):
        following = days[position + 1] if position + 1 < len(days) else None
        for commune in units.communes(day):
            reporter = units.reporting_unit(commune.code, day, day)
            for side, sided in (("then", earlier), ("now", later)):
                if reporter is not None and day in sided:
                    ground.join(commune.unit_id, (side, reporter.code))
            if reporter is None:
                ground.join(commune.unit_id, commune.unit_id)
                unowed.add(commune.unit_id)
            for heir in [] if following is None else units.heirs_of(commune, following):
                ground.join(commune.unit_id, heir.unit_id)
    found = []
    for pieces in ground.pieces():
        then_codes, now_codes = (
            frozenset(piece[1] for piece in pieces if isinstance(piece, tuple) and piece[0] == side)
            for side in ("then", "now")
        )
        if then_codes and now_codes and unowed.isdisjoint(pieces):
            found.append(Block(then_codes, now_codes))
    return sorted(found, key=lambda block: (min(block.now), min(block.then)))


class _Ground:
    """Which things lie on the same ground."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}

    def join(self, one: object, other: object) -> None:
        """Both lie on the same ground."""
        self._above[self._top(one)] = self._top(other)

    def pieces(self) -> list[list[object]]:
        """Everything, by the ground it lies on."""
        together: dict[object, list[object]] = defaultdict(list)
        for thing in self._above:
            together[self._top(thing)].append(thing)
        return list(together.values())

    def _top(self, thing: object) -> object:
        self._above.setdefault(thing, thing)
        while self._above[thing] != thing:
            self._above[thing] = self._above[self._above[thing]]
            thing = self._above[thing]
        return thing
