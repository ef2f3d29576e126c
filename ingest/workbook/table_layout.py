"""Where a table stands in its sheet: the row of captions and the column of each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain.form import Sheet
from domain.text import heading, tidy

Cell = None | str | float | bool | date
Captions = Mapping[str, str]
"""Headings, as `domain.text.heading` keys them, with the field each stands for."""

_HEADER_SEARCH_ROWS = 40
_HEADER_DEPTHS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as the file holds it; rows and columns count from 1 when spoken of."""

    name: str
    rows: list[list[Cell]]
    troubled: Mapping[tuple[int, int], str] = field(default_factory=dict)
    repaired: Mapping[tuple[int, int], str] = field(default_factory=dict)
    suspect: frozenset[tuple[int, int]] = frozenset()
    percent: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck: frozenset[tuple[int, int]] = frozenset()
    unseen: frozenset[tuple[int, int]] = frozenset()
    linked: frozenset[tuple[int, int]] = frozenset()
    pictures: frozenset[tuple[int, int]] = frozenset()
    merged: Sequence[tuple[int, int, int, int]] = ()
    """Merged ranges as (first row, first column, last row, last column)."""
    is_hidden: bool = False
    is_table: bool = True
    """Not a sheet of charts or macros."""

    def at(self, row: int, column: int) -> Cell:
        """What stands in a cell; nothing beyond the sheet's end."""
        line = self.rows[row - 1] if row <= len(self.rows) else []
        return line[column - 1] if column <= len(line) else None

    def is_filled(self, row: int, column: int) -> bool:
        """Whether anything stands in a cell, be it an error."""
        place = (row, column)
        return self.at(row, column) is not None or place in self.troubled or place in self.pictures

    @property
    def holds_something(self) -> bool:
        """Whether it can be that something is lost when the sheet is not read."""
        is_typed = any(cell is not None for line in self.rows for cell in line)
        return is_typed or bool(self.troubled or self.pictures) or not self.is_table


@dataclass(frozen=True, slots=True)
class Layout:
    """The captions of a sheet: the last of their rows, and the caption of every column that has one."""

    row: int
    captions: Mapping[int, tuple[str, str | None]]
    """For each column its caption as typed and the field it stands for, if any."""


def captions_of(sheet: Sheet, aliases: Captions) -> Captions:
    """Every accepted caption of the sheet: the form's own, and aliases of what it asks."""
    asked = {each.name for each in sheet.fields}
    aliases = {caption: name for caption, name in aliases.items() if name in asked}
    return {**aliases, **{heading(each.caption): each.name for each in sheet.fields}}


def find_layout(sheet: RawSheet, captions: Captions, wanted: int) -> Layout | None:
    """The first captions that name half of the `wanted` fields, in one row or in two or three below each other.

    Captions that are repeated further down, at the head of a page, never take the place of the first.

    Returns:
        Null where there are none.
    """
    most = len(set(captions.values()))
    for last in range(1, min(len(sheet.rows), _HEADER_SEARCH_ROWS) + 1):
        depths = [
            depth for depth in _HEADER_DEPTHS if depth <= last and _filled_cells(sheet, last, depth) * 2 >= wanted
        ]
        for depth in depths:
            layout = _layout(sheet, last, depth, captions)
            if _named(layout) * 2 >= wanted:
                # One row that names every field is not surpassed.
                is_whole = depth == 1 and _named(layout) == most
                return layout if is_whole else max(_around(sheet, last, captions), key=_named)
    return None


def _around(sheet: RawSheet, last: int, captions: Captions) -> list[Layout]:
    """Where the captions end in that row, or go on below it."""
    return [
        _layout(sheet, below, depth, captions)
        for depth in _HEADER_DEPTHS
        for below in range(max(last, depth), min(last + depth, len(sheet.rows) + 1))
    ]


def _filled_cells(sheet: RawSheet, last: int, depth: int) -> int:
    """In how many cells anything stands: more fields than that are not named there, and to count costs next to nothing."""
    return sum(len(line) - line.count(None) for line in sheet.rows[last - depth : last])


def _layout(sheet: RawSheet, last: int, depth: int, captions: Captions) -> Layout:
    return Layout(last, _captions_at(sheet, last, depth, captions))


def _named(layout: Layout) -> int:
    """How many fields the captions name."""
    return len({name for _, name in layout.captions.values() if name})


def _captions_at(sheet: RawSheet, last: int, depth: int, captions: Captions) -> dict[int, tuple[str, str | None]]:
    width = max((len(line) for line in sheet.rows[last - depth : last]), default=0)
    found: dict[int, tuple[str, str | None]] = {}
    for column in range(1, width + 1):
        parts = [
            part if isinstance(part, str) else tidy(str(part))
            for row in range(last - depth + 1, last + 1)
            if (part := _spanning(sheet, row, column, is_upper=row < last)) is not None
        ]
        if not parts:
            continue
        candidates = [" ".join(parts[-length:]) for length in range(len(parts), 0, -1)]
        named = next((each for each in candidates if heading(each) in captions), None)
        found[column] = (named or candidates[0], captions[heading(named)] if named else None)
    return found


def _spanning(sheet: RawSheet, row: int, column: int, *, is_upper: bool) -> Cell:
    """The caption over a column: its own cell, or the cell of an upper row that spans it."""
    own = sheet.at(row, column)
    if own is not None or not is_upper:
        return own
    for top, left, _, right in sheet.merged:
        if top == row and left < column <= right:
            return sheet.at(row, left)
    if sheet.merged or sheet.at(row + 1, column) is None:
        return None
    # Some formats do not record merged cells: a blank beside an upper caption belongs to it.
    return next((cell for left in range(column - 1, 0, -1) if (cell := sheet.at(row, left)) is not None), None)
