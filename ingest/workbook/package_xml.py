"""What the reader leaves out of an .xlsx: read from the package's XML as a stream, stopped at the limits."""

import posixpath
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree

from domain.errors import UnreadableFile
from ingest.workbook.legacy_text import encoding_of_font
from ingest.workbook.limits import Limits
from ingest.workbook.sheet_notes import SheetNotes, position, too_far

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_VARIANT = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}lpwstr"
_PERCENT_FORMATS = frozenset({9, 10})


def custom_properties(package: zipfile.ZipFile) -> dict[str, str]:
    """The workbook's custom properties that hold text."""
    if "docProps/custom.xml" not in package.namelist():
        return {}
    root = ElementTree.fromstring(package.read("docProps/custom.xml"))
    return {entry.get("name", ""): entry.findtext(_VARIANT, "") for entry in root}


def notes_by_sheet(package: zipfile.ZipFile, limits: Limits) -> dict[str, SheetNotes]:
    """The notes on every worksheet, by its name.

    Raises:
        UnreadableFile: if a sheet reaches farther than the limits; reading it would exhaust memory.
    """
    styles = _Styles(package)
    texts = _legacy_shared_texts(package)
    targets = {
        entry.get("Id"): posixpath.normpath(posixpath.join("xl", entry.get("Target", "").removeprefix("/xl/")))
        for entry in ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))
    }
    notes: dict[str, SheetNotes] = {}
    names = package.namelist()
    for sheet in _elements(package, "xl/workbook.xml", "sheet"):
        target = targets.get(next((sheet.get(key) for key in _RELATION if sheet.get(key)), None))
        name = sheet.get("name", "")
        if target in names:
            notes[name] = _notes(package, str(target), name, styles, texts, limits)
    if len(notes) > limits.sheets:
        raise UnreadableFile(f"Sổ tính có {len(notes)} sheet; xóa các sheet không thuộc biểu mẫu rồi gửi lại.")
    return notes


def _notes(
    package: zipfile.ZipFile, target: str, name: str, styles: "_Styles", texts: dict[int, str], limits: Limits
) -> SheetNotes:
    notes = SheetNotes()
    row, is_filled = 0, False
    with package.open(target) as xml:
        for _, element in ElementTree.iterparse(xml):
            tag = element.tag.rpartition("}")[2]
            if tag == "c":
                is_filled |= _note_cell(notes, element, styles, texts, name, limits)
            elif tag == "row":
                row = int(element.get("r") or row + 1)
                if is_filled and row > limits.rows:
                    raise too_far(name, f"A{row}")
                if element.get("hidden") in ("1", "true") and len(element):
                    notes.hidden_rows.append(row)
                is_filled = False
                element.clear()
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                last = min(int(element.get("max", "0")), limits.columns)
                notes.hidden_columns += range(int(element.get("min", "1")), last + 1)
    return notes


def _note_cell(
    notes: SheetNotes, cell: ElementTree.Element, styles: "_Styles", texts: dict[int, str], name: str, limits: Limits
) -> bool:
    """Note what is odd about a cell; whether anything stands in it."""
    value, formula = _child(cell, "v"), _child(cell, "f")
    written = value.text if value is not None else None
    if not written and formula is None and _child(cell, "is") is None:
        return False
    address = cell.get("r", "A1")
    row, column = position(address)
    if row > limits.rows or column > limits.columns:
        raise too_far(name, address)
    kind, style = cell.get("t"), int(cell.get("s", "0"))
    if kind == "e" and written:
        notes.troubled[address] = written
    elif formula is not None and not written and kind != "str":
        notes.troubled[address] = f"={formula.text or ''}"
    elif kind in ("s", "str", "inlineStr"):
        encoding = texts.get(int(written)) if kind == "s" and written else None
        encoding = encoding or styles.encoding.get(style)
        if encoding:
            notes.fonts[address] = encoding
    elif style in styles.percent:
        notes.percent.append(address)
    return True


class _Styles:
    """Which cell styles use a font of before Unicode, and which show a percentage."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.encoding: dict[int, str] = {}
        self.percent: set[int] = set()
        if "xl/styles.xml" not in package.namelist():
            return
        root = ElementTree.fromstring(package.read("xl/styles.xml"))
        fonts = [
            encoding_of_font(named.get("val") if (named := _child(font, "name")) is not None else None)
            for font in _children(root, "fonts")
        ]
        own = {
            int(entry.get("numFmtId", "0"))
            for entry in _children(root, "numFmts")
            if "%" in entry.get("formatCode", "")
        }
        for index, style in enumerate(_children(root, "cellXfs")):
            font = int(style.get("fontId", "0"))
            encoding = fonts[font] if font < len(fonts) else None
            if encoding:
                self.encoding[index] = encoding
            if int(style.get("numFmtId", "0")) in _PERCENT_FORMATS | own:
                self.percent.add(index)


def _legacy_shared_texts(package: zipfile.ZipFile) -> dict[int, str]:
    """Shared texts whose own runs are in a font of before Unicode, by their index."""
    found: dict[int, str] = {}
    if "xl/sharedStrings.xml" not in package.namelist():
        return found
    for index, text in enumerate(_elements(package, "xl/sharedStrings.xml", "si")):
        for font in text.iter():
            encoding = encoding_of_font(font.get("val")) if font.tag.endswith("}rFont") else None
            if encoding:
                found[index] = encoding
        text.clear()
    return found


def _elements(package: zipfile.ZipFile, name: str, tag: str) -> Iterator[ElementTree.Element]:
    with package.open(name) as xml:
        for _, element in ElementTree.iterparse(xml):
            if element.tag in (_MAIN + tag, _STRICT + tag):
                yield element


def _child(element: ElementTree.Element, tag: str) -> ElementTree.Element | None:
    found = element.find(_MAIN + tag)
    return element.find(_STRICT + tag) if found is None else found


def _children(root: ElementTree.Element, tag: str) -> list[ElementTree.Element]:
    found = _child(root, tag)
    return [] if found is None else list(found)
