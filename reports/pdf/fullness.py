"""How full the pages of a report are, as they were laid out and before they are printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pypdfium2

from reports.pdf.render import Page

_PX_PER_MM = 96 / 25.4
_TOP_MM, _FOOT_MM = 20, 20
"""The margins above and below the text."""
_CLOSING, _CLOSING_MM = "Nơi nhận:", 56
"""The last block of the body begins so; with powers, the place of the seal and the name it is about so high, ink or none."""
_DESCENT_EM = 0.22
"""So far below the line the letters reach."""
_ANNEXES = "Phụ lục I"
"""The first line of the first page of the appendices."""


@dataclass(frozen=True, slots=True)
class PageFill:
    """How much of a page's height is used, from 0 to 1, and whether it belongs to the appendices."""

    filled: float
    is_annexed: bool


def fills(page: Page) -> Sequence[PageFill]:
    """Every page of the document, in order."""
    found: list[PageFill] = []
    for sheet in page.document.pages:
        box = sheet._page_box
        # What stands in the margins comes after the text, and does not count.
        text = box.children[0]
        is_annexed = _first_line(text) == _ANNEXES or bool(found and found[-1].is_annexed)
        found.append(PageFill(_filled(text, box.margin_height()), is_annexed))
    return found


def page_count(pdf: bytes) -> int:
    """How many pages it has."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


def _first_line(text: Any) -> str:
    from weasyprint.formatting_structure.boxes import LineBox, TextBox

    lines = (each for each in text.descendants() if isinstance(each, LineBox))
    words = ("".join(part.text for part in line.descendants() if isinstance(part, TextBox)).strip() for line in lines)
    return next(filter(None, words), "")


def _filled(text: Any, height: float) -> float:
    """From the top of the text to the lowest ink above the foot."""
    top, foot = _TOP_MM * _PX_PER_MM, height - _FOOT_MM * _PX_PER_MM
    inside = [low for low in _lows(text, foot) if top <= low <= foot + 1]
    return float((max(inside, default=top) - top) / (foot - top))


def _lows(text: Any, foot: float) -> Iterator[float]:
    """Where what is drawn ends: words, pictures, and boxes with a border.

    Not seen is a background without a border, or a box that is placed by itself; a style that prints such at a page's foot has to
    be taught here (`tests/reports/pdf/test_fullness.py` compares with what is printed).
    """
    from weasyprint.formatting_structure.boxes import ReplacedBox, TextBox

    for box in text.descendants():
        if isinstance(box, TextBox):
            if box.text.strip():
                yield box.position_y + box.baseline + _DESCENT_EM * box.style["font_size"]
            if _CLOSING in box.text:
                yield min(box.position_y + _CLOSING_MM * _PX_PER_MM, foot)
        elif isinstance(box, ReplacedBox):
            yield box.content_box_y() + box.height
        elif any(box.style[f"border_{side}_width"] for side in ("top", "right", "bottom", "left")):
            yield box.border_box_y() + box.border_height()
