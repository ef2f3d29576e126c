"""Addresses of cells: where they lie, and those below each other as ranges."""

import re
from collections.abc import Iterable, Iterator

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


def cell_runs(cells: Iterable[str]) -> Iterator[str]:
    """The addresses with those below each other as ranges, `R8:R47`; what is no single address stands as it is."""
    columns: dict[str, list[int]] = {}
    for cell in cells:
        found = _ADDRESS.fullmatch(cell)
        if found is None:
            yield cell
        else:
            columns.setdefault(found[1], []).append(int(found[2]))
    for letters, rows in columns.items():
        first = last = min(rows)
        for row in [*sorted(set(rows))[1:], 0]:
            if row != last + 1:
                yield f"{letters}{first}" if first == last else f"{letters}{first}:{letters}{last}"
                first = row
            last = row


def first_cell(text: str) -> str | None:
    """The address, or of a range the first; null for what is neither."""
    found = _ADDRESS.match(text)
    return found[0] if found else None


def place(address: str) -> tuple[int, int]:
    """Row and column of an address, counted from 1.

    Raises:
        ValueError: if it is none.
    """
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(address)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]), column
