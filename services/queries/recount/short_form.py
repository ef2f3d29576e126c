"""What form KN-02 leaves out, put beside its cells a second time: by rows of plain values, not by frames."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from domain import codes
from domain.kn_02 import IS_WHOLE_COMMUNE, KN_02, PAID, VILLAGE_CELL
from domain.text import fold
from services.queries.recount.typed import Value

Cell = tuple[str, int, str, bool, Value]
"""Sheet, row, field, whether the clerk typed it, and what it says."""

_COMPUTED = KN_02.computed
_PREFILLED = {(sheet.table, field.name) for sheet in KN_02.sheets for field in sheet.fields if field.prefilled}


def completed(cells: Iterable[Cell]) -> list[Cell]:
    """The cells of a file of KN-02 as those of the longer form would be: what the workbook computed is left aside."""
    rows: dict[tuple[str, int], dict[str, tuple[bool, Value]]] = defaultdict(dict)
    for sheet, row, field, _, value in cells:
        if (sheet, field) not in _COMPUTED:
            rows[sheet, row][field] = ((sheet, field) not in _PREFILLED, value)
    found: list[Cell] = []
    for (sheet, row), typed in rows.items():
        values = {field: value for field, (_, value) in typed.items()}
        added = dict(
            _activity(values) if sheet == "activities" else _household(values) if sheet == "households" else ()
        )
        is_typed = {field: was_typed for field, (was_typed, _) in typed.items()}
        found += [
            (sheet, row, field, is_typed.get(field, False), value)
            for field, value in (values | added).items()
            if field != PAID and value is not None
        ]
    return found


def _activity(row: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    village = str(row.get("village_id") or "")
    is_whole = re.search(IS_WHOLE_COMMUNE, fold(village)) is not None
    coded = re.match(VILLAGE_CELL, village)
    yield "village_id", coded[1] if coded and not is_whole else None
    yield "scope", codes.SCOPE_COMMUNE if is_whole else codes.SCOPE_VILLAGE
    if row.get("occasion") is None:
        yield "occasion", "TET" if row.get("activity_code") == "QUA_TET" else "THUONG_XUYEN"
    stated = [row.get(name) for name in ("cash_vnd", "inkind_vnd", PAID)]
    if any(amount is not None for amount in stated):
        cash, inkind, paid = (int(amount or 0) for amount in stated)
        yield from (("cash_vnd", cash + paid), ("inkind_vnd", inkind), ("value_total_vnd", cash + paid + inkind))


def _household(row: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    for prefix in ("poor", "nearpoor"):
        steps = [row.get(f"{prefix}_{step}") for step in ("open", "relapse", "new", "other", "exit")]
        if None not in steps:
            opening, back, fell_in, other, left = (int(step or 0) for step in steps)
            yield f"{prefix}_close", opening + back + fell_in + other - left
