"""All tables of the report as a workbook: real numbers, formulas for the totals that are sums, text that stays text."""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
from markupsafe import Markup
from xlsxwriter.utility import xl_col_to_name

from domain.catalogue import INDICATOR_BY_CODE
from domain.figures import Figure
from domain.indicators import FigureKey
from domain.letterhead import Sender
from reports.content import Cell, Document, TableContent, TableRow, plain
from reports.packages import rewritten

DRAFT_MARK = "DỰ THẢO – chưa có số, ngày văn bản"
"""Stands in the head and on every printed page of every sheet, until the report is issued."""
_COVER = "Mục lục"
_NOT_ZERO = "Ô trống, dấu … và dấu – không phải là không"
_ONE_FIGURE = re.compile(r'<span class="figure" data-figure="([^"]*)">[^<]*</span>')
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_HEAD_ROW, _FIRST_ROW = 5, 7
"""Where the columns' names stand, counted from zero, and below their numbers the first row."""
_LINE_PT, _LETTERS_PER_WIDTH = 15.5, 1.15
_CHARACTERS_ACROSS = 150
"""About as many as a landscape page is wide."""


def tables_workbook(
    document: Document, sender: Sender, figures: Sequence[Figure], at: datetime, fingerprint: str
) -> bytes:
    """The workbook; the same content and moment give the same bytes.

    Args:
        document: the content model that the page is printed from.
        sender: whose report it is.
        figures: what is placed in it, by whose values the cells are filled.
        at: the moment that the file bears.
        fingerprint: the hash of the data that the tables show.
    """
    written = io.BytesIO()
    marks = ". ".join(filter(None, [DRAFT_MARK, document.footer]))
    known = {figure.figure_id: figure for figure in figures}
    with xlsxwriter.Workbook(
        written,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    ) as book:
        book.set_properties(
            {"title": document.document_title, "author": f"{sender.agency_in_text} {sender.place}",
             "created": at.astimezone(UTC).replace(tzinfo=None)}
        )  # fmt: skip
        formats = _formats(book)
        body = (part.table for section in document.sections for part in section.parts if part.table is not None)
        tables = [(f"Bảng {place}", document.document_title, table) for place, table in enumerate(body, start=1)]
        tables += [
            (annex.number if place == 1 else f"{annex.number}.{place}", plain(annex.title), table)
            for annex in (*document.annexes, *document.lists)
            for place, table in enumerate(annex.tables, start=1)
        ]
        cover = _sheet(book, _COVER, document.footer)
        sheets = [(_sheet(book, name, document.footer), title, table) for name, title, table in tables]
        agency = f"{sender.agency_in_text} {sender.place}"
        head = [document.document_title, f"Bảng số liệu kèm theo báo cáo của {agency}", marks, _coverage(known)]
        _write_cover(cover, formats, [line for line in head if line], sheets, fingerprint)
        for sheet, title, table in sheets:
            head = [title, plain(table.caption), f"{document.document_title}. {_NOT_ZERO}", marks, plain(table.measure)]
            _write_table(sheet, formats, head, table, known)
    return written.getvalue()


def issued_workbook(draft: bytes, accompanying: str) -> bytes | None:
    """The workbook of a released report: what it goes with in place of the mark of a draft, and nothing else changed.

    The same draft and words give the same bytes. Nothing for a workbook without those marks.

    Args:
        draft: the workbook as it was made.
        accompanying: what it goes with, in words.
    """
    in_cells, in_headers = escape(accompanying), escape(accompanying.replace("&", "&&"))
    mark, unmarked = escape(DRAFT_MARK), []

    def change(name: str, content: bytes) -> bytes:
        is_sheet = name.startswith("xl/worksheets/sheet")
        if not is_sheet and name != "xl/sharedStrings.xml":
            return content
        text = content.decode()
        if mark not in text:
            unmarked.append(name)
        return text.replace(mark, in_headers if is_sheet else in_cells).encode()

    try:
        issued = rewritten(draft, change)
    except zipfile.BadZipFile:
        return None
    return None if unmarked else issued


def _formats(book: Any) -> dict[str, Any]:
    def format_of(**how: object) -> Any:
        return book.add_format({"font_name": "Times New Roman", "font_size": 11, "valign": "vcenter", **how})

    boxed: dict[str, object] = {"border": 1, "text_wrap": True}
    formats = {
        "title": format_of(bold=True, font_size=14),
        "note": format_of(italic=True),
        "mark": format_of(bold=True, font_color="#C00000"),
        "line": format_of(**boxed),
        "link": format_of(**boxed, font_color="#1F3864", underline=1),
        "head": format_of(**boxed, bold=True, align="center", bg_color="#E8EDF5"),
        "count": format_of(**boxed, italic=True, align="center", bg_color="#E8EDF5"),
    }
    for weight in (False, True):
        dress = boxed | ({"bold": True, "bg_color": "#F2F2F2"} if weight else {})
        for align in ("left", "center"):
            formats[f"{align}{weight}"] = format_of(**dress, align=align)
        for decimals in range(5):
            shown = "#,##0" + ("." + "0" * decimals if decimals else "")
            formats[f"{decimals}{weight}"] = format_of(**dress, align="right", num_format=shown)
        formats[f"ordinal{weight}"] = format_of(**dress, align="center", num_format="0")
    return formats


def _sheet(book: Any, name: str, sample_mark: str) -> Any:
    """An empty sheet whose landscape pages bear the marks: the draft's at their head, that of a sample at their foot."""
    sheet = book.add_worksheet(_FORBIDDEN.sub(" ", name)[:31])
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f'&C&"Times New Roman,Bold"&10{DRAFT_MARK}')
    sheet.set_footer(f'&L&"Times New Roman,Bold"&10{sample_mark}&R&"Times New Roman,Regular"&10Trang &P/&N')
    return sheet


def _coverage(known: Mapping[str, Figure]) -> str:
    """On how many reports the tables are made; as the page says it, where it says it."""
    if claimed := known.get("headline.coverage"):
        return claimed.text
    received, expected = (known.get(f"reports_{which}@period") for which in ("received", "expected"))
    return f"Báo cáo được chấp nhận: {received.text}/{expected.text}." if received and expected else ""


def _write_cover(
    sheet: Any,
    formats: Mapping[str, Any],
    head: Sequence[str],
    sheets: Sequence[tuple[Any, str, TableContent]],
    fingerprint: str,
) -> None:
    """Whose report it is, on what it is made, and what each sheet holds."""
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 70)
    sheet.set_column(2, 2, 30)
    _write_head(sheet, formats, head)
    first = len(head) + 1
    for place, name in enumerate(("Trang tính", "Nội dung", "Đơn vị tính")):
        sheet.write_string(first, place, name, formats["head"])
    for row, (each, title, table) in enumerate(sheets, start=first + 1):
        caption = plain(table.caption)
        content = caption if title == head[0] else f"{title}. {caption}"
        sheet.set_row(row, _height([content], [70]))
        sheet.write_url(row, 0, f"internal:'{each.name}'!A1", formats["link"], each.name)
        sheet.write_string(row, 1, content, formats["line"])
        sheet.write_string(row, 2, re.sub("^Đơn vị tính:? ", "", plain(table.measure)), formats["line"])
    end = first + len(sheets) + 2
    sheet.write_string(end, 0, _NOT_ZERO, formats["note"])
    sheet.write_string(end + 1, 0, f"Mã kiểm tra (SHA-256) của tệp số liệu: {fingerprint}", formats["note"])


def _write_head(sheet: Any, formats: Mapping[str, Any], head: Sequence[str]) -> None:
    for row, line in enumerate(head):
        dress = "mark" if DRAFT_MARK in line else "note" if row else "title"
        sheet.write_string(row, 0, line, formats[dress])


def _write_table(
    sheet: Any, formats: Mapping[str, Any], head: Sequence[str], table: TableContent, known: Mapping[str, Figure]
) -> None:
    """The head, the columns' names and numbers, which every page repeats, the rows, and the note below them."""
    _write_head(sheet, formats, head)
    sheet.repeat_rows(_HEAD_ROW, _HEAD_ROW + 1)
    sheet.freeze_panes(_FIRST_ROW, 2)
    widths = [float(column.width.rstrip("%")) / 100 * _CHARACTERS_ACROSS for column in table.columns]
    sheet.set_row(_HEAD_ROW, _height([column.name for column in table.columns], widths))
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, widths[place])
        sheet.write_string(_HEAD_ROW, place, plain(column.name), formats["head"])
        sheet.write_string(_HEAD_ROW + 1, place, f"({plain(table.numbers[place])})", formats["count"])
    for down, row in enumerate(table.rows):
        sheet.set_row(_FIRST_ROW + down, _height([cell.text for cell in row.cells], widths))
        for place, cell in enumerate(row.cells):
            value, decimals = _value(cell, known)
            if value is None:
                align = "left" if cell.kind == "text" else "center"
                sheet.write_string(_FIRST_ROW + down, place, plain(cell.text), formats[f"{align}{row.is_total}"])
                continue
            cell_format = formats[f"{'ordinal' if cell.kind == 'middle' else decimals}{row.is_total}"]
            if row.is_total and _is_sum(value, table.rows[:down], place, known):
                letter = xl_col_to_name(place)
                formula = f"=SUM({letter}{_FIRST_ROW + 1}:{letter}{_FIRST_ROW + down})"
                sheet.write_formula(_FIRST_ROW + down, place, formula, cell_format, float(value))
            else:
                sheet.write_number(_FIRST_ROW + down, place, float(value), cell_format)
    sheet.write_string(_FIRST_ROW + len(table.rows), 0, plain(table.note), formats["note"])


def _is_sum(value: Decimal, above: Sequence[TableRow], place: int, known: Mapping[str, Figure]) -> bool:
    """Whether a total is the sum of the cells above it, to the last digit."""
    parts = [_value(row.cells[place], known)[0] for row in above if not row.is_total]
    return bool(parts) and sum((part or Decimal(0) for part in parts), Decimal(0)) == value


def _height(texts: Sequence[Markup | str], widths: Sequence[float]) -> float:
    """As high as the longest text needs to be read; programs other than Excel do not find it out by themselves."""
    lines = [
        -(-len(plain(text)) // max(int(width * _LETTERS_PER_WIDTH), 1))
        for text, width in zip(texts, widths, strict=True)
    ]
    return _LINE_PT * max(*lines, 1)


def _value(cell: Cell, known: Mapping[str, Figure]) -> tuple[Decimal | None, int]:
    """The number of a cell in its printed unit, unrounded, and how many decimals it is printed with; or none."""
    found = _ONE_FIGURE.fullmatch(str(cell.text).strip())
    figure = known.get(found[1]) if found else None
    if figure is None or figure.value is None or cell.kind == "text":
        return None, 0
    value, decimals = figure.value, len(figure.text.partition(",")[2])
    if figure.kind == "measure":
        value /= INDICATOR_BY_CODE[FigureKey.parse(figure.figure_id).indicator].printed_per
    return value, decimals
