"""The looks of a form's cells."""

from collections.abc import Mapping
from types import MappingProxyType

import xlsxwriter
from xlsxwriter.format import Format

from domain.form import NUMERIC, CellType, Field
from domain.kn_02 import CONTROLS

_NUMBER_FORMATS = {
    CellType.WHOLE: "#,##0",
    CellType.MONEY: "#,##0",
    CellType.DECIMAL: "#,##0.###",
    CellType.DAY: "dd/mm/yyyy",
    CellType.TEXT: "@",
    CellType.CODE: "@",
}
FACE: Mapping[str, object] = MappingProxyType({"font_name": "Times New Roman", "font_size": 11})
_LETTERS = 12
"""Points: a wide sheet is printed at two thirds of that and more."""
TO_FILL, CARRIED, SHOWN = "#FFF4CC", "#EAF3FA", "#EFEFEF"
"""What must be filled in, what stands there from the last report, what is not written in."""


class Formats:
    """The formats of one workbook; cells are locked but for the open ones."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        font = dict(FACE) | {"font_size": _LETTERS}
        wrapped = font | {"valign": "vcenter", "text_wrap": True}
        boxed = wrapped | {"border": 1}
        self.title = book.add_format({**font, "bold": True, "font_size": 13})
        self.plain = book.add_format(font)
        self.italic = book.add_format({**font, "italic": True})
        self.hint = book.add_format({**font, "italic": True, "text_wrap": True, "valign": "vcenter"})
        self.mark = book.add_format({**font, "bold": True, "font_color": "#B00020"})
        heading = {**boxed, "bold": True, "align": "center"}
        self.caption = book.add_format({**heading, "bg_color": "#E8EDF5"})
        self.caption_to_fill = book.add_format({**heading, "bg_color": "#FFE08A"})
        self.caption_shown = book.add_format({**heading, "bg_color": "#D9D9D9"})
        self.label = book.add_format({**boxed, "bold": True, "bg_color": "#E8EDF5"})
        self.numbering = book.add_format({**boxed, "italic": True, "align": "center"})
        self.total = book.add_format({**boxed, "bold": True, "num_format": "#,##0.###", "bg_color": SHOWN})
        self.found = book.add_format({**boxed, "bold": True, "num_format": "0;0;0", "font_color": "#B00020"})
        self.wrapped = book.add_format({**font, "text_wrap": True, "valign": "top"})
        self.bold_left = book.add_format({**font, "bold": True})
        self.hint_line = book.add_format({**font, "text_wrap": True, "valign": "vcenter"})
        self.example = book.add_format({**boxed, "italic": True})
        self.coloured = {
            colour: book.add_format({**boxed, "bg_color": colour, "align": "center"})
            for colour in (TO_FILL, CARRIED, SHOWN)
        }
        self.bold = book.add_format({**font, "bold": True, "align": "center"})
        self.shown_text = book.add_format({**boxed, "valign": "top", "bg_color": SHOWN})
        self.long_text = book.add_format({**boxed, "locked": False, "valign": "top"})
        self.lined = book.add_format({"border": 1})
        """Laid over a row as soon as something stands in it."""
        self.awaited = book.add_format({"border": 1, "bg_color": TO_FILL})
        self.not_asked = book.add_format({"border": 1, "bg_color": SHOWN})
        self._in_row = {kind: self._kind(book, wrapped | {"valign": "top"}, kind) for kind in CellType}
        self._computed = {
            kind: self._kind(book, {**wrapped, "valign": "top", "locked": True}, kind) for kind in CellType
        }
        self._boxed = {kind: self._kind(book, boxed, kind) for kind in CellType}
        self._to_fill = {kind: self._kind(book, {**boxed, "bg_color": TO_FILL}, kind) for kind in CellType}
        self._carried = {kind: self._kind(book, {**boxed, "bg_color": CARRIED}, kind) for kind in CellType}
        self._shown = {kind: self._kind(book, {**boxed, "bg_color": SHOWN, "locked": True}, kind) for kind in CellType}

    def _kind(self, book: xlsxwriter.Workbook, look: dict[str, object], kind: CellType) -> Format:
        # A text runs over several lines; a figure that does not fit is set smaller, not shown as ####.
        fit = {"text_wrap": False, "shrink": True} if kind in NUMERIC else {}
        return book.add_format({"locked": False, **look, **fit, "num_format": _NUMBER_FORMATS[kind]})

    def of_caption(self, field: Field) -> Format:
        """The caption of a column: by its colour the clerk sees what must be filled in and what not at all."""
        if field.computed or field.locked:
            return self.caption_shown
        return self.caption_to_fill if field.required else self.caption

    def of_row_cell(self, field: Field, *, is_standing: bool, is_known: bool) -> Format:
        """A cell of a table; in a row that stands there from the start, what must be filled in has its colour."""
        if not is_standing:
            return self._computed[field.type] if field.computed else self._in_row[field.type]
        if field.computed or (field.locked and is_known):
            return self._shown[field.type]
        return self._to_fill[field.type] if field.locked else self.of_value(field)

    def as_day(self, look: Format) -> Format:
        """The look for a day: in a field of another kind it still shows as one."""
        looks = (self._in_row, self._boxed, self._to_fill, self._carried, self._shown)
        return next((each[CellType.DAY] for each in looks if look in each.values()), look)

    def of_value(self, field: Field) -> Format:
        """A cell that stands alone; the totals of the unit's book are only left out where nothing happened."""
        if field.locked:
            return self._shown[field.type]
        if field.carried or field.prefilled:
            return self._carried[field.type]
        is_asked = field.required or field.name in CONTROLS
        return self._to_fill[field.type] if is_asked else self._boxed[field.type]
