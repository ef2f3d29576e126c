"""The widths at which every word of a table is narrower than its column, so that nobody needs to look for better ones.

Looking for them takes WeasyPrint a fifth of laying a long report out: it measures every cell once more.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from reports.content import Annex, TableContent
from reports.pdf.faces import width_of

_POINTS_PER_MM = 72 / 25.4
_AROUND_THE_TEXT = 9
"""What a cell's padding and rules take, in points: templates/styles/table.css."""
_UPRIGHT_MM, _LANDSCAPE_MM = 165, 262
"""How wide the text of a page is: templates/styles/page.css."""
_BODY_PT, _ANNEX_PT = 11.5, 10.5
_LONG = 250
"""More rows than that are no table of one province."""


def fitted_widths(table: TableContent, width_mm: float, size_pt: float, fonts: Path) -> list[str] | None:
    """The widths that the columns ask for, or, where a word needs more, with what others can spare; none if they cannot.

    Args:
        table: the table.
        width_mm: the width of the text on its page.
        size_pt: the size it is set in.
        fonts: the folder with the faces.
    """
    whole = width_mm * _POINTS_PER_MM
    needed = [size_pt * widest + _AROUND_THE_TEXT for widest in _widest_words(table, fonts)]
    asked = [whole * float(column.width.rstrip("%")) / 100 for column in table.columns]
    lacking = sum(max(0, need - ask) for need, ask in zip(needed, asked, strict=True))
    if not lacking:
        return [column.width for column in table.columns]
    spare = sum(max(0, ask - need) for need, ask in zip(needed, asked, strict=True))
    if lacking > spare:
        return None
    widths = [max(need, ask - max(0, ask - need) * lacking / spare) for need, ask in zip(needed, asked, strict=True)]
    return [f"{100 * width / whole:.3f}%" for width in widths]


@dataclass(frozen=True, slots=True)
class Fit:
    """The question as templates ask it, of tables in the body and in the appendices."""

    fonts: Path

    def upright(self, table: TableContent) -> list[str] | None:
        """Of a table in the body."""
        return fitted_widths(table, _UPRIGHT_MM, _BODY_PT, self.fonts)

    def annexed(self, table: TableContent, is_landscape: bool) -> list[str] | None:
        """Of a table in an appendix."""
        return fitted_widths(table, _LANDSCAPE_MM if is_landscape else _UPRIGHT_MM, _ANNEX_PT, self.fonts)

    def is_landscape(self, annexes: Iterable[Annex]) -> bool:
        """Whether the appendices are better read across: upright, a long table would break the names of its rows."""
        long = [table for annex in annexes for table in annex.tables if len(table.rows) > _LONG]
        return any(self.annexed(table, False) != [column.width for column in table.columns] for table in long)


def _widest_words(table: TableContent, fonts: Path) -> list[float]:
    """The widest word of each column, were it bold, at a size of one."""
    rows = [row for row in table.rows if len(row.cells) == len(table.columns)]
    texts = ([column.name, *(row.cells[place].text for row in rows)] for place, column in enumerate(table.columns))
    return [
        max((_width(word, fonts) for text in column for word in Markup(text).striptags().split()), default=0)
        for column in texts
    ]


@lru_cache(maxsize=20_000)
def _width(word: str, fonts: Path) -> float:
    """The width of a bold word at a size of one."""
    return width_of(word, 1, fonts, is_bold=True)
