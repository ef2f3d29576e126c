"""The sender's own workbook back: faulty cells marked, a first sheet of results, open at the first fault.

Only what the marks need is changed in the package; every other part keeps its bytes, and with them what no library would
write back: drop-down lists of Excel's extension, pictures, charts, links to other workbooks. Where the file cannot be
marked, a workbook of findings stands in its place.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC

import xlsxwriter
from lxml import etree

from domain import form
from domain.findings import Finding
from domain.text import bare
from reports.unit.answer import UnitAnswer
from reports.unit.cell_marks import anchors, clear_fills, clear_marks, colour_cells, write_notes
from reports.unit.cells import first_cell
from reports.unit.opening import open_at
from reports.unit.package import MAIN, OFFICE, Package
from reports.unit.results_sheet import clean, results_sheet

MARKED, LISTED = b"m", b"l"
_NOTES_WRITTEN = 2_000
"""Beyond so many the cells are still coloured and listed, but a note at each would make the file unusable."""
_NOTE_LETTERS = 1_500
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A worksheet of the package."""

    title: str
    part: str
    is_visible: bool

    @property
    def is_ours(self) -> bool:
        """Whether it is the sheet of results of an earlier answer."""
        return bare(self.title) == bare(form.FEEDBACK_SHEET)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a finding is seen: of a merged cell, the one that shows."""

    sheet: _Sheet
    cell: str

    @property
    def link(self) -> str:
        """The place as Excel writes it."""
        return f"'{self.sheet.title.replace(chr(39), chr(39) * 2)}'!{self.cell}"


def feedback_workbook(content: bytes, answer: UnitAnswer) -> bytes:
    """The sender's workbook marked, or the list of findings where it cannot be; opens a stranger's file: do it apart.

    The first byte is `MARKED` where it is the sender's own, else `LISTED`.
    """
    feedback = mark_workbook(content, answer) if can_be_marked(content) else findings_workbook(answer)
    return (MARKED if holds_own_sheets(feedback) else LISTED) + feedback


def can_be_marked(content: bytes) -> bool:
    """Whether the file is an .xlsx that may be changed: without macros, without signature, not Strict."""
    try:
        return Package(content).can_be_edited
    except (zipfile.BadZipFile, KeyError, etree.XMLSyntaxError):
        return False


def mark_workbook(content: bytes, answer: UnitAnswer) -> bytes:
    """The workbook with the marks of this answer, and without those of an earlier one."""
    package = Package(content)
    sheets = _sheets(package)
    if any([sheet.is_ours for sheet in sheets] + [clear_marks(package, sheet.part) for sheet in sheets]):
        clear_fills(package)
    placed = _placed(package, answer.findings.found, [sheet for sheet in sheets if not sheet.is_ours])
    first = _first_fault(answer, placed)
    for sheet in dict.fromkeys(where.sheet for where in placed.values()):
        _mark(package, sheet, {finding: where.cell for finding, where in placed.items() if where.sheet is sheet}, first)
    before = next((sheet for sheet in sheets if sheet.is_ours), None)
    is_marked = any(not sheet.is_ours for sheet in sheets)
    links = {finding: where.link for finding, where in placed.items()}
    own = _put_first(package, results_sheet(package, answer, links, is_marked=is_marked), before)
    opened = (own, "A1") if first is None else (placed[first].sheet.part, placed[first].cell)
    open_at(package, [sheet.part for sheet in _sheets(package)], *opened)
    return package.packed()


def findings_workbook(answer: UnitAnswer) -> bytes:
    """The sheet of results alone, beside a file that could not be marked."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": answer.arrival.arrived_at.astimezone(UTC).replace(tzinfo=None)})
        book.add_worksheet(form.FEEDBACK_SHEET)
    return mark_workbook(buffer.getvalue(), answer)


def holds_own_sheets(feedback: bytes) -> bool:
    """Whether a workbook that goes back is the sender's own, and no list beside it."""
    return any(not sheet.is_ours for sheet in _sheets(Package(feedback)))


def _sheets(package: Package) -> list[_Sheet]:
    """The sheets in the order of their tabs."""
    listed = package.tree(package.workbook).iterfind(f"{{{MAIN}}}sheets/{{{MAIN}}}sheet")
    found = [(entry, package.target(package.workbook, entry.get(f"{{{OFFICE}}}id"))) for entry in listed]
    return [
        _Sheet(entry.get("name", ""), part, entry.get("state", "visible") == "visible")
        for entry, part in found
        if part is not None and part in package
    ]


def _placed(package: Package, findings: Sequence[Finding], sheets: Sequence[_Sheet]) -> dict[Finding, _Place]:
    """Where each finding is seen; those about the file as a whole, or a sheet that is not there, are seen nowhere."""
    by_title = {bare(sheet.title): sheet for sheet in reversed(sheets)} | {sheet.title: sheet for sheet in sheets}
    merged = {sheet: anchors(package, sheet.part) for sheet in sheets}
    placed = {}
    for finding in findings:
        sheet = by_title.get(finding.sheet, by_title.get(bare(finding.sheet)))
        cell = first_cell(finding.cell)
        if sheet is not None and cell is not None:
            placed[finding] = _Place(sheet, merged[sheet].get(cell, cell))
    return placed


def _first_fault(answer: UnitAnswer, placed: Mapping[Finding, _Place]) -> Finding | None:
    """The first finding that can be shown, errors first."""
    found = (finding for cause in answer.findings.causes() for finding in cause.findings)
    return next((finding for finding in found if finding in placed and placed[finding].sheet.is_visible), None)


def _mark(package: Package, sheet: _Sheet, cells: Mapping[Finding, str], first: Finding | None) -> None:
    by_cell: dict[str, list[Finding]] = {}
    for finding, cell in cells.items():
        by_cell.setdefault(cell, []).append(finding)
    colours: dict[str, list[str]] = {}
    for cell, own in by_cell.items():
        colours.setdefault(min(finding.severity for finding in own), []).append(cell)
    colour_cells(package, sheet.part, colours)
    notes = {cell: _note(own) for cell, own in list(by_cell.items())[:_NOTES_WRITTEN]}
    write_notes(package, sheet.part, notes, None if first is None else cells.get(first))


def _note(findings: Sequence[Finding]) -> str:
    texts = dict.fromkeys(f"{finding.message} [{finding.rule}]" for finding in findings)
    return clean("\n".join(texts))[:_NOTE_LETTERS]


def _put_first(package: Package, results: etree._Element, before: _Sheet | None) -> str:
    """Put the sheet of results in front, in the place of an earlier one; gives its part."""
    workbook = package.tree(package.workbook)
    listed = workbook.find(f"{{{MAIN}}}sheets")
    old_order = list(listed)
    if before is None:
        part = package.free_name("xl/worksheets/sheet{}.xml")
        number = max(int(entry.get("sheetId")) for entry in old_order) + 1
        own = etree.Element(f"{{{MAIN}}}sheet", name=form.FEEDBACK_SHEET, sheetId=str(number), nsmap={"r": OFFICE})
        own.set(f"{{{OFFICE}}}id", package.relate(package.workbook, "worksheet", part))
    else:
        part = before.part
        package.unrelate(part)
        own = next(entry for entry in old_order if entry.get("name") == before.title)
        own.attrib.pop("state", None)
    package.put(part, results, _SHEET_TYPE)
    listed.insert(0, own)
    new_index = {str(old): str(list(listed).index(entry)) for old, entry in enumerate(old_order)}
    for name in workbook.iterfind(f"{{{MAIN}}}definedNames/{{{MAIN}}}definedName[@localSheetId]"):
        name.set("localSheetId", new_index[name.get("localSheetId")])
    for view in workbook.iterfind(f"{{{MAIN}}}bookViews/{{{MAIN}}}workbookView"):
        view.attrib.pop("firstSheet", None)
    return part
