"""How wide a table's columns are: as asked, but never narrower than a word in them, which Word would break anywhere."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from docx.shared import Mm, Pt

from reports.content import TableContent, plain
from reports.pdf.faces import width_of

TEXT_WIDTH = Mm(165)
HEADLINE_PT = 15
"""The size of the month's own figures on the first page."""
_SLACK_PT = 1.5
"""For rules, and for faces that are not measured to the last unit."""


def widths_of(table: TableContent, size: float, beside: float, fonts: Path) -> list[int]:
    """The widths of columns that together are as wide as the text, in EMU.

    Args:
        table: whose columns say which share of the width they ask for.
        size: of its letters, in points.
        beside: the room on either side of what stands in a cell, in points.
        fonts: the folder with the faces that letters are measured by.
    """
    shares = [float(column.width.rstrip("%")) for column in table.columns]
    asked = [TEXT_WIDTH / Pt(1) * share / sum(shares) for share in shares]
    needed = [
        max((_width(word, fonts) * of_size for word, of_size in _words(table, place, size)), default=0)
        + 2 * beside
        + _SLACK_PT
        for place in range(len(shares))
    ]
    return [round(width * Pt(1)) for width in _widened(asked, needed)]


def _widened(asked: Sequence[float], needed: Sequence[float]) -> Sequence[float]:
    """What is short is taken from those with more than they need, each by its part of what is to spare."""
    spare = [max(width - least, 0) for width, least in zip(asked, needed, strict=True)]
    short = sum(max(least - width, 0) for width, least in zip(asked, needed, strict=True))
    if short > sum(spare):
        return asked
    part = short / sum(spare) if short else 0
    return [max(width, least) - part * left for width, least, left in zip(asked, needed, spare, strict=True)]


def _words(table: TableContent, place: int, size: float) -> Iterator[tuple[str, float]]:
    yield from ((word, size) for word in plain(table.columns[place].name).split())
    for row in table.rows:
        cell = row.cells[place]
        yield from ((word, HEADLINE_PT if cell.kind == "headline" else size) for word in plain(cell.text).split())


@lru_cache(maxsize=20_000)
def _width(word: str, fonts: Path) -> float:
    """The width of a bold word at a size of one."""
    return width_of(word, 1, fonts, is_bold=True)
