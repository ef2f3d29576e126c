"""Units and their successions: (code, day) finds a unit, because codes are used again."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from domain.text import fold


class Level(StrEnum):
    """Whether a unit is of the abolished district level or of the commune level."""

    DISTRICT = "district"
    COMMUNE = "commune"


class Region(StrEnum):
    """Which part of the province of 2025 a unit lies in."""

    WEST = "tay"
    """The old province of Gia Lai."""
    EAST = "dong"
    """The former province of Bình Định."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit for as long as it kept its code, name and rank."""

    unit_id: str
    code: str
    name: str
    type: str
    level: Level
    parent_code: str
    valid_from: date
    valid_to: date | None
    region: Region

    def is_valid(self, on: date) -> bool:
        """Whether the unit existed on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Succession:
    """From which unit to which, since when; `partial` where only a part went over."""

    from_id: str
    to_id: str
    effective: date
    kind: str
    partial: bool


@dataclass(frozen=True, slots=True)
class UnitAlias:
    """Another spelling of a unit's name that clerks use."""

    code: str
    alias: str
    valid_from: date
    valid_to: date | None


DISTRICTS_ABOLISHED = date(2025, 7, 1)
"""NQ 202/2025/QH15: no district level from this day; communes report in its place."""


def _reporting_level(on: date) -> Level:
    return Level.DISTRICT if on < DISTRICTS_ABOLISHED else Level.COMMUNE


@dataclass(frozen=True)
class Units:
    """The register of units."""

    rows: Sequence[Unit]
    successions: Sequence[Succession]
    aliases: Sequence[UnitAlias]
    _by_code: dict[str, list[Unit]] = field(init=False, repr=False)
    _by_id: dict[str, Unit] = field(init=False, repr=False)
    _onward: dict[str, list[Succession]] = field(init=False, repr=False)
    _back: dict[str, list[Succession]] = field(init=False, repr=False)
    _aliases_of: dict[str, list[UnitAlias]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        by_code, onward, back, aliases_of = defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list)
        for unit in self.rows:
            by_code[unit.code].append(unit)
        for succession in self.successions:
            onward[succession.from_id].append(succession)
            back[succession.to_id].append(succession)
        for alias in self.aliases:
            aliases_of[alias.code].append(alias)
        object.__setattr__(self, "_by_code", dict(by_code))
        object.__setattr__(self, "_by_id", {unit.unit_id: unit for unit in self.rows})
        object.__setattr__(self, "_onward", dict(onward))
        object.__setattr__(self, "_back", dict(back))
        object.__setattr__(self, "_aliases_of", dict(aliases_of))

    @cached_property
    def first_day(self) -> date:
        """The day on which the register begins; what was there before counts from that day."""
        return min(unit.valid_from for unit in self.rows)

    def find(self, code: str, on: date) -> Unit | None:
        """The unit that bore `code` on that day; before the register begins, on its first day."""
        on = max(on, self.first_day)
        return next((unit for unit in self._by_code.get(code, ()) if unit.is_valid(on)), None)

    def reporting(self, on: date) -> list[Unit]:
        """The units that owe a report closing on that day, in administrative order.

        Before the register begins they are those of its first day.
        """
        on = max(on, self.first_day)
        level = _reporting_level(on)
        return sorted(
            (unit for unit in self.rows if unit.level is level and unit.is_valid(on)),
            key=lambda unit: unit.code,
        )

    def reporter(self, code: str, on: date) -> Unit | None:
        """The unit that owes a report under `code` closing on that day, if one does."""
        on = max(on, self.first_day)
        level = _reporting_level(on)
        return next((unit for unit in self._by_code.get(code, ()) if unit.level is level and unit.is_valid(on)), None)

    def communes(self, on: date) -> list[Unit]:
        """Every commune, ward and town of that day."""
        return [unit for unit in self.rows if unit.level is Level.COMMUNE and unit.is_valid(on)]

    def successors(self, unit: Unit) -> list[Unit]:
        """The units that took over from `unit`, whole or in part."""
        return [self._by_id[edge.to_id] for edge in self._onward.get(unit.unit_id, ())]

    def heirs_of(self, unit: Unit, on: date) -> list[Unit]:
        """The units of that day that took over from `unit`, whole or in part, in the order of the register; itself if it still is."""
        waiting, found = [unit], []
        for each in waiting:
            if each.is_valid(on):
                found.append(each)
            else:
                waiting += [successor for successor in self.successors(each) if successor not in waiting]
        return found

    def former_names(self, unit: Unit) -> set[str]:
        """The names, folded, of the units that went over into `unit` in the end, and are no name of its own."""
        before, names = [unit.unit_id], set[str]()
        for unit_id in before:
            earlier = [edge.from_id for edge in self._back.get(unit_id, ()) if edge.from_id not in before]
            before += earlier
            names |= {name for each in earlier for name in self.names(self._by_id[each])}
        return names - self.names(unit)

    def heirs(self, code: str, on: date) -> list[Unit]:
        """The units of that day that took over from whoever bore `code` before; a district's are its communes' heirs."""
        waiting = [unit for unit in self._by_code.get(code, ()) if unit.valid_from < on]
        for unit in list(waiting):
            if unit.level is Level.DISTRICT and unit.valid_to is not None and unit.valid_to < on:
                waiting += [each for each in self.rows if each.parent_code == code and each.is_valid(unit.valid_to)]
        heirs: dict[str, Unit] = {}
        for unit in waiting:
            if unit.is_valid(on):
                heirs[unit.code] = unit
            waiting += [each for each in self.successors(unit) if each not in waiting]
        return [heirs[each] for each in sorted(heirs)]

    def forebears(self, code: str) -> list[Unit]:
        """The units that went over, whole or in part, into one that bore `code`, and the districts they lay in."""
        waiting = list(self._by_code.get(code, ()))
        found: dict[str, Unit] = {}
        for unit in waiting:
            earlier = [self._by_id[edge.from_id] for edge in self._back.get(unit.unit_id, ())]
            for each in earlier:
                for forebear in (each, *self._by_code.get(each.parent_code, ())):
                    found[forebear.unit_id] = forebear
            waiting += [each for each in earlier if each not in waiting]
        return list(found.values())

    def reporting_unit(self, commune_code: str, since: date, on: date) -> Unit | None:
        """Who reports on `on` for a place that lay in `commune_code` on `since`.

        Follows whole successions forward; a place in a commune that was divided stays unresolved.
        """
        unit, on = self.find(commune_code, since), max(on, self.first_day)
        while unit is not None and not unit.is_valid(on):
            if on < unit.valid_from:
                return None
            whole = [edge for edge in self._onward.get(unit.unit_id, ()) if not edge.partial]
            unit = self._by_id[whole[0].to_id] if whole else None
        if unit is None or on >= DISTRICTS_ABOLISHED or unit.level is Level.DISTRICT:
            return unit
        return self.find(unit.parent_code, on)

    def names(self, unit: Unit) -> set[str]:
        """Every accepted spelling of the unit's name, folded; with and without the type word."""
        spellings: Iterable[str] = [
            unit.name,
            *(
                alias.alias
                for alias in self._aliases_of.get(unit.code, ())
                if alias.valid_from <= (unit.valid_to or date.max) and (alias.valid_to or date.max) >= unit.valid_from
            ),
        ]
        keys = {fold(spelling) for spelling in spellings}
        return keys | {key.removeprefix(fold(unit.type)).strip() for key in keys}
