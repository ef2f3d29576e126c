"""Villages and their partners: who is twinned with whom, since when."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from domain.text import fold
from domain.units import Unit, Units


@dataclass(frozen=True, slots=True)
class Village:
    """A thôn, làng, buôn, bôn or plei; there is no national list, so the id is the project's own."""

    village_id: str
    name: str
    commune_code: str
    valid_from: date
    valid_to: date | None
    aliases: tuple[str, ...]
    households: int | None
    persons: int | None
    hh_dtts: int | None

    def is_valid(self, on: date) -> bool:
        """Whether the village existed on that day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def names(self) -> set[str]:
        """Every accepted spelling, folded; with and without the word làng, thôn, buôn."""
        keys = {fold(name) for name in (self.name, *self.aliases)}
        return keys | {key.split(" ", 1)[1] for key in keys if " " in key}


@dataclass(frozen=True, slots=True)
class VillageSuccession:
    """From which village to which, since when; `partial` where only a part went over."""

    from_id: str
    to_id: str
    effective: date
    kind: str
    partial: bool


@dataclass(frozen=True, slots=True)
class Partner:
    """An agency, enterprise or commune that has taken a village as its twin; blank days are those of no known end.

    One that was merged names its successor, which keeps its agreements without a new ceremony.
    """

    partner_id: str
    name: str
    level: str
    valid_from: date | None = None
    valid_to: date | None = None
    successor_id: str = ""

    def is_valid(self, on: date) -> bool:
        """Whether the agency was there on that day."""
        return self.has_begun(on) and not self.has_ended(on)

    def has_begun(self, on: date) -> bool:
        """Whether its first day is not after that day."""
        return self.valid_from is None or self.valid_from <= on

    def has_ended(self, on: date) -> bool:
        """Whether its last day lies before that day."""
        return self.valid_to is not None and self.valid_to < on


@dataclass(frozen=True, slots=True)
class Assignment:
    """One partner for one village; a blank first day means that it is not publicly known."""

    partner_id: str
    village_id: str
    commune_code: str
    role: str
    valid_from: date | None
    valid_to: date | None

    def is_valid(self, on: date) -> bool:
        """Whether the assignment held on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Villages:
    """The registers of villages, partners and assignments."""

    rows: Sequence[Village]
    partners: Sequence[Partner]
    assignments: Sequence[Assignment]
    successions: Sequence[VillageSuccession] = ()
    _partner_by_id: dict[str, Partner] = field(init=False, repr=False)
    _by_id: dict[str, Village] = field(init=False, repr=False)
    _merged: dict[str, list[Partner]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        merged = defaultdict(list)
        for partner in self.partners:
            merged[partner.successor_id].append(partner)
        object.__setattr__(self, "_merged", dict(merged))
        object.__setattr__(self, "_partner_by_id", {partner.partner_id: partner for partner in self.partners})
        object.__setattr__(self, "_by_id", {village.village_id: village for village in self.rows})

    def find(self, village_id: str) -> Village | None:
        """The village with this id, whether it still exists or not."""
        return self._by_id.get(village_id)

    def find_partner(self, partner_id: str) -> Partner | None:
        """The agency with this id, whether it is still there or not."""
        return self._partner_by_id.get(partner_id)

    def heir(self, village_id: str, on: date) -> Village | None:
        """The village that stands for it on that day: itself, or the one that it went over into as a whole."""
        village = self._by_id.get(village_id)
        while village is not None and village.valid_to is not None and village.valid_to < on:
            whole = [
                edge
                for edge in self.successions
                if edge.from_id == village.village_id and edge.effective <= on and not edge.partial
            ]
            village = self._by_id.get(whole[0].to_id) if whole else None
        return village if village is not None and village.is_valid(on) else None

    def partner_on(self, partner_id: str, on: date) -> Partner | None:
        """Who keeps the partner's agreements on that day: itself, or the agency it was merged into.

        Null where it had not begun, or has ended and nobody is known to have succeeded it.
        """
        partner = self._partner_by_id.get(partner_id)
        while partner is not None and partner.has_ended(on):
            partner = self._partner_by_id.get(partner.successor_id)
        return partner if partner is not None and partner.is_valid(on) else None

    def merged_into(self, partner: Partner) -> list[Partner]:
        """The partner, and all agencies that were merged into it; clerks still use their names."""
        found = [partner]
        for each in found:
            found += [other for other in self._merged.get(each.partner_id, ()) if other not in found]
        return found

    def of_unit(self, unit: Unit, units: Units, on: date) -> list[Village]:
        """The villages that `unit` reports for on that day, in the order of their ids."""
        return [village for village, reporter in self.with_reporter(units, on) if reporter.unit_id == unit.unit_id]

    def with_reporter(self, units: Units, on: date) -> list[tuple[Village, Unit]]:
        """Every village of that day with the unit that reports for it."""
        register_begins = units.first_day
        on = max(on, register_begins)
        pairs = (
            (village, units.reporting_unit(village.commune_code, max(village.valid_from, register_begins), on))
            for village in self.rows
            if village.is_valid(on)
        )
        return sorted(
            ((village, unit) for village, unit in pairs if unit is not None), key=lambda pair: pair[0].village_id
        )

    def partners_of(self, on: date) -> dict[str, list[Partner]]:
        """The partners of each village on that day, by village id; merged ones keep their agreements."""
        twins: dict[str, list[Partner]] = defaultdict(list)
        for village, assignment in self.assigned(on):
            partner = self.partner_on(assignment.partner_id, on)
            if partner is not None and partner not in twins[village.village_id]:
                twins[village.village_id].append(partner)
        return {village_id: partners for village_id, partners in twins.items() if partners}

    def partners_during(self, first: date, last: date) -> dict[str, list[Partner]]:
        """The partners of each village on any of these days; those of the last day stand first."""
        days = {first, last, *(day for day in self._turns if first < day < last)}
        twins: dict[str, list[Partner]] = defaultdict(list)
        for day in sorted(days, reverse=True):
            for village_id, partners in self.partners_of(day).items():
                twins[village_id] += [partner for partner in partners if partner not in twins[village_id]]
        return dict(twins)

    def unchanged_since(self, on: date) -> date:
        """The first day from which on the registers say the same as on that day."""
        place = bisect_right(self._turns, on)
        return self._turns[place - 1] if place else date.min

    @cached_property
    def _turns(self) -> list[date]:
        """The days on which something began, or was no more."""
        rows: list[Village | Partner | Assignment] = [*self.rows, *self.partners, *self.assignments]
        begun = {row.valid_from for row in rows if row.valid_from is not None}
        gone = {row.valid_to + timedelta(days=1) for row in rows if row.valid_to is not None}
        return sorted(begun | gone | {edge.effective for edge in self.successions})

    def assigned(self, on: date) -> Iterator[tuple[Village, Assignment]]:
        """The assignments that hold on that day, each with the village that stands for its own."""
        for assignment in self.assignments:
            if assignment.village_id and assignment.is_valid(on):
                village = self.heir(assignment.village_id, on)
                if village is not None:
                    yield village, assignment
