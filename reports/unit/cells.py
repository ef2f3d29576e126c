"""Addresses of cells: where they lie, and those below each other as ranges."""

from collections.abc import Iterable, Iterator


def cell_runs(cells: Iterable[str]) -> Iterator[str]:
    """The addresses with those below each other as ranges: `R8:R47`."""
    columns: dict[str, list[int]] = {}
    for letters, row in map(_split, cells):
        columns.setdefault(letters, []).append(row)
    for letters, rows in columns.items():
        first = last = min(rows)
        for row in [*sorted(set(rows))[1:], 0]:
            if row != last + 1:
                yield f"{letters}{first}" if first == last else f"{letters}{first}:{letters}{last}"
                first = row
            last = row


def place(address: str) -> tuple[int, int]:
    """Row and column of an address, counted from 1."""
    letters, row = _split(address)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return row, column


def _split(address: str) -> tuple[str, int]:
    letters = address.rstrip("0123456789")
    return letters, int(address[len(letters) :])
