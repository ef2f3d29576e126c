"""Made-up villages, partners and plans beside what is publicly known, so that every unit has something to report."""

import csv
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import zip_longest
from pathlib import Path
from typing import NamedTuple

from domain.reference import Reference
from domain.units import DISTRICTS_ABOLISHED, Level, Unit
from domain.villages import Village

Row = Mapping[str, object]
_PER_DISTRICT, _PER_COMMUNE = 4, 2
_LETTERS = "ABCDEFGHIKLM"
_AGENCIES = ("Hội Phụ nữ", "Đoàn Thanh niên", "Ban Chỉ huy Quân sự", "Công đoàn", "Hội Nông dân")
_PLANS = (("value_total_vnd", "level", 36000), ("activities", "level", 2400), ("poverty_rate_pct", "reduction", 2))
"""What a made-up year's plan asks for, in printed units."""
_YEARS_PLANNED = range(2023, 2028)
_SOURCE = "giả định"
_LAST_DAY_OF_DISTRICTS = DISTRICTS_ABOLISHED - timedelta(days=1)


class _Place(NamedTuple):
    """A made-up village: whose it is, its letter, its commune, first and last day."""

    unit: Unit
    letter: str
    commune: Unit
    since: date
    until: str

    @property
    def village_id(self) -> str:
        series = 8 if self.unit.level is Level.DISTRICT else 9
        return f"{self.commune.code}-{series}{_LETTERS.index(self.letter)}"

    @property
    def partner_id(self) -> str:
        return f"GD-{self.unit.code}-{self.letter}"


def write_sample_registers(reference: Reference, source: Path, target: Path) -> None:
    """Copy these tables of `source` to `target` and add the made-up rows."""
    places = [place for unit in reference.units.rows for place in _places(unit, reference)]
    tables = {
        "villages.csv": [_village_row(place) for place in places],
        "partners.csv": [_partner_row(place) for place in places],
        "assignments.csv": [
            *(_assignment_row(place) for place in places),
            *_stand_ins(reference, {place.partner_id for place in places}),
        ],
        "targets.csv": _target_rows(),
    }
    target.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        _extend(source / name, target / name, rows)


def _village_row(place: _Place) -> Row:
    return {
        "village_id": place.village_id,
        "name": f"làng Giả Định {place.letter} ({place.commune.name})",
        "kind": "làng",
        "commune_code": place.commune.code,
        "valid_from": place.since,
        "valid_to": place.until,
        "source": _SOURCE,
    }


def _partner_row(place: _Place) -> Row:
    agency = _AGENCIES[_LETTERS.index(place.letter) % len(_AGENCIES)]
    return {
        "partner_id": place.partner_id,
        "name": f"{agency} {place.unit.name} ({_SOURCE})",
        "level": "HUYEN" if place.unit.level is Level.DISTRICT else "XA",
        "valid_from": "" if place.unit.level is Level.DISTRICT else place.unit.valid_from,
        "valid_to": _LAST_DAY_OF_DISTRICTS if place.unit.level is Level.DISTRICT else "",
        "basis": _SOURCE,
    }


def _assignment_row(place: _Place) -> Row:
    return {
        "partner_id": place.partner_id,
        "village_id": place.village_id,
        "commune_code": place.commune.code,
        "role": "CHU_TRI",
        "source": _SOURCE,
    }


def _stand_ins(reference: Reference, made_up: Collection[str]) -> Iterator[Row]:
    """For villages whose known twins were not there all the time: a made-up agency of the unit, for the days without."""
    register, units = reference.villages, reference.units
    twinned = {assignment.village_id for assignment in register.assignments}
    for village in register.rows:
        if village.village_id not in twinned:
            continue
        for first, last in _stretches(reference, village):
            unit = units.reporting_unit(village.commune_code, village.valid_from, first)
            if unit is None or register.partners_of(first).get(village.village_id):
                continue
            partner_id = f"GD-{unit.code}-{_LETTERS[0]}"
            if partner_id in made_up:
                yield {
                    "partner_id": partner_id,
                    "village_id": village.village_id,
                    "commune_code": unit.code if unit.level is Level.COMMUNE else village.commune_code,
                    "role": "CHU_TRI",
                    "valid_from": first,
                    "valid_to": last or "",
                    "source": _SOURCE,
                }


def _stretches(reference: Reference, village: Village) -> Iterator[tuple[date, date | None]]:
    """The village's days, cut where an agency began or ended; the last has no end while the village has none."""
    partners = reference.villages.partners
    turns = {DISTRICTS_ABOLISHED, *(day for each in partners if (day := each.valid_from) is not None)}
    turns |= {day + timedelta(days=1) for each in partners if (day := each.valid_to) is not None}
    until = village.valid_to
    begins = [village.valid_from, *sorted(day for day in turns if village.valid_from < day <= (until or date.max))]
    for first, following in zip_longest(begins, begins[1:]):
        yield first, following - timedelta(days=1) if following is not None else until


def _target_rows() -> list[Row]:
    return [
        {
            "year": year,
            "indicator": indicator,
            "kind": kind,
            "value": value,
            "scope": "lang",
            "plan_owner": "tỉnh",
            "source": _SOURCE,
        }
        for year in _YEARS_PLANNED
        for indicator, kind, value in _PLANS
    ]


def _places(unit: Unit, reference: Reference) -> list[_Place]:
    """Where the unit's made-up villages lie: in itself, or for a district in the last of its communes that lasted."""
    if unit.level is Level.COMMUNE:
        if unit.valid_from < DISTRICTS_ABOLISHED:
            return []
        return [_Place(unit, letter, unit, unit.valid_from, "") for letter in _LETTERS[:_PER_COMMUNE]]
    communes = sorted(
        (
            commune
            for commune in reference.units.rows
            if commune.parent_code == unit.code
            and commune.type == "xã"
            and commune.is_valid(_LAST_DAY_OF_DISTRICTS)
            and commune.is_valid(unit.valid_from)
        ),
        key=lambda commune: commune.code,
    )
    return [
        _Place(unit, letter, commune, commune.valid_from, str(_LAST_DAY_OF_DISTRICTS))
        for letter, commune in zip(_LETTERS, communes[-_PER_DISTRICT:], strict=False)
    ]


def _extend(source: Path, target: Path, rows: Sequence[Row]) -> None:
    with source.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header = list(reader.fieldnames or ())
        known = list(reader)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*known, *rows])
