"""Where a table stands in its sheet: the row of captions, the column of each field, the rows that carry data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from domain import form
from domain.form import Sheet
from domain.text import fold, heading, tidy

Cell = None | str | float | bool | date
Captions = Mapping[str, str]
"""Headings, as `domain.text.heading` keys them, with the field each stands for."""

_HEADER_SEARCH_ROWS = 40
_HEADER_DEPTHS = (1, 2, 3)
_TOTAL = re.compile(r"(tổng cộng|tổng số)\b.*|cộng\W*")
"""A village may be called Cộng Hòa; none is called Tổng cộng."""
_NOTE = re.compile(r"(ghi chú|lưu ý|chú thích|nguồn)\s*:.*|\(?\*+\)?.*")
_SIGNATURES = ("người lập", "thủ trưởng")


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
    merged: Sequence[tuple[int, int, int]] = ()
    """Merged ranges as (first row, first column, last column)."""

    def at(self, row: int, column: int) -> Cell:
        """What stands in a cell; nothing beyond the sheet's end."""
        line = self.rows[row - 1] if row <= len(self.rows) else []
        return line[column - 1] if column <= len(line) else None

    def is_filled(self, row: int, column: int) -> bool:
        """Whether anything stands in a cell, be it an error."""
        return self.at(row, column) is not None or (row, column) in self.troubled


@dataclass(frozen=True, slots=True)
class Layout:
    """The captions of a sheet: the last of their rows, and the caption of every column that has one."""

    row: int
    captions: Mapping[int, tuple[str, str | None]]
    """For each column its caption as typed and the field it stands for, if any."""


def captions_of(sheet: Sheet, aliases: Captions) -> Captions:
    """Every accepted caption of the sheet: the form's own and its aliases."""
    return {**aliases, **{heading(each.caption): each.name for each in sheet.fields}}


def find_layout(sheet: RawSheet, captions: Captions, wanted: int) -> Layout | None:
    """The captions that name most fields, in one row or in two or three below each other.

    Returns:
        Null where fewer than half of the `wanted` fields are named.
    """
    best, best_count = None, 0
    for depth in _HEADER_DEPTHS:
        for last in range(depth, min(len(sheet.rows), _HEADER_SEARCH_ROWS) + 1):
            layout = Layout(last, _captions_at(sheet, last, depth, captions))
            count = len({name for _, name in layout.captions.values() if name})
            if count > best_count:
                best, best_count = layout, count
    return best if best_count * 2 >= wanted else None


def _captions_at(sheet: RawSheet, last: int, depth: int, captions: Captions) -> dict[int, tuple[str, str | None]]:
    width = max((len(line) for line in sheet.rows[last - depth : last]), default=0)
    found: dict[int, tuple[str, str | None]] = {}
    for column in range(1, width + 1):
        parts = [
            tidy(str(part))
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
    for top, left, right in sheet.merged:
        if top == row and left < column <= right:
            return sheet.at(row, left)
    if sheet.merged or sheet.at(row + 1, column) is None:
        return None
    # Some formats do not record merged cells: a blank beside an upper caption belongs to it.
    return next((cell for left in range(column - 1, 0, -1) if (cell := sheet.at(row, left)) is not None), None)


def data_rows(definition: Sheet, sheet: RawSheet, header: int, places: Mapping[str, int]) -> list[int]:
    """Row numbers that carry data: not blank, not the column numbers, totals, signatures or notes."""
    fields = [each for each in definition.fields if each.name in places]
    typed = {places[each.name] for each in fields if not each.prefilled}
    identity = {places[each.name] for each in fields if each.name != "stt"}
    needed = {places[each.name] for each in fields if each.required}
    captions = {heading(each.caption) for each in fields}
    numbers: list[int] = []
    signed = False
    for number in range(header + 1, len(sheet.rows) + 1):
        row = sheet.rows[number - 1]
        texts = [fold(cell) for cell in row if isinstance(cell, str)]
        if number == header + 1 and _is_column_numbers(row):
            continue
        if texts and (_TOTAL.fullmatch(texts[0]) or (len(texts) == 1 and _NOTE.fullmatch(texts[0]))):
            continue
        if len(texts) > 2 and sum(heading(text) in captions for text in texts) * 2 > len(texts):
            continue
        signed = signed or any(text.startswith(_SIGNATURES) for text in texts)
        filled = {column for column in range(1, len(row) + 1) if sheet.is_filled(number, column)}
        if not filled & identity or (not filled & typed and definition.table not in form.ROSTERS):
            continue
        if signed and len(filled & needed) * 2 < len(needed):
            continue
        numbers.append(number)
    return numbers


def _is_column_numbers(row: Sequence[Cell]) -> bool:
    """The row `A B 1 2 3 …` that Vietnamese forms carry under their captions."""
    texts = [str(cell).removesuffix(".0").strip("()") for cell in row if cell is not None]
    return bool(texts) and all(text.isdigit() or len(text) == 1 for text in texts)
