"""Made-up villages, partners and plans beside what is publicly known, so that every unit has something to report."""

import csv
from datetime import date
from pathlib import Path

from domain.reference import Reference
from domain.units import DISTRICTS_ABOLISHED, Level, Unit

_PER_DISTRICT, _PER_COMMUNE = 4, 2
_LETTERS = "ABCDEFGHIKLM"
_AGENCIES = ("Hội Phụ nữ", "Đoàn Thanh niên", "Ban Chỉ huy Quân sự", "Công đoàn", "Hội Nông dân")
_PLANS = (("value_total_vnd", "level", 36000), ("activities", "level", 2400), ("poverty_rate_pct", "reduction", 2))
"""What a made-up year's plan asks for, in printed units."""
_YEARS_PLANNED = range(2023, 2028)


def write_sample_registers(reference: Reference, source: Path, target: Path) -> None:
    """Copy these tables of `source` to `target` and add the made-up rows."""
    villages: list[dict[str, object]] = []
    partners: list[dict[str, object]] = []
    assignments: list[dict[str, object]] = []
    for unit in reference.units.rows:
        for letter, commune, since, until in _places(unit, reference):
            series = 8 if unit.level is Level.DISTRICT else 9
            village_id = f"{commune.code}-{series}{_LETTERS.index(letter)}"
            villages.append(
                {
                    "village_id": village_id,
                    "name": f"làng Giả Định {letter} ({commune.name})",
                    "kind": "làng",
                    "commune_code": commune.code,
                    "valid_from": since,
                    "valid_to": until,
                    "source": "giả định",
                }
            )
            agency = _AGENCIES[_LETTERS.index(letter) % len(_AGENCIES)]
            partner_id = f"GD-{unit.code}-{letter}"
            level = "HUYEN" if unit.level is Level.DISTRICT else "XA"
            partners.append({"partner_id": partner_id, "name": f"{agency} {unit.name} (giả định)", "level": level})
            assignments.append(
                {
                    "partner_id": partner_id,
                    "village_id": village_id,
                    "commune_code": commune.code,
                    "role": "CHU_TRI",
                    "source": "giả định",
                }
            )
    plans: list[dict[str, object]] = [
        {"year": year, "indicator": indicator, "kind": kind, "value": value, "plan_owner": "tỉnh", "source": "giả định"}
        for year in _YEARS_PLANNED
        for indicator, kind, value in _PLANS
    ]
    target.mkdir(parents=True, exist_ok=True)
    tables = {"villages.csv": villages, "partners.csv": partners, "assignments.csv": assignments, "targets.csv": plans}
    for name, rows in tables.items():
        _extend(source / name, target / name, rows)


def _places(unit: Unit, reference: Reference) -> list[tuple[str, Unit, date, str]]:
    """Where the unit's made-up villages lie: a letter, a commune, first and last day."""
    last_day_of_districts = "2025-06-30"
    if unit.level is Level.COMMUNE:
        if unit.valid_from < DISTRICTS_ABOLISHED:
            return []
        return [(letter, unit, unit.valid_from, "") for letter in _LETTERS[:_PER_COMMUNE]]
    communes = sorted(
        (
            commune
            for commune in reference.units.rows
            if commune.parent_code == unit.code
            and commune.type == "xã"
            and commune.is_valid(date(2025, 6, 30))
            and commune.is_valid(unit.valid_from)
        ),
        key=lambda commune: commune.code,
    )
    chosen = communes[-_PER_DISTRICT:]
    return [
        (letter, commune, commune.valid_from, last_day_of_districts)
        for letter, commune in zip(_LETTERS, chosen, strict=False)
    ]


def _extend(source: Path, target: Path, rows: list[dict[str, object]]) -> None:
    with source.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header = list(reader.fieldnames or ())
        known = list(reader)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*known, *rows])
