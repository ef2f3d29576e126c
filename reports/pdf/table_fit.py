"""Whether a table fits the widths that its columns ask for, so that nobody needs to look for better ones.

Looking for them takes WeasyPrint a fifth of laying a long report out: it measures every cell once more.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup

from reports.content import TableContent
from reports.pdf.faces import width_of

_POINTS_PER_MM = 72 / 25.4
_AROUND_THE_TEXT = 9
"""What a cell's padding and rules take, in points: templates/styles/table.css."""


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
        return fits(table, 165, 11.5, self.fonts)

    def annexed(self, table: TableContent) -> bool:
        """Of a table in an appendix."""
        return fits(table, 165, 10.5, self.fonts)


@lru_cache(maxsize=20_000)
def _width(word: str, fonts: Path) -> float:
    """The width of a bold word at a size of one."""
    return width_of(word, 1, fonts, is_bold=True)
