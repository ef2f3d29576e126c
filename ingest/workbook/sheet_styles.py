"""Which cell styles of an .xlsx say something about the value: struck, unseen, a percentage, an old font."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.etree import ElementTree

from ingest.workbook.legacy_text import encoding_of_font
from ingest.workbook.package import Package


class OddStyle(NamedTuple):
    """What a style, or a run of text, says of the value beneath it."""

    encoding: str | None = None
    is_percent: bool = False
    is_struck: bool = False
    hides_numbers: bool = False
    hides_texts: bool = False


_PERCENT_FORMATS = frozenset({9, 10})
_WHITE = "FFFFFF"
_LITERAL = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h|m|s)[^\]]*\]', re.IGNORECASE)
"""What a format writes whatever the number is, and its colours and conditions."""
_SHOWN_NUMBER = re.compile(r"[0#?@]|general|[dmyhs]", re.IGNORECASE)


def odd_styles(package: Package) -> dict[str, OddStyle]:
    """The styles that are not ordinary, by the number that cells carry."""
    name = package.related("styles") or "xl/styles.xml"
    if name not in package:
        return {}
    root = ElementTree.fromstring(package.read(name))
    fonts, fills = list(_children(root, "fonts")), [_fill_colour(each) for each in _children(root, "fills")]
    formats = {int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in _children(root, "numFmts")}
    odd = {}
    for index, style in enumerate(_children(root, "cellXfs")):
        font, fill = int(style.get("fontId", "0")), int(style.get("fillId", "0"))
        number = int(style.get("numFmtId", "0"))
        found = (
            _font_style(fonts[font], fills[fill] if fill < len(fills) else _WHITE) if font < len(fonts) else OddStyle()
        )
        hides_numbers, hides_texts = hidden_by_format(formats.get(number, ""))
        found = found._replace(
            is_percent=number in _PERCENT_FORMATS or "%" in formats.get(number, ""),
            hides_numbers=found.hides_numbers or hides_numbers,
            hides_texts=found.hides_texts or hides_texts,
        )
        if found != OddStyle():
            odd[str(index)] = found
    return odd


def hidden_by_format(code: str) -> tuple[bool, bool]:
    """Whether a number format shows nothing of a positive number, and nothing of a text.

    A constant in its place, `"0"`, hides the number as well.
    """
    sections = [_LITERAL.sub("", section) for section in code.split(";")] if code else ["General"]
    hides_numbers = not _SHOWN_NUMBER.search(sections[0])
    return hides_numbers, len(sections) > 3 and "@" not in sections[3]


def _font_style(font: ElementTree.Element, behind: str | None) -> OddStyle:
    encoding, colour, is_struck = None, None, False
    for part in font:
        match part.tag.rpartition("}")[2]:
            case "name":
                encoding = encoding_of_font(part.get("val"))
            case "color":
                colour = _colour(part)
            case "strike":
                is_struck = part.get("val", "1") in ("1", "true")
    is_unseen = colour is not None and colour == behind
    return OddStyle(encoding, is_struck=is_struck, hides_numbers=is_unseen, hides_texts=is_unseen)


def _fill_colour(fill: ElementTree.Element) -> str | None:
    """The colour behind a cell: white where it is not filled, null where it is not plain."""
    pattern = next(iter(fill), None)
    if pattern is None or pattern.get("patternType", "none") == "none":
        return _WHITE
    plain = next((each for each in pattern if each.tag.endswith("fgColor")), None)
    return _colour(plain) if plain is not None and pattern.get("patternType") == "solid" else None


def _colour(element: ElementTree.Element) -> str | None:
    """Six digits of a colour that is said plainly; the theme's first and the palette's second are white."""
    if element.get("rgb"):
        return str(element.get("rgb"))[-6:].upper()
    is_white = element.get("theme") == "0" or element.get("indexed") in ("1", "9", "65")
    return _WHITE if is_white and float(element.get("tint", "0")) == 0 else None


def _children(root: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    for element in root:
        if element.tag.rpartition("}")[2] == tag:
            yield from element
