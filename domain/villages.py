"""Villages and their partners: who is twinned with whom, since when."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

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
class Partner:
    """An agency, enterprise or commune that has taken a village as its twin."""

    partner_id: str
    name: str
    level: str


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
    _partner_by_id: dict[str, Partner] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_partner_by_id", {partner.partner_id: partner for partner in self.partners})

    def of_unit(self, unit: Unit, units: Units, on: date) -> list[Village]:
        """The villages that `unit` reports for on that day, in the order of their ids."""
        return [village for village, reporter in self.with_reporter(units, on) if reporter.unit_id == unit.unit_id]

    def with_reporter(self, units: Units, on: date) -> list[tuple[Village, Unit]]:
        """Every village of that day with the unit that reports for it."""
        register_begins = units.first_day
        pairs = (
            (village, units.reporting_unit(village.commune_code, max(village.valid_from, register_begins), on))
            for village in self.rows
            if village.is_valid(on)
        )
        return sorted(
            ((village, unit) for village, unit in pairs if unit is not None), key=lambda pair: pair[0].village_id
        )

    def partners_of(self, on: date) -> dict[str, list[Partner]]:
        """The partners of each village on that day, by village id."""
        twins: dict[str, list[Partner]] = defaultdict(list)
        for assignment in self.assignments:
            if assignment.village_id and assignment.is_valid(on):
                twins[assignment.village_id].append(self._partner_by_id[assignment.partner_id])
        return dict(twins)
