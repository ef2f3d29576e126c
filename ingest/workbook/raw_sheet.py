"""One sheet of what the readers give, as rows of cells."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from domain.text import tidy
from ingest.workbook.sheet_notes import position
from ingest.workbook.table_layout import Cell, RawSheet


def raw_sheet(entry: Mapping[str, Any]) -> RawSheet:
    """One sheet of the answer, its cells as what they were before they became JSON."""
    rows = [[_cell(value) for value in row] for row in entry["rows"]]
    troubled = {position(address): str(text) for address, text in entry["troubled"].items()}
    for row, column in (*troubled, *map(position, entry["pictures"])):
        while len(rows) < row:
            rows.append([])
        rows[row - 1].extend([None] * (column - len(rows[row - 1])))
    return RawSheet(
        name=str(entry["name"]),
        rows=rows,
        troubled=troubled,
        repaired={position(address): before for address, (before, _) in entry["repaired"].items()},
        suspect=frozenset((row, column) for row, column in entry["suspect"]),
        percent=_places(entry["percent"]),
        hidden_rows=frozenset(entry["hidden_rows"]),
        hidden_columns=frozenset(entry["hidden_columns"]),
        struck=_places(entry["struck"]),
        unseen=_places(entry["unseen"]),
        linked=_places(entry["linked"]),
        pictures=_places(entry["pictures"]),
        merged=[(top, left, bottom, right) for top, left, bottom, right in entry["merged"]],
        is_hidden=entry["is_hidden"],
        is_table=entry["is_table"],
    )


def _places(addresses: Sequence[str]) -> frozenset[tuple[int, int]]:
    return frozenset(map(position, addresses))


def _cell(value: object) -> Cell:
    match value:
        case ["day", str(text)]:
            return date.fromisoformat(text)
        case str():
            return tidy(value) or None
        case None | bool() | float():
            return value
        case int():
            return float(value)
    raise ValueError(f"unexpected cell {value!r}")
