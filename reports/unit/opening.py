"""At which cell a workbook opens: its sheet in front, the cell selected and in view."""

from collections.abc import Sequence

from lxml import etree

from domain.form import column_letter
from reports.unit.cell_marks import insert_before
from reports.unit.cells import place
from reports.unit.package import MAIN, Package

_SHOWN_ABOVE, _SHOWN_LEFT = 3, 3
_NEVER_SCROLLED = (15, 6)
"""Rows and columns that any screen shows without scrolling."""


def open_at(package: Package, parts: Sequence[str], part: str, cell: str) -> None:
    """Let the workbook open at a cell of one of its sheets, the only one that is selected.

    Args:
        package: the workbook.
        parts: the parts of its sheets, in the order of their tabs.
        part: that of the sheet to open.
        cell: the cell's address.
    """
    workbook = package.tree(package.workbook)
    views = workbook.find(f"{{{MAIN}}}bookViews")
    if views is None:
        views = etree.Element(f"{{{MAIN}}}bookViews")
        workbook.insert(list(workbook).index(workbook.find(f"{{{MAIN}}}sheets")), views)
    if len(views) == 0:
        etree.SubElement(views, f"{{{MAIN}}}workbookView")
    for view in views:
        view.set("activeTab", str(parts.index(part)))
    for other in parts:
        for view in package.tree(other).iterfind(f"{{{MAIN}}}sheetViews/{{{MAIN}}}sheetView"):
            view.attrib.pop("tabSelected", None)
    _select(_view(package.tree(part)), cell)


def _view(sheet: etree._Element) -> etree._Element:
    views = sheet.find(f"{{{MAIN}}}sheetViews")
    if views is None:
        views = etree.Element(f"{{{MAIN}}}sheetViews")
        insert_before(sheet, views, ("sheetFormatPr", "cols", "sheetData"))
    if len(views) == 0:
        etree.SubElement(views, f"{{{MAIN}}}sheetView", workbookViewId="0")
    return views[0]


def _select(view: etree._Element, cell: str) -> None:
    view.set("tabSelected", "1")
    pane = view.find(f"{{{MAIN}}}pane")
    if pane is not None and not pane.get("state", "").startswith("frozen"):
        # A window that is merely split shows the same cells twice; it opens whole.
        view.remove(pane)
        pane = None
    for old in view.findall(f"{{{MAIN}}}selection"):
        view.remove(old)
    row, column = place(cell)
    corner_row, corner_column = place(view.get("topLeftCell", "A1")) if pane is not None else (1, 1)
    above, left = (int(float(pane.get(split, "0"))) if pane is not None else 0 for split in ("ySplit", "xSplit"))
    # What is frozen begins at the corner; that of a frozen pane stays, a scrolled one moves.
    last_row, last_column = above and corner_row - 1 + above, left and corner_column - 1 + left
    first_row = _scrolled(row, last_row, _NEVER_SCROLLED[0], _SHOWN_ABOVE)
    first_column = _scrolled(column, last_column, _NEVER_SCROLLED[1], _SHOWN_LEFT)
    view.set(
        "topLeftCell", f"{column_letter(corner_column if left else first_column)}{corner_row if above else first_row}"
    )
    selection = etree.Element(f"{{{MAIN}}}selection", activeCell=cell, sqref=cell)
    if pane is None:
        view.insert(0, selection)
        return
    pane.set("topLeftCell", f"{column_letter(first_column)}{first_row}")
    name = ("bottom" if above and row > last_row else "top") + ("Right" if left and column > last_column else "Left")
    pane.set("activePane", name)
    if name != "topLeft":
        selection.set("pane", name)
    view.insert(list(view).index(pane) + 1, selection)


def _scrolled(wanted: int, frozen: int, never: int, shown_before: int) -> int:
    """The first row or column in view, so that the wanted one is seen with some before it."""
    return max(frozen + 1, wanted - shown_before) if wanted > max(never, frozen) else frozen + 1
