"""Marks at the cells of a sender's workbook: a colour by a rule of its own, and a note.

A conditional format colours the cell, for it leaves the cell's own format alone: taking our rules away restores the sheet,
also where rows were moved or cells copied in between.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from lxml import etree

from domain import form
from reports.unit.cells import cell_runs, first_cell, place
from reports.unit.package import MAIN, OFFICE, Package

COLOURS = {"error": "FFF4B6B6", "warning": "FFFFE699"}
_AUTHOR, _NOTE_HEAD = "ketnghia", form.FEEDBACK_SHEET
"""By either we know a note of ours again: not every program keeps who wrote it."""
_FORMULA = '"ketnghia"<>""'
"""Always true; by it we know our own rules again, whatever program saved the workbook in between."""
_RANGES_IN_A_RULE = 200
_NOTE_PIXELS = 360
_CELLS_MERGED = 100_000
"""A merged range of more cells is no cell of a table."""
_VML, _EXCEL = "urn:schemas-microsoft-com:vml", "urn:schemas-microsoft-com:office:excel"
_OFFICE_VML = "urn:schemas-microsoft-com:office:office"
_NOTE_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_AFTER_FORMATS = (
    "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks",
    "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing",
)  # fmt: skip
_AFTER_DRAWING = (
    "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "AlternateContent", "webPublishItems", "tableParts",
    "extLst",
)  # fmt: skip


def clear_marks(package: Package, sheet: str) -> bool:
    """Take away what an earlier answer marked in the sheet; whether there was anything."""
    root = package.tree(sheet)
    ours = [
        rule
        for rule in root.iterfind(f".//{{{MAIN}}}conditionalFormatting/{{{MAIN}}}cfRule")
        if any(_is_ours(formula.text) for formula in rule.iterfind(f"{{{MAIN}}}formula"))
    ]
    for rule in ours:
        formats = rule.getparent()
        formats.remove(rule)
        if len(formats) == 0:
            formats.getparent().remove(formats)
    notes = _clear_notes(package, sheet)
    return bool(ours) or notes


def clear_fills(package: Package) -> None:
    """Take our two colours out of the cells' own formats, where a version before this one put them."""
    styles = package.tree(_styles(package))
    fills = styles.findall(f"{{{MAIN}}}fills/{{{MAIN}}}fill")
    ours = {
        str(index)
        for index, fill in enumerate(fills)
        for colour in fill.iterfind(f"{{{MAIN}}}patternFill[@patternType='solid']/{{{MAIN}}}fgColor")
        if colour.get("rgb") in COLOURS.values()
    }
    for cell_format in styles.iterfind(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf"):
        if cell_format.get("fillId") in ours:
            cell_format.set("fillId", "0")


def colour_cells(package: Package, sheet: str, cells: Mapping[str, Sequence[str]]) -> None:
    """Colour the cells of each severity; an error's colour lies above that of a warning."""
    root = package.tree(sheet)
    marked = [(severity, ranges) for severity in COLOURS if (ranges := list(cell_runs(cells.get(severity, ()))))]
    for rule in root.iter("{*}cfRule"):
        if rule.get("priority", "").isdigit():
            rule.set("priority", str(int(rule.get("priority")) + len(COLOURS)))
    for priority, (severity, ranges) in reversed(list(enumerate(marked, start=1))):
        for start in range(0, len(ranges), _RANGES_IN_A_RULE):
            formats = etree.Element(f"{{{MAIN}}}conditionalFormatting", nsmap=root.nsmap)
            formats.set("sqref", " ".join(ranges[start : start + _RANGES_IN_A_RULE]))
            attributes = {"type": "expression", "dxfId": _colour(package, severity), "priority": str(priority)}
            etree.SubElement(
                etree.SubElement(formats, f"{{{MAIN}}}cfRule", attributes), f"{{{MAIN}}}formula"
            ).text = _FORMULA
            # LibreOffice takes the first that holds of a cell, whatever its priority: ours stand before the owner's.
            insert_before(root, formats, ("conditionalFormatting", *_AFTER_FORMATS, *_AFTER_DRAWING))


def write_notes(package: Package, sheet: str, texts: Mapping[str, str], opened: str | None = None) -> None:
    """A note at each cell that has none of its owner's; the one at `opened` is shown without being pointed at."""
    if not texts:
        return
    notes, drawing = _notes_of(package, sheet), _drawing_of(package, sheet)
    authors, listed = notes.find(f"{{{MAIN}}}authors"), notes.find(f"{{{MAIN}}}commentList")
    etree.SubElement(authors, f"{{{MAIN}}}author").text = _AUTHOR
    author = str(len(authors) - 1)
    taken = {note.get("ref") for note in listed}
    for cell, text in texts.items():
        if cell in taken:
            continue
        note = etree.SubElement(listed, f"{{{MAIN}}}comment", ref=cell, authorId=author)
        body = etree.SubElement(note, f"{{{MAIN}}}text")
        _write_run(body, f"{_NOTE_HEAD}\n", is_bold=True)
        _write_run(body, text)
        drawing.append(_note_shape(package.tree(sheet), cell, text, is_open=cell == opened))


def _write_run(note: etree._Element, text: str, *, is_bold: bool = False) -> None:
    run = etree.SubElement(note, f"{{{MAIN}}}r")
    face = etree.SubElement(run, f"{{{MAIN}}}rPr")
    # In the order that Excel writes; it calls others damaged.
    if is_bold:
        etree.SubElement(face, f"{{{MAIN}}}b")
    for name, value in (("sz", "10"), ("rFont", "Times New Roman")):
        etree.SubElement(face, f"{{{MAIN}}}{name}", val=value)
    written = etree.SubElement(run, f"{{{MAIN}}}t")
    written.text = text
    written.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


def insert_before(root: etree._Element, element: etree._Element, followers: Iterable[str]) -> None:
    """Insert a child where the schema wants it: before the first of its followers, or last."""
    names = frozenset(followers)
    for index, child in enumerate(root):
        if isinstance(child.tag, str) and etree.QName(child).localname in names:
            root.insert(index, element)
            return
    root.append(element)


def anchors(package: Package, sheet: str) -> dict[str, str]:
    """For each cell below a merged one, the cell that is seen in its place."""
    seen: dict[str, str] = {}
    for merged in package.tree(sheet).iterfind(f"{{{MAIN}}}mergeCells/{{{MAIN}}}mergeCell"):
        first, _, last = (merged.get("ref") or "").partition(":")
        if last:
            (top, left), (bottom, right) = place(first), place(last)
            if (bottom - top + 1) * (right - left + 1) < _CELLS_MERGED:
                for row in range(top, bottom + 1):
                    seen |= {f"{form.column_letter(column)}{row}": first for column in range(left, right + 1)}
    return seen


def index_of(parent: etree._Element, element: etree._Element) -> str:
    """The index of a child that is equal to the element, which is appended where there is none."""
    wanted = etree.tostring(element, method="c14n")
    for index, child in enumerate(parent):
        if etree.tostring(child, method="c14n", with_comments=False) == wanted:
            return str(index)
    parent.append(element)
    if "count" in parent.attrib:
        parent.set("count", str(len(parent)))
    return str(len(parent) - 1)


def _is_ours(formula: str | None) -> bool:
    return re.sub(r"\s", "", formula or "") == _FORMULA


def _styles(package: Package) -> str:
    return package.related(package.workbook, "styles")[0]


def _colour(package: Package, severity: str) -> str:
    """The number of the differential format with the colour."""
    styles = package.tree(_styles(package))
    formats = styles.find(f"{{{MAIN}}}dxfs")
    if formats is None:
        formats = etree.Element(f"{{{MAIN}}}dxfs", count="0")
        insert_before(styles, formats, ("tableStyles", "colors", "extLst"))
    wanted = etree.Element(f"{{{MAIN}}}dxf", nsmap=styles.nsmap)
    fill = etree.SubElement(etree.SubElement(wanted, f"{{{MAIN}}}fill"), f"{{{MAIN}}}patternFill", patternType="solid")
    for side in ("fgColor", "bgColor"):
        etree.SubElement(fill, f"{{{MAIN}}}{side}", rgb=COLOURS[severity])
    return index_of(formats, wanted)


def _clear_notes(package: Package, sheet: str) -> bool:
    parts = package.related(sheet, "comments")
    if not parts:
        return False
    notes = package.tree(parts[0])
    authors = [author.text for author in notes.iterfind(f"{{{MAIN}}}authors/{{{MAIN}}}author")]
    ours = {str(number) for number, author in enumerate(authors) if author == _AUTHOR}
    listed = notes.find(f"{{{MAIN}}}commentList")
    gone = [note for note in listed if note.get("authorId") in ours or "".join(note.itertext()).startswith(_NOTE_HEAD)]
    for note in gone:
        listed.remove(note)
    cells = (first_cell(note.get("ref", "")) for note in gone)
    places = {tuple(number - 1 for number in place(cell)) for cell in cells if cell is not None}
    if gone and (drawing := _legacy_drawing(package, sheet)):
        root = package.tree(drawing, is_lenient=True)
        for shape in list(root):
            data = shape.find(f"{{{_EXCEL}}}ClientData")
            if data is not None and data.get("ObjectType") == "Note":
                row, column = (int(data.findtext(f"{{{_EXCEL}}}{name}", "-1")) for name in ("Row", "Column"))
                if (row, column) in places:
                    root.remove(shape)
    return bool(gone)


def _notes_of(package: Package, sheet: str) -> etree._Element:
    """The sheet's notes, begun where it has none."""
    for part in package.related(sheet, "comments"):
        return package.tree(part)
    root = etree.Element(f"{{{MAIN}}}comments", nsmap={None: MAIN})
    for name in ("authors", "commentList"):
        etree.SubElement(root, f"{{{MAIN}}}{name}")
    part = package.free_name("xl/comments{}.xml")
    package.put(part, root, _NOTE_TYPE)
    package.relate(sheet, "comments", part)
    return root


def _drawing_of(package: Package, sheet: str) -> etree._Element:
    """The drawing that the sheet's notes are shown by, begun where it has none."""
    part = _legacy_drawing(package, sheet)
    if part is not None:
        return package.tree(part, is_lenient=True)
    names = {"v": _VML, "o": _OFFICE_VML, "x": _EXCEL}
    root = etree.Element("xml", nsmap=names)
    kind = etree.SubElement(root, f"{{{_VML}}}shapetype", id="_x0000_t202", coordsize="21600,21600", path="m,l,21600r21600,l21600,xe")  # fmt: skip
    kind.set(f"{{{_OFFICE_VML}}}spt", "202")
    etree.SubElement(kind, f"{{{_VML}}}stroke", joinstyle="miter")
    path = etree.SubElement(kind, f"{{{_VML}}}path", gradientshapeok="t")
    path.set(f"{{{_OFFICE_VML}}}connecttype", "rect")
    part = package.free_name("xl/drawings/vmlDrawing{}.vml")
    package.put(part, root, _VML_TYPE)
    reference = etree.Element(f"{{{MAIN}}}legacyDrawing", nsmap={"r": OFFICE})
    reference.set(f"{{{OFFICE}}}id", package.relate(sheet, "vmlDrawing", part))
    insert_before(package.tree(sheet), reference, _AFTER_DRAWING)
    return root


def _legacy_drawing(package: Package, sheet: str) -> str | None:
    reference = package.tree(sheet).find(f"{{{MAIN}}}legacyDrawing")
    part = None if reference is None else package.target(sheet, reference.get(f"{{{OFFICE}}}id"))
    return part if part is not None and part in package else None


def _note_shape(sheet: etree._Element, cell: str, text: str, *, is_open: bool) -> etree._Element:
    """The box of one note, below its row, so that the cells beside it are seen, and as high as its text."""
    row, column = (number - 1 for number in place(cell))
    lines = sum(len(line) // 48 + 1 for line in text.split("\n")) + 2
    visibility = "visible" if is_open else "hidden"
    shape = etree.Element(f"{{{_VML}}}shape", nsmap={"v": _VML, "o": _OFFICE_VML, "x": _EXCEL})
    shape.set("id", f"ketnghia_{cell}")
    shape.set("type", "#_x0000_t202")
    shape.set("style", f"position:absolute;width:270pt;height:{15 * lines}pt;z-index:1;visibility:{visibility}")
    shape.set("fillcolor", "#ffffe1")
    shape.set(f"{{{_OFFICE_VML}}}insetmode", "auto")
    etree.SubElement(shape, f"{{{_VML}}}fill", color2="#ffffe1")
    box = etree.SubElement(shape, f"{{{_VML}}}textbox", style="mso-direction-alt:auto")
    etree.SubElement(box, "div", style="text-align:left")
    data = etree.SubElement(shape, f"{{{_EXCEL}}}ClientData", ObjectType="Note")
    right, over = _reach(sheet, column + 1, _NOTE_PIXELS)
    anchor = f"{column + 1}, 8, {row + 1}, 4, {right}, {over}, {row + 1 + lines}, 4"
    for name, value in (("MoveWithCells", None), ("SizeWithCells", None), ("Anchor", anchor), ("AutoFill", "False"),
                        ("Row", str(row)), ("Column", str(column)), *([("Visible", None)] if is_open else [])):  # fmt: skip
        etree.SubElement(data, f"{{{_EXCEL}}}{name}").text = value
    return shape


def _reach(sheet: etree._Element, column: int, pixels: int) -> tuple[int, int]:
    """The column, counted from 0, in which a box of that width ends that begins with `column`, and how far into it."""
    widths = {}
    for each in sheet.iterfind(f"{{{MAIN}}}cols/{{{MAIN}}}col"):
        first, last = int(each.get("min")), int(each.get("max"))
        for number in range(first, min(last, first + 200) + 1):
            shown = 0.0 if each.get("hidden") in ("1", "true") else float(each.get("width", "9"))
            widths[number - 1] = int(shown * 7) + 5 if shown else 0
    left = pixels
    while (width := widths.get(column, 64)) < left:
        column, left = column + 1, left - width
    return column, left
