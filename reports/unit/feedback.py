"""The sender's own workbook back, with the faulty cells marked and a first sheet that lists what to correct.

Where the file cannot be safely rewritten, a workbook of findings stands in its place.
"""

import io
import zipfile
from collections.abc import Sequence
from copy import copy

import openpyxl
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from domain import form
from domain.findings import Cause, Finding, Severity
from reports.unit.answer import UnitAnswer, cell_ranges, difference_line, head_lines

_RED, _YELLOW = (PatternFill("solid", fgColor=colour) for colour in ("FFF4B6B6", "FFFFE699"))
_LOST_BY_REWRITING = ("xl/drawings/drawing", "xl/charts/", "xl/media/", "xl/vbaproject.bin", "xl/pivottables/",
                      "xl/externallinks/", "xl/activex/", "xl/embeddings/", "xl/ctrlprops/", "xl/threadedcomments/")  # fmt: skip
_HEADINGS = ("Mức", "Mã", "Sheet", "Ô", "Lỗi", "Giá trị đang có", "Vì sao", "Cách sửa")
_WIDTHS = (10, 20, 16, 12, 34, 22, 60, 50)
_COMMENTS_MARKED = 2_000
"""Beyond so many the cells are still coloured and listed, but a comment at each would make the file unusable."""


def can_be_marked(content: bytes) -> bool:
    """Whether the file is an .xlsx without macros, drawings or links that rewriting it would lose."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = [name.lower() for name in package.namelist()]
    except zipfile.BadZipFile:
        return False
    return "xl/workbook.xml" in names and not any(name.startswith(_LOST_BY_REWRITING) for name in names)


def mark_workbook(content: bytes, answer: UnitAnswer) -> bytes:
    """The workbook with its faulty cells coloured and commented, and the sheet of results in front."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheets = {sheet.title.casefold(): sheet for sheet in book.worksheets}
    by_cell: dict[tuple[str, str], list[Finding]] = {}
    for finding in answer.findings.found:
        if finding.sheet.casefold() in sheets:
            by_cell.setdefault((finding.sheet.casefold(), finding.cell), []).append(finding)
    for number, ((sheet, cell), findings) in enumerate(by_cell.items()):
        _mark(sheets[sheet], cell, findings, with_comment=number < _COMMENTS_MARKED)
    titles = {name: sheet.title for name, sheet in sheets.items()}
    return _with_results(book, answer, titles)


def findings_workbook(answer: UnitAnswer) -> bytes:
    """The sheet of results alone, beside a file that could not be rewritten."""
    book = openpyxl.Workbook()
    del book[book.sheetnames[0]]
    return _with_results(book, answer, {})


def _mark(sheet: Worksheet, address: str, findings: Sequence[Finding], *, with_comment: bool) -> None:
    cell = sheet[address]
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            cell = sheet.cell(merged.min_row, merged.min_col)
    is_error = any(finding.severity is Severity.ERROR for finding in findings)
    cell.fill = copy(_RED if is_error else _YELLOW)
    if with_comment:
        text = "\n".join(dict.fromkeys(f"{finding.rule}: {finding.message}" for finding in findings))
        cell.comment = Comment(
            _clean(text)[:2_000], "ketnghia", width=360, height=60 + 18 * text.count("\n") + len(text) // 3
        )


def _with_results(book: Workbook, answer: UnitAnswer, titles: dict[str, str]) -> bytes:
    if form.FEEDBACK_SHEET in book.sheetnames:
        del book[form.FEEDBACK_SHEET]
    sheet = book.create_sheet(form.FEEDBACK_SHEET, 0)
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False
    bold = Font(name="Times New Roman", bold=True)
    for line in (form.FEEDBACK_SHEET, *head_lines(answer)):
        sheet.append([_clean(line)])
        sheet.cell(sheet.max_row, 1).font = bold if sheet.max_row <= 2 else Font(name="Times New Roman")
    sheet.append([])
    _table_of_causes(sheet, answer.findings.causes(), titles)
    if answer.differences:
        sheet.append([])
        sheet.append([f"Khác biệt so với lần nộp trước: {len(answer.differences)}"])
        for difference in answer.differences:
            sheet.append([_clean(difference_line(difference).strip())])
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    for column, width in enumerate(_WIDTHS, start=1):
        sheet.column_dimensions[form.column_letter(column)].width = width
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.data_type == "f":
                # Text that a sender typed must not become a formula here.
                cell.data_type = "s"
    return _saved(book)


def _table_of_causes(sheet: Worksheet, causes: Sequence[Cause], titles: dict[str, str]) -> None:
    sheet.append(list(_HEADINGS))
    for cell in sheet[sheet.max_row]:
        cell.font = Font(name="Times New Roman", bold=True)
        cell.fill = PatternFill("solid", fgColor="FFE8EDF5")
    for cause in causes:
        count = f"{cause.title}: {len(cause.cells)} ô ({cell_ranges(cause.cells).removeprefix('ô ')})"
        level = cause.severity.label.capitalize()
        sheet.append([level, cause.rule, _clean(cause.sheet), "", _clean(count)])
        for cell in sheet[sheet.max_row]:
            cell.font = Font(name="Times New Roman", bold=True)
            cell.fill = copy(_RED if cause.severity is Severity.ERROR else _YELLOW)
        for finding in cause.findings:
            sheet.append(
                [
                    "",
                    "",
                    _clean(finding.sheet),
                    finding.cell,
                    "",
                    *map(_clean, (finding.value, finding.sentence, finding.remedy)),
                ]
            )
            title = titles.get(finding.sheet.casefold())
            if title is not None:
                link = sheet.cell(sheet.max_row, 4)
                quoted = title.replace("'", "''")
                link.hyperlink = f"#'{quoted}'!{finding.cell}"
                link.font = Font(name="Times New Roman", color="FF0563C1", underline="single")
            for column in (5, 6, 7, 8):
                sheet.cell(sheet.max_row, column).alignment = Alignment(wrap_text=True, vertical="top")


def _clean(text: str) -> str:
    """The text without what no workbook may hold, and no longer than a cell."""
    return ILLEGAL_CHARACTERS_RE.sub("_", text)[:32_000]


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
