"""Flattens a drawing by Vega, so that it fits PDF/A and is smaller.

PDF/A allows 28 nested states of the pen (ISO 32000-1, Annex C), and WeasyPrint opens one for every nested group.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from reports.pdf.faces import width_of

_SVG = "{http://www.w3.org/2000/svg}"
_TRANSLATE = re.compile(r"translate\(\s*([-\d.e]+)[ ,]\s*([-\d.e]+)\s*\)")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_FOR_SCREENS = ("class", "role")
_NOTHING = {"fill": "black", "stroke": "none"}
"""What a path is filled and drawn with where nothing is said."""


def flat_svg(svg: str, fonts: Path) -> str:
    """The same picture without groups that only move their parts, its texts anchored where they begin.

    WeasyPrint draws a text that is anchored elsewhere as a group of its own in the PDF.
    """
    ElementTree.register_namespace("", _SVG.strip("{}"))
    root = ElementTree.fromstring(svg)
    parts = list(_parts(root, 0.0, 0.0, {}))
    for child in list(root):
        root.remove(child)
    for part in parts:
        root.extend(_lines(part, fonts) if part.tag == f"{_SVG}text" else [part])
    for name in _FOR_SCREENS:
        root.attrib.pop(name, None)
    for element in root.iter():
        for name, value in element.attrib.items():
            element.set(name, _LONG_NUMBER.sub(_shorter, value))
    return ElementTree.tostring(root, encoding="unicode")


def _parts(parent: Element, x: float, y: float, inherited: Mapping[str, str]) -> Iterator[Element]:
    """Everything that is drawn, each part with its own place and pen."""
    for child in parent:
        own = {
            name: value
            for name, value in child.attrib.items()
            if name not in _FOR_SCREENS and not name.startswith("aria-")
        }
        moved = _TRANSLATE.fullmatch(own.get("transform", ""))
        if (
            child.tag == f"{_SVG}g"
            and ("transform" not in own or moved)
            and "clip-path" not in own
            and "opacity" not in own
        ):
            dx, dy = (float(moved[1]), float(moved[2])) if moved else (0.0, 0.0)
            own.pop("transform", None)
            yield from _parts(child, x + dx, y + dy, {**inherited, **own})
            continue
        if moved:
            own["transform"] = f"translate({x + float(moved[1])},{y + float(moved[2])})"
        elif x or y:
            own["transform"] = f"translate({x},{y}) {own.get('transform', '')}".strip()
        pen = {**inherited, **own}
        if child.tag == f"{_SVG}path" and all(pen.get(name, absent) == "none" for name, absent in _NOTHING.items()):
            continue
        child.attrib.clear()
        child.attrib.update(pen)
        yield child


def _lines(text: Element, fonts: Path) -> Iterator[Element]:
    """Each line of a text by itself, anchored where it begins."""
    anchor, moved = text.attrib.pop("text-anchor", "start"), _TRANSLATE.match(text.get("transform", ""))
    if moved is None:
        yield text
        return
    size = float(text.get("font-size", "11px").removesuffix("px"))
    is_bold, turned = text.get("font-weight") == "bold", text.get("transform", "")[moved.end() :]
    down = float(moved[2])
    for part in list(text) or [text]:
        content = part.text or ""
        down += float(part.get("dy", "0")) if part is not text else 0
        width = width_of(content, size, fonts, is_bold=is_bold)
        begin = float(moved[1]) - {"middle": width / 2, "end": width}.get(anchor, 0)
        line = Element(text.tag, {**text.attrib, "transform": f"translate({begin},{down}){turned}"})
        line.text = content
        yield line


def _shorter(number: re.Match[str]) -> str:
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")
