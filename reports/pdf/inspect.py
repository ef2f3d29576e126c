"""Opens a printed PDF again and checks its numbers, fonts, margins, tables and attachments."""

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdf
import pypdfium2

from domain.errors import BadDocument
from domain.figures import OFFICE, Figure

_POINTS_PER_MM = 72 / 25.4
_LEFT_MM, _RIGHT_MM = {False: 30, True: 20}, 15
"""The margins of upright and of landscape pages."""
_TOLERANCE = 5
"""In points: a justified line of WeasyPrint 70 was seen to end 3.6 points beyond its edge."""
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Inspected:
    """The contents of a PDF that are checked."""

    pages: int
    text: str
    font_families: frozenset[str]
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    destinations: frozenset[str] = frozenset()
    """The ids of the figures that can be found in it."""
    overflows: Sequence[str] = ()
    """What reaches over the edge of the text: page and words."""
    empty_tables: int = 0
    """How many tables of the tree have no cell with text."""


def open_pdf(pdf: bytes) -> Inspected:
    """Read pages, text and fonts back."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [page.get_textpage() for page in document]
        text = "\n".join(page.get_text_range() for page in pages).replace("\r\n", "\n")
        overflows = [
            f"trang {number}: “{text_over}”"
            for number, (page, drawn) in enumerate(zip(document, pages, strict=True), start=1)
            for text_over in _over_the_edge(page, drawn)
        ]
    finally:
        document.close()
    fonts = frozenset(
        str(font.get_object()["/BaseFont"]).split("+")[-1].lstrip("/").split("-")[0]
        for page in reader.pages
        for font in _fonts_of(page).values()
    )
    attachments = {name: contents[0] for name, contents in reader.attachments.items()}
    return Inspected(
        len(reader.pages),
        text,
        fonts,
        attachments,
        frozenset(reader.named_destinations),
        overflows,
        sum(not rows for rows in _rows_of_tables(reader)),
    )


def numbers_in(text: str) -> set[str]:
    """Every group of digits, with the dots and commas inside it."""
    return set(_DIGITS.findall(text))


def refuse_faulty(pdf: bytes, figures: Sequence[Figure], attached: Iterable[tuple[str, bytes, str]] = ()) -> Inspected:
    """Stop an edition whose PDF is not what it should be.

    Raises:
        BadDocument: names the stray number, the foreign font, the words in the margin or the text that cannot be read back.
    """
    found = open_pdf(pdf)
    figures = [figure for figure in figures if figure.kind != OFFICE]
    placed = {group for figure in figures for group in numbers_in(figure.text)}
    placed |= {str(page) for page in range(1, found.pages + 1)}
    stray = sorted(numbers_in(found.text) - placed)
    if stray:
        raise BadDocument(f"Trang in có số không thuộc bảng số liệu của bản này: {', '.join(stray[:5])}.")
    on_page = numbers_in(found.text)
    absent = [figure.figure_id for figure in figures if not numbers_in(figure.text) <= on_page]
    if absent:
        raise BadDocument(f"Trang in thiếu số đã đặt: {', '.join(absent[:5])}.")
    foreign = {family for family in found.font_families if not family.startswith("Tinos")}
    if foreign:
        raise BadDocument(f"Trang in dùng phông chữ lạ: {', '.join(sorted(foreign))}.")
    if found.text != unicodedata.normalize("NFC", found.text):
        raise BadDocument("Chữ trong tệp PDF không ở dạng Unicode dựng sẵn (NFC).")
    if found.overflows:
        raise BadDocument(f"Chữ tràn ra ngoài lề: {'; '.join(found.overflows[:5])}.")
    if found.empty_tables:
        raise BadDocument(f"Có {found.empty_tables} bảng không có dòng nào.")
    if found.attachments != {name: content for name, content, _ in attached}:
        raise BadDocument("Tệp đính kèm trong PDF không đúng với số liệu của bản này.")
    return found


def _over_the_edge(page: Any, drawn: Any) -> Iterable[str]:
    """Words whose ink reaches into the margins at the sides; the mark of a draft, a group of its own, does on purpose."""
    width, height = page.get_size()
    left = _LEFT_MM[width > height] * _POINTS_PER_MM - _TOLERANCE
    right = width - _RIGHT_MM * _POINTS_PER_MM + _TOLERANCE
    for text in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=1):
        begins, low, ends, high = text.get_bounds()
        over = drawn.get_text_bounded(begins, low, ends, high).strip() if begins < left or ends > right else ""
        if over:
            yield over


def _rows_of_tables(reader: pypdf.PdfReader) -> Iterable[int]:
    """How many rows each table of the tree has below its headings."""
    root: Any = reader.trailer["/Root"]
    waiting = [root["/StructTreeRoot"]] if "/StructTreeRoot" in root else []
    while waiting:
        element = waiting.pop().get_object()
        if not isinstance(element, dict):
            continue
        kids = element.get("/K", [])
        kids = kids if isinstance(kids, list) else [kids]
        if element.get("/S") == "/Table":
            bodies = [kid.get_object() for kid in kids if _role(kid) == "/TBody"]
            yield sum(len(body["/K"]) for body in bodies)
        else:
            waiting += [kid for kid in kids if _role(kid)]


def _role(kid: Any) -> str:
    element = kid.get_object() if hasattr(kid, "get_object") else kid
    return str(element.get("/S", "")) if isinstance(element, dict) else ""


def _fonts_of(page: Any) -> dict[str, Any]:
    fonts: dict[str, Any] = page["/Resources"].get("/Font", {})
    return fonts
