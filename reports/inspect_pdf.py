"""Opens a printed PDF again: is it what we meant, in our font, with every number accounted for?"""

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdf
import pypdfium2

from domain.errors import BadDocument
from domain.figures import Figure

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Inspected:
    """What was found in the PDF."""

    pages: int
    text: str
    font_families: frozenset[str]
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    destinations: frozenset[str] = frozenset()
    """The ids of the figures that can be found in it."""


def open_pdf(pdf: bytes) -> Inspected:
    """Read pages, text and fonts back."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    document = pypdfium2.PdfDocument(pdf)
    try:
        text = "\n".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "\n")
    finally:
        document.close()
    fonts = frozenset(
        str(font.get_object()["/BaseFont"]).split("+")[-1].lstrip("/").split("-")[0]
        for page in reader.pages
        for font in _fonts_of(page).values()
    )
    attachments = {name: contents[0] for name, contents in reader.attachments.items()}
    return Inspected(len(reader.pages), text, fonts, attachments, frozenset(reader.named_destinations))


def numbers_in(text: str) -> set[str]:
    """Every group of digits, with the dots and commas inside it."""
    return set(_DIGITS.findall(text))


def refuse_faulty(pdf: bytes, figures: Sequence[Figure], attached: Iterable[tuple[str, bytes, str]] = ()) -> Inspected:
    """Stop an edition whose PDF is not what it should be.

    Raises:
        BadDocument: names the stray number, foreign font or text that cannot be read back.
    """
    found = open_pdf(pdf)
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
    if found.attachments != {name: content for name, content, _ in attached}:
        raise BadDocument("Tệp đính kèm trong PDF không đúng với số liệu của bản này.")
    return found


def _fonts_of(page: Any) -> dict[str, Any]:
    fonts: dict[str, Any] = page["/Resources"].get("/Font", {})
    return fonts
