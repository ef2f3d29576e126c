"""A made-up country: the province's communes, and made-up ones beside them, until there are as many as wanted."""

import csv
from pathlib import Path

from domain.reference import Reference
from domain.units import DISTRICTS_ABOLISHED

UNITS = 3_300
"""About as many communes as Vietnam has had since 01/7/2025 (3.321)."""
_FIRST_CODE = 40_000
"""Above every code that is given."""


_SYLLABLES = (
    "An",
    "Bình",
    "Châu",
    "Dương",
    "Giang",
    "Hòa",
    "Lâm",
    "Minh",
    "Ninh",
    "Phú",
    "Quang",
    "Sơn",
    "Tân",
    "Vĩnh",
    "Yên",
)


def _name(number: int) -> str:
    """A name of three syllables, each its own; some bear a number, as wards of large towns do."""
    count = len(_SYLLABLES)
    name = " ".join(_SYLLABLES[number // count**place % count] for place in (2, 1, 0))
    return f"Phường {number % 19 + 1} {name}" if number % 7 == 0 else f"Xã {name}"


def write_country_units(reference: Reference, source: Path, target: Path, units: int = UNITS) -> None:
    """Write `units.csv` of `source` with made-up communes to `target`, so that `units` report from 01/7/2025 on."""
    lacking = units - len(reference.units.reporting(DISTRICTS_ABOLISHED))
    target.mkdir(parents=True, exist_ok=True)
    with (source / "units.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header, known = list(reader.fieldnames or ()), list(reader)
    made_up = [
        {
            "unit_id": f"{code}@{DISTRICTS_ABOLISHED}", "code": str(code), "name": _name(code - _FIRST_CODE), "type": "xã",
            "level": "commune", "valid_from": DISTRICTS_ABOLISHED, "region": "tay", "source": "giả định",
        }
        for code in range(_FIRST_CODE, _FIRST_CODE + lacking)
    ]  # fmt: skip
    with (target / "units.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*known, *made_up])
