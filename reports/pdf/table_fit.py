"""Whether a table fits the widths that its columns ask for, so that nobody needs to look for better ones.

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


def fits(table: TableContent, width_mm: float, size_pt: float, fonts: Path) -> bool:
    """Whether every word of the table, were it bold, is narrower than its column.

    Args:
        table: the table.
        width_mm: the width of the text on its page.
        size_pt: the size it is set in.
        fonts: the folder with the faces.
    """
    for place, column in enumerate(table.columns):
        room = width_mm * _POINTS_PER_MM * float(column.width.rstrip("%")) / 100 - _AROUND_THE_TEXT
        texts = [column.name, *(row.cells[place].text for row in table.rows if len(row.cells) == len(table.columns))]
        if any(_width(word, fonts) * size_pt > room for text in texts for word in Markup(text).striptags().split()):
            return False
    return True


@dataclass(frozen=True, slots=True)
class Fit:
    """The question as templates ask it, of tables in the body and in the appendices."""

    fonts: Path

    def upright(self, table: TableContent) -> bool:
        """Of a table in the body."""
        return fits(table, _UPRIGHT_MM, _BODY_PT, self.fonts)

    def annexed(self, table: TableContent, is_landscape: bool) -> bool:
        """Of a table in an appendix."""
        return fits(table, _LANDSCAPE_MM if is_landscape else _UPRIGHT_MM, _ANNEX_PT, self.fonts)

    def is_landscape(self, annexes: Iterable[Annex]) -> bool:
        """Whether the appendices are better read across: upright, a long table would break the names of its rows."""
        long = (table for annex in annexes for table in annex.tables if len(table.rows) > _LONG)
        return not all(self.annexed(table, False) for table in long)


@lru_cache(maxsize=20_000)
def _width(word: str, fonts: Path) -> float:
    """The width of a bold word at a size of one."""
    return width_of(word, 1, fonts, is_bold=True)
