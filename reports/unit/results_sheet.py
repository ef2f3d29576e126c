"""The sheet of results: the verdict, what to do, and every cause once, with links to its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from domain import form
from domain.findings import Cause, Finding, Severity
from domain.text import in_one_line
from reports.unit.answer import UnitAnswer, cell_ranges, difference_line, first_line, how_to_use, receipt_lines
from reports.unit.cell_marks import COLOURS, index_of
from reports.unit.package import MAIN, Package

_HEADINGS = ("STT", "Mức", "Sheet", "Ô", "Sai ở đâu, vì sao", "Đang ghi", "Cách sửa", "Mã")
_WIDTHS = (5, 10, 14, 15, 48, 16, 48, 18)
_LONGEST = 32_000
_LINE_POINTS, _HIGHEST_POINTS = 16, 400
Links = Mapping[Finding, str]
"""Where in the workbook each finding lies, as Excel writes it; without those that lie in no sheet."""


class _Look(StrEnum):
    """How a cell of the sheet looks: its font, its fill."""

    PLAIN = "plain"
    BOLD = "bold"
    HEADING = "heading"
    ERROR = "error"
    WARNING = "warning"
    LINK = "link"


_FILLS = {_Look.HEADING: "FFE8EDF5", _Look.ERROR: COLOURS["error"], _Look.WARNING: COLOURS["warning"]}


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    look: _Look = _Look.PLAIN
    leads_to: str | None = None


def results_sheet(package: Package, answer: UnitAnswer, links: Links, *, is_marked: bool) -> etree._Element:
    """The sheet as a tree; the formats it needs are added to the package.

    Args:
        package: the workbook that it will stand in.
        answer: what it says.
        links: where each finding lies.
        is_marked: whether the workbook is the sender's own.
    """
    lines = [first_line(answer), f"Tệp này: {how_to_use(answer, is_marked=is_marked)}", *receipt_lines(answer)]
    rows: list[list[_Cell]] = [[_Cell(form.FEEDBACK_SHEET, _Look.BOLD)], [_Cell(lines[0], _Look.BOLD)]]
    rows += [[_Cell(line)] for line in lines[1:]]
    head = len(rows)
    if answer.findings.found:
        rows += [[], [_Cell(heading, _Look.HEADING) for heading in _HEADINGS]]
        for number, cause in enumerate(answer.findings.causes(), start=1):
            rows += _cause_rows(number, cause, links)
    if answer.differences:
        rows += [[], [_Cell(f"Khác biệt so với lần nộp trước: {len(answer.differences)}", _Look.BOLD)]]
        rows += [[_Cell(difference_line(difference).strip())] for difference in answer.differences]
    return _as_tree(rows, head, _formats(package))


def _cause_rows(number: int, cause: Cause, links: Links) -> list[list[_Cell]]:
    """A row for the cause with what to do; below it a row per cell, where there are several."""
    look = _Look.ERROR if cause.severity is Severity.ERROR else _Look.WARNING
    first = cause.findings[0]
    is_single = len(cause.findings) == 1
    where = cell_ranges(cause.cells).removeprefix("ô ")
    remedies = cause.remedies
    what = first.sentence if len(cause.sentences) == 1 else f"{cause.title}: {len(cause.cells)} ô."
    head = [
        _Cell(str(number), look),
        _Cell(cause.severity.label.capitalize(), look),
        _Cell(cause.sheet, look),
        _Cell(where if len(where) <= _WIDTHS[3] else f"{len(cause.cells)} ô dưới đây", look, links.get(first)),
        _Cell(what, look),
        _Cell(first.value if is_single else "", look),
        _Cell(remedies[0] if len(remedies) == 1 else "", look),
        _Cell(cause.rule, look),
    ]
    if is_single:
        return [head]
    return [head, *(_finding_row(finding, cause, links) for finding in cause.findings)]


def _finding_row(finding: Finding, cause: Cause, links: Links) -> list[_Cell]:
    """One cell of a cause, with what the row of the cause does not say."""
    place = links.get(finding)
    return [
        *(_Cell("") for _ in range(2)),
        _Cell(finding.sheet),
        _Cell(finding.cell, _Look.PLAIN if place is None else _Look.LINK, place),
        _Cell(finding.sentence if len(cause.sentences) > 1 else ""),
        _Cell(finding.value),
        _Cell(finding.remedy if len(cause.remedies) > 1 else ""),
        _Cell(""),
    ]


def _as_tree(rows: Sequence[Sequence[_Cell]], head: int, formats: dict[_Look, str]) -> etree._Element:
    root = etree.Element(f"{{{MAIN}}}worksheet", nsmap={None: MAIN})
    _add(_add(root, "sheetPr"), "pageSetUpPr", fitToPage="1")
    _add(_add(root, "sheetViews"), "sheetView", workbookViewId="0", showGridLines="0")
    _add(root, "sheetFormatPr", defaultRowHeight="15")
    columns = _add(root, "cols")
    for number, width in enumerate(_WIDTHS, start=1):
        _add(columns, "col", min=str(number), max=str(number), width=str(width), customWidth="1")
    data = _add(root, "sheetData")
    links = []
    for number, row in enumerate(rows, start=1):
        widths = [sum(_WIDTHS)] if number <= head else _WIDTHS
        lines = max((_lines(cell.text, width) for cell, width in zip(row, widths, strict=False)), default=1)
        line = _add(data, "row", r=str(number), ht=str(min(_LINE_POINTS * lines, _HIGHEST_POINTS)), customHeight="1")
        for column, cell in enumerate(row, start=1):
            address = f"{form.column_letter(column)}{number}"
            written = _add(line, "c", r=address, s=formats[cell.look], t="inlineStr")
            text = _add(_add(written, "is"), "t")
            text.text = clean(cell.text)
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            if cell.leads_to is not None:
                links.append((address, cell.leads_to))
    merged = _add(root, "mergeCells", count=str(head))
    for number in range(1, head + 1):
        _add(merged, "mergeCell", ref=f"A{number}:{form.column_letter(len(_WIDTHS))}{number}")
    if links:
        listed = _add(root, "hyperlinks")
        for address, place in links:
            _add(listed, "hyperlink", ref=address, location=place, display=place)
    _add(root, "pageMargins", left="0.4", right="0.4", top="0.5", bottom="0.5", header="0.3", footer="0.3")
    _add(root, "pageSetup", paperSize="9", orientation="landscape", fitToHeight="0")
    return root


def clean(text: str) -> str:
    """The text without what no workbook may hold, and no longer than a cell."""
    return "\n".join(in_one_line(line) for line in text.split("\n"))[:_LONGEST]


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of that width; not every program fits a row to its text."""
    return sum(len(line) // width + 1 for line in text.split("\n"))


def _formats(package: Package) -> dict[_Look, str]:
    """The number of each look among the cell formats of the workbook."""
    styles = package.tree(package.related(package.workbook, "styles")[0])
    fonts, fills, formats = (styles.find(f"{{{MAIN}}}{name}") for name in ("fonts", "fills", "cellXfs"))
    numbers = {}
    for look in _Look:
        font = etree.Element(f"{{{MAIN}}}font", nsmap=styles.nsmap)
        if look in (_Look.BOLD, _Look.HEADING):
            _add(font, "b")
        if look is _Look.LINK:
            _add(font, "u")
        _add(font, "sz", val="12")
        if look is _Look.LINK:
            _add(font, "color", rgb="FF0563C1")
        _add(font, "name", val="Times New Roman")
        written = {"numFmtId": "0", "fontId": index_of(fonts, font), "fillId": "0", "borderId": "0", "xfId": "0"}
        if look in _FILLS:
            fill = etree.Element(f"{{{MAIN}}}fill", nsmap=styles.nsmap)
            _add(_add(fill, "patternFill", patternType="solid"), "fgColor", rgb=_FILLS[look])
            written |= {"fillId": index_of(fills, fill), "applyFill": "1"}
        cell_format = etree.Element(
            f"{{{MAIN}}}xf", {**written, "applyFont": "1", "applyAlignment": "1"}, nsmap=styles.nsmap
        )
        _add(cell_format, "alignment", vertical="top", wrapText="1")
        numbers[look] = index_of(formats, cell_format)
    return numbers


def _add(parent: etree._Element, name: str, **attributes: str) -> etree._Element:
    return etree.SubElement(parent, f"{{{MAIN}}}{name}", attributes)
