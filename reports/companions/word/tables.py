"""Tables in Word: widths that Word and LibreOffice both keep, heads that repeat, rows that never split."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from reports.companions.word.rules import border, make_thin
from reports.companions.word.runs import write
from reports.companions.word.styles import ANNEX_CELL, CAPTION, CELL, NOTE, SIZES
from reports.companions.word.widths import HEADLINE_PT, widths_of
from reports.content import Cell, TableContent

_WHOLE = 8
"""A table of so many rows stays on one page."""
_TOGETHER = 4
"""So many first rows, and last rows, of a longer one stay together."""
_HEAD_FILL, _TOTAL_FILL = "E8EDF5", "F2F2F2"
_ABSENT = RGBColor(0x55, 0x55, 0x55)
_FIGURE = RGBColor(0x12, 0x36, 0x5B)
_ALIGN = {"number": ALIGN.RIGHT, "headline": ALIGN.RIGHT, "text": ALIGN.LEFT}


def add_table(word: Any, rows: int, widths: Sequence[int], around: tuple[float, float] = (0, 0)) -> Any:
    """An empty table without rules, as wide as its columns, whose rows never split.

    Args:
        word: the document.
        rows: how many.
        widths: of the columns, in EMU.
        around: the room above and below, and on both sides, of what stands in a cell; in points.
    """
    end_with_paragraph(word)
    table = word.add_table(rows=rows, cols=len(widths))
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    properties = table._tbl.tblPr
    [width] = properties.xpath("w:tblW")
    width.set(qn("w:type"), "dxa")
    width.set(qn("w:w"), str(round(sum(widths) / Pt(1) * 20)))
    margins = OxmlElement("w:tblCellMar")
    for side, points in zip(("top", "left", "bottom", "right"), around * 2, strict=True):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(round(points * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties.insert_element_before(margins, "w:tblLook")
    # In the grid for LibreOffice, in every cell for Word.
    for column, each in zip(table.columns, widths, strict=True):
        column.width = each
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, each in zip(row.cells, widths, strict=True):
            cell.width = each
    return table


def end_with_paragraph(word: Any) -> None:
    """Close a table that stands last with a paragraph too low to be seen: two tables would become one."""
    if [each.tag for each in word.element.body.inner_content_elements[-1:]] == [qn("w:tbl")]:
        make_thin(word.add_paragraph())


def keep_what_is_last(word: Any) -> None:
    """Keep the last paragraph, or the last row of the table that stands last, on the page of what comes next."""
    last = word.element.body.inner_content_elements[-1]
    for paragraph in last.xpath("self::w:p | w:tr[last()]/w:tc/w:p"):
        paragraph.get_or_add_pPr().keepNext_val = True


def add_data_table(word: Any, content: TableContent, fonts: Path, *, is_annexed: bool = False) -> None:
    """A table with its caption, measure and note."""
    write(word.add_paragraph(style=CAPTION), content.caption)
    if content.measure:
        measure = write(word.add_paragraph(style=NOTE), content.measure, ALIGN.RIGHT)
        distances = measure.paragraph_format
        distances.space_before, distances.space_after, distances.keep_with_next = Pt(0), Pt(2), True
    around, style = ((1.2, 3), ANNEX_CELL) if is_annexed else ((2.2, 4), CELL)
    table = add_table(word, 2 + len(content.rows), widths_of(content, SIZES[style], around[1], fonts), around)
    face = _id_of(word, style)
    table.style = "Table Grid"
    head, numbers, *rows = table.rows
    for row in (head, numbers):
        _repeat(row)
    for cell, column in zip(head.cells, content.columns, strict=True):
        _fill(cell, _HEAD_FILL)
        write(_first(cell, face), column.name, ALIGN.CENTER, bold=True)
    for cell, number in zip(numbers.cells, content.numbers, strict=True):
        _fill(cell, _HEAD_FILL)
        write(_first(cell, face), f"({number.striptags()})", ALIGN.CENTER, size=10, italic=True)
    for row, content_row in zip(rows, content.rows, strict=True):
        for cell, each in zip(row.cells, content_row.cells, strict=True):
            if content_row.is_total:
                _fill(cell, _TOTAL_FILL)
            _write_cell(cell, each, face, is_bold=content_row.is_total)
    for row, content_row in zip(rows[:-1], content.rows[:-1], strict=True):
        if content_row.is_total:
            _keep_with_next(row)
    _keep_rows(table, has_note=bool(content.note))
    if content.note:
        write(word.add_paragraph(style=NOTE), content.note)


def add_headline_table(word: Any, content: TableContent, fonts: Path) -> None:
    """The first page's table: light rules below the rows, the month's own figures large."""
    table = add_table(word, 1 + len(content.rows), widths_of(content, SIZES[CELL], 3, fonts), (3, 3))
    head, *rows = table.rows
    face = _id_of(word, CELL)
    _repeat(head)
    for place, (cell, column) in enumerate(zip(head.cells, content.columns, strict=True)):
        _underline(cell, 10, "000000")
        cell.vertical_alignment = VERTICAL.BOTTOM
        write(_first(cell, face), column.name, ALIGN.RIGHT if place else ALIGN.LEFT, size=11)
    for row, content_row in zip(rows, content.rows, strict=True):
        for cell, each in zip(row.cells, content_row.cells, strict=True):
            _underline(cell, 4, "999999")
            _write_cell(cell, each, face, is_bold=False)
    _keep_rows(table, has_note=bool(content.note))
    if content.note:
        write(word.add_paragraph(style=NOTE), content.note)


def _write_cell(cell: Any, content: Cell, face: str, *, is_bold: bool) -> None:
    is_absent, is_headline = content.kind == "absent", content.kind == "headline"
    cell.vertical_alignment = VERTICAL.CENTER
    paragraph = write(
        _first(cell, face), content.text, _ALIGN.get(content.kind, ALIGN.CENTER),
        size=HEADLINE_PT if is_headline else None, bold=True if is_bold or is_headline else None, italic=is_absent or None,
    )  # fmt: skip
    for run in paragraph.runs:
        if is_absent or (is_headline and run.bold):
            run.font.color.rgb = _ABSENT if is_absent else _FIGURE


def _id_of(word: Any, style: str) -> str:
    """What a paragraph bears of its style: asked by name for every cell, it took most of the document's time."""
    return str(word.styles[style].style_id)


def _first(cell: Any, face: str) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph._p.style = face
    return paragraph


def _repeat(row: Any) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _fill(cell: Any, colour: str) -> None:
    shading = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour)):
        shading.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shading)
    cell.vertical_alignment = VERTICAL.CENTER


def _underline(cell: Any, eighths: int, colour: str) -> None:
    borders = OxmlElement("w:tcBorders")
    borders.append(border("bottom", eighths, colour))
    cell._tc.get_or_add_tcPr().append(borders)


def _keep_rows(table: Any, *, has_note: bool) -> None:
    """No few rows stand alone on a page, nor a note."""
    rows = table.rows
    heads = len(table._tbl.xpath("w:tr/w:trPr/w:tblHeader"))
    is_whole = len(rows) - heads <= _WHOLE
    for place, row in enumerate(rows):
        left = len(rows) - 1 - place
        is_edge = place < heads + _TOGETHER - 1 or left < _TOGETHER
        if (is_whole or is_edge) and (left or has_note):
            _keep_with_next(row)


def _keep_with_next(row: Any) -> None:
    for paragraph in row._tr.xpath("w:tc/w:p"):
        paragraph.get_or_add_pPr().keepNext_val = True
