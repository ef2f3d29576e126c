"""On which unit's account a row is put: as it was reported, on the ground of before or of since 2025-07-01.

Rows of districts go to today's communes through their village alone; what bears no village stays with its district,
named as such. So every basis has the same total, and nothing is split by guess.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from domain.period import Period
from domain.reference import Reference
from domain.units import DISTRICTS_ABOLISHED, Level, Unit
from domain.villages import Village

_EVE = DISTRICTS_ABOLISHED - timedelta(days=1)


class Ground(StrEnum):
    """The territory of a series."""

    AS_REPORTED = "as-reported"
    OLD = "old"
    """The 17 districts up to 2025-06-30."""
    NEW = "new"
    """The 135 communes since 2025-07-01."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row is put."""

    code: str
    name: str
    is_estimated: bool = False
    """Whether the ground was divided, and the row went to the first of its successors."""


def place(reference: Reference, month: Period, unit_code: str, village_id: str | None, ground: Ground) -> Place:
    """Where a row of `unit_code`, about a village or none, is put."""
    reporter = reference.find_reporting_unit(unit_code, month)
    if reporter is None:
        return Place(unit_code, unit_code)
    as_reported = Place(reporter.code, reporter.name)
    village = reference.villages.find(village_id) if village_id else None
    match ground:
        case Ground.AS_REPORTED:
            return as_reported
        case Ground.NEW:
            return as_reported if reporter.level is Level.COMMUNE else _on_new_ground(reference, reporter, village)
        case Ground.OLD:
            return as_reported if reporter.level is Level.DISTRICT else _on_old_ground(reference, reporter, village)


def _on_new_ground(reference: Reference, district: Unit, village: Village | None) -> Place:
    commune = None if village is None else _commune_then(reference, village)
    heirs = [] if commune is None else reference.units.heirs_of(commune, DISTRICTS_ABOLISHED)
    if not heirs:
        return Place(district.code, f"{district.name} (phần không ghi làng)")
    return Place(heirs[0].code, heirs[0].name, is_estimated=len(heirs) > 1)


def _on_old_ground(reference: Reference, commune: Unit, village: Village | None) -> Place:
    units = reference.units
    before = None if village is None else _commune_then(reference, village)
    districts = (
        {before.parent_code}
        if before is not None and before.valid_to is not None
        else {each.parent_code for each in units.communes(_EVE) if commune in units.heirs_of(each, DISTRICTS_ABOLISHED)}
    )
    known = [unit for unit in (units.find(code, _EVE) for code in sorted(districts)) if unit is not None]
    if len(known) == 1 == len(districts):
        return Place(known[0].code, known[0].name)
    why = "không quy được về một huyện cũ" if known else "không thuộc Gia Lai cũ"
    return Place(commune.code, f"{commune.name} ({why})")


def _commune_then(reference: Reference, village: Village) -> Unit | None:
    return reference.units.find(village.commune_code, max(village.valid_from, reference.units.first_day))
