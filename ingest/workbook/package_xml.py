"""What the reader leaves out of an .xlsx: read from the package's XML as a stream, stopped at the limits."""

import re
from typing import NamedTuple
from xml.etree import ElementTree
from xml.parsers import expat

from domain.errors import UnreadableFile
from domain.form import column_letter
from ingest.workbook.legacy_text import encoding_of_font
from ingest.workbook.limits import Limits
from ingest.workbook.ordinary_cells import without_ordinary_cells
from ingest.workbook.package import BROKEN, Package, SheetEntry
from ingest.workbook.sheet_notes import SheetNotes, column_of, too_far
from ingest.workbook.sheet_styles import OddStyle, odd_styles

_VARIANT = "{http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes}lpwstr"
_VARIANT_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes}lpwstr"
_OTHER_FILE = re.compile(r"(?<![\w\]])\[\d+\][^\[\]!]*!|\[[^\[\]]+\.(xls|ods)\w?\]", re.IGNORECASE)
"""`[1]Sheet!A1`, `'[1]Sheet 2'!A1`, `[1]!Name`; a table's `Table1[Column]` is none."""
_PICTURE_FORMULA = re.compile(r"\b(DISPIMG|IMAGE)\(", re.IGNORECASE)
_LEAST_ROW_HEIGHT, _LEAST_COLUMN_WIDTH = 2.0, 0.3
"""Rows (in points) and columns (in letters) below that cannot be seen."""
_SHORTEST_TEXT = len("<si/>")
_YES = ("1", "true")


def custom_properties(package: Package) -> dict[str, str]:
    """The workbook's custom properties that hold text."""
    name = package.custom if package.custom in package else "docprops/custom.xml"
    if name not in package:
        return {}
    return {
        entry.get("name", ""): entry.findtext(_VARIANT) or entry.findtext(_VARIANT_STRICT) or ""
        for entry in ElementTree.fromstring(package.read(name))
    }


def notes_by_sheet(package: Package, sheets: list[SheetEntry], limits: Limits) -> dict[str, SheetNotes]:
    """The notes on every worksheet, by its name.

    Raises:
        UnreadableFile: if a sheet reaches farther than the limits; reading it would exhaust memory.
    """
    odd = _OddInBook(odd_styles(package), _odd_shared_texts(package), _names_in_other_files(package))
    return {
        each.name: _SheetScan(each.name, odd, limits).notes_on(package.read(each.part))
        for each in sheets
        if each.part is not None and each.relation is not None and each.relation.type != "chartsheet"
    }


class _OddInBook(NamedTuple):
    """What the cells of all sheets refer to, as far as it is odd."""

    styles: dict[str, OddStyle]
    texts: dict[str, OddStyle]
    linked_names: re.Pattern[str] | None
    """Names that stand for a place in another file."""


class _SheetScan:
    """One pass over a sheet's XML; what is ordinary costs next to nothing."""

    def __init__(self, name: str, odd: _OddInBook, limits: Limits) -> None:
        self._name, self._limits = name, limits
        self._styles, self._texts, self._linked_names = odd
        self._notes = SheetNotes()
        self._row, self._column, self._address = 0, 0, ""
        self._row_is_filled = self._row_is_flat = self._rows_start_hidden = False
        self._cell: dict[str, str] = {}
        self._text: list[str] = []
        self._value, self._shared = "", ""
        self._formula: str | None = None
        self._has_inline = False
        self._run = OddStyle()
        self._linked_groups: set[str] = set()
        self._columns: dict[str, int] = {}
        self._parser = expat.ParserCreate()

    def notes_on(self, xml: bytes) -> SheetNotes:
        """Everything odd about the sheet."""
        parser = self._parser
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        parser.StartElementHandler = self._first
        try:
            parser.Parse(without_ordinary_cells(xml, self._styles, has_odd_texts=bool(self._texts)), True)
        except expat.ExpatError as error:
            raise UnreadableFile(BROKEN) from error
        self._notes.hidden_columns = sorted(set(self._notes.hidden_columns))
        return self._notes

    def _first(self, name: str, attributes: dict[str, str]) -> None:
        """The root tells the prefix of the names that count."""
        prefix = name[: -len("worksheet")] if name.endswith("worksheet") else ""
        starts = {
            "c": self._start_cell, "v": self._start_value, "f": self._start_formula, "is": self._start_inline,
            "row": self._start_row, "col": self._start_column, "sheetFormatPr": self._start_format,
            "strike": self._start_strike, "rFont": self._start_font,
        }  # fmt: skip
        ends = {"c": self._end_cell, "v": self._end_value, "f": self._end_formula, "row": self._end_row}
        start_of = {prefix + tag: handler for tag, handler in starts.items()}.get
        end_of = {prefix + tag: handler for tag, handler in ends.items()}.get

        def start(name: str, attributes: dict[str, str]) -> None:
            handler = start_of(name)
            if handler is not None:
                handler(attributes)

        def end(name: str) -> None:
            handler = end_of(name)
            if handler is not None:
                handler()

        self._parser.StartElementHandler, self._parser.EndElementHandler = start, end
        start(name, attributes)

    def _start_format(self, attributes: dict[str, str]) -> None:
        is_flat = float(attributes.get("defaultRowHeight", "15")) < _LEAST_ROW_HEIGHT
        self._rows_start_hidden = is_flat or attributes.get("zeroHeight") in _YES

    def _start_column(self, attributes: dict[str, str]) -> None:
        is_narrow = float(attributes.get("width", "9")) < _LEAST_COLUMN_WIDTH
        if is_narrow or attributes.get("hidden") in _YES:
            last = min(int(attributes.get("max", "0")), self._limits.columns)
            self._notes.hidden_columns += range(int(attributes.get("min", "1")), last + 1)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
        self._column, self._address, self._row_is_filled = 0, "", False
        height = attributes.get("ht")
        self._row_is_flat = (
            attributes.get("hidden") in _YES
            or (height is not None and float(height) < _LEAST_ROW_HEIGHT)
            or (height is None and self._rows_start_hidden)
        )

    def _end_row(self) -> None:
        if self._row_is_filled and self._row_is_flat:
            self._notes.hidden_rows.append(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell = attributes
        address = attributes.get("r")
        if address is not None:
            self._address = address
        else:
            # A cell that does not say where it stands follows the one before it.
            row, column = self._place()
            self._address = f"{column_letter(column + 1)}{row}"

    def _place(self) -> tuple[int, int]:
        """Row and column of the cell that was met last; column 0 at the row's beginning."""
        if not self._address:
            return self._row, 0
        letters = self._address.rstrip("0123456789")
        column = self._columns.get(letters)
        if column is None:
            column = self._columns[letters] = column_of(letters)
        return int(self._address[len(letters) :]), column

    def _start_value(self, attributes: dict[str, str]) -> None:
        self._text = []
        self._parser.CharacterDataHandler = self._text.append

    def _end_value(self) -> None:
        self._parser.CharacterDataHandler = None
        self._value = "".join(self._text)

    def _start_formula(self, attributes: dict[str, str]) -> None:
        self._shared = attributes.get("si", "")
        self._start_value(attributes)

    def _end_formula(self) -> None:
        self._parser.CharacterDataHandler = None
        self._formula = "".join(self._text)

    def _start_inline(self, attributes: dict[str, str]) -> None:
        self._has_inline = True

    def _start_strike(self, attributes: dict[str, str]) -> None:
        if attributes.get("val", "1") in _YES:
            self._run = self._run._replace(is_struck=True)

    def _start_font(self, attributes: dict[str, str]) -> None:
        self._run = self._run._replace(encoding=encoding_of_font(attributes.get("val")) or self._run.encoding)

    def _end_cell(self) -> None:
        if self._value or self._formula is not None or self._has_inline:
            self._note_cell()
            self._value, self._formula, self._shared, self._has_inline = "", None, "", False
            self._run = OddStyle()

    def _note_cell(self) -> None:
        """Note what is odd about a cell in which something stands."""
        notes, cell, address, value, formula = self._notes, self._cell, self._address, self._value, self._formula
        row, column = self._place()
        if row > self._limits.rows or column > self._limits.columns:
            raise too_far(self._name, address)
        self._row_is_filled = True
        kind = cell.get("t")
        if formula is not None and self._is_linked(formula):
            notes.linked.append(address)
        if (kind == "e" and "vm" in cell) or (formula and _PICTURE_FORMULA.search(formula)):
            notes.pictures.append(address)
        elif kind == "e" and value:
            notes.troubled[address] = value
        elif formula is not None and not value and kind != "str":
            notes.troubled[address] = f"={formula}"
        style = self._styles.get(cell.get("s", "0"))
        text = self._texts.get(value) if kind == "s" else self._run if self._has_inline else None
        if style is not None or text is not None:
            self._note_style(style or OddStyle(), text or OddStyle(), is_text=kind in ("s", "str", "inlineStr"))

    def _note_style(self, style: OddStyle, text: OddStyle, *, is_text: bool) -> None:
        notes, address = self._notes, self._address
        encoding = text.encoding or style.encoding
        if is_text and encoding:
            notes.fonts[address] = encoding
        elif style.is_percent and not is_text and address not in notes.troubled:
            notes.percent.append(address)
        if style.is_struck or text.is_struck:
            notes.struck.append(address)
        if style.hides_texts if is_text else style.hides_numbers:
            notes.unseen.append(address)

    def _is_linked(self, formula: str) -> bool:
        """Whether the formula asks another file; the copies of a shared formula do not repeat it."""
        names = self._linked_names
        if ("[" in formula and _OTHER_FILE.search(formula)) or (names is not None and names.search(formula)):
            if self._shared:
                self._linked_groups.add(self._shared)
            return True
        return not formula and self._shared in self._linked_groups


def _names_in_other_files(package: Package) -> re.Pattern[str] | None:
    xml = package.read(package.document or "")
    if b"definedName" not in xml or b"[" not in xml:
        return None
    defined = [each for each in ElementTree.fromstring(xml).iter() if each.tag.rpartition("}")[2] == "definedName"]
    names = [re.escape(each.get("name", "")) for each in defined if _OTHER_FILE.search(each.text or "")]
    return re.compile(rf"(?<![\w.])({'|'.join(names)})(?![\w.(])", re.IGNORECASE) if names else None


def _refuse_doctype(*_: object) -> None:
    """Entities can swell without end or ask for files of this machine; Excel writes none."""
    raise UnreadableFile(BROKEN)


def _odd_shared_texts(package: Package) -> dict[str, OddStyle]:
    """Shared texts whose own runs are struck or in a font of before Unicode, by their index.

    Raises:
        UnreadableFile: if the table announces more texts than its bytes can hold; the reader reserves room for them.
    """
    found: dict[str, OddStyle] = {}
    name = package.related("sharedStrings") or "xl/sharedstrings.xml"
    if name not in package:
        return found
    xml = package.read(name)
    announced = max((int(number) for number in re.findall(rb'\b(?:uniqueC|c)ount="(\d+)"', xml[:4_096])), default=0)
    if announced > len(xml) // _SHORTEST_TEXT + 1_000_000:
        raise UnreadableFile(BROKEN)
    if b"rFont" not in xml and b"strike" not in xml:
        return found
    for index, text in enumerate(_texts(xml)):
        style = OddStyle()
        for element in text.iter():
            tag = element.tag.rpartition("}")[2]
            if tag == "rFont":
                style = style._replace(encoding=encoding_of_font(element.get("val")) or style.encoding)
            elif tag == "strike" and element.get("val", "1") in _YES:
                style = style._replace(is_struck=True)
        if style != OddStyle():
            found[str(index)] = style
    return found


def _texts(xml: bytes) -> list[ElementTree.Element]:
    return [element for element in ElementTree.fromstring(xml) if element.tag.rpartition("}")[2] == "si"]
