"""Many made-up months as one CSV per table, the way history is handed over."""

import csv
from collections.abc import Collection, Iterable
from datetime import timedelta
from pathlib import Path

from domain import form
from domain.period import Period
from domain.reference import Reference
from samples.months import sample_tables

_TABLES = (form.ACTIVITIES, form.HOUSEHOLDS, form.POLITICS_SECURITY, form.CONTROL_TOTALS)


def write_sample_history(
    reference: Reference, months: Iterable[Period], folder: Path, only: Collection[str] | None = None
) -> None:
    """Write statements, activities, households and control totals of every unit (or `only` some) into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    lines: dict[str, list[dict[str, object]]] = {"statements": [], **{sheet.table: [] for sheet in _TABLES}}
    for month in months:
        for unit in reference.expected_units(month):
            if only is not None and unit.code not in only:
                continue
            key: dict[str, object] = {"unit_code": unit.code, "period": str(month)}
            received = reference.calendar.due(month) - timedelta(hours=3)
            lines["statements"].append(key | {"received_at": received.isoformat()})
            for table, rows in sample_tables(reference, month, unit).items():
                lines[table] += [key | row for row in rows]
    _write(folder / "statements.csv", ["unit_code", "period", "received_at"], lines["statements"])
    for sheet in _TABLES:
        names = ["unit_code", "period", *(field.name for field in sheet.fields)]
        _write(folder / f"{sheet.table}.csv", names, lines[sheet.table])


def _write(path: Path, names: list[str], rows: list[dict[str, object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
