"""The looks of a form's cells."""

import xlsxwriter

from domain.form import CellType

_NUMBER_FORMATS = {
    CellType.WHOLE: "#,##0",
    CellType.MONEY: "#,##0",
    CellType.DECIMAL: "#,##0.###",
    CellType.DAY: "dd/mm/yyyy",
    CellType.TEXT: "@",
    CellType.CODE: "@",
}


class Formats:
    """The formats of one workbook; cells are locked but for the open ones."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        font = {"font_name": "Times New Roman", "font_size": 11}
        boxed = font | {"border": 1, "valign": "vcenter"}
        self.title = book.add_format({**font, "bold": True, "font_size": 13})
        self.plain = book.add_format(font)
        self.italic = book.add_format({**font, "italic": True})
        self.mark = book.add_format({**font, "bold": True, "font_color": "#B00020"})
        self.caption = book.add_format(
            {**boxed, "bold": True, "text_wrap": True, "align": "center", "bg_color": "#E8EDF5"}
        )
        self.numbering = book.add_format({**boxed, "italic": True, "align": "center", "font_size": 9})
        self.total = book.add_format({**boxed, "bold": True, "num_format": "#,##0.###", "bg_color": "#F2F2F2"})
        self.found = book.add_format({**boxed, "bold": True, "num_format": "0;0;0", "font_color": "#B00020"})
        self.wrapped = book.add_format({**font, "text_wrap": True, "valign": "top"})
        self.open = {
            kind: book.add_format({**boxed, "locked": False, "num_format": number_format})
            for kind, number_format in _NUMBER_FORMATS.items()
        }
        self.fixed = {
            kind: book.add_format({**boxed, "num_format": number_format, "bg_color": "#F7F7F7"})
            for kind, number_format in _NUMBER_FORMATS.items()
        }
        self.bold = book.add_format({**font, "bold": True, "align": "center"})
        self.open_text = book.add_format(
            {"font_name": "Times New Roman", "locked": False, "border": 1, "text_wrap": True, "valign": "top"}
        )
