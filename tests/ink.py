"""How full the pages of a printed report are, measured on the PDF by another engine than the one that laid it out."""

from collections.abc import Sequence

import pypdfium2

from reports.pdf.fullness import PageFill

_POINTS_PER_MM = 72 / 25.4
_TOP_MM, _FOOT_MM = 20, 20
"""The margins above and below the text."""
_CLOSING, _CLOSING_MM = "Nơi nhận:", 56
"""The last block of the body begins so; with powers, the place of the seal and the name it is about so high, ink or none."""
_DRAWN = (pypdfium2.raw.FPDF_PAGEOBJ_TEXT, pypdfium2.raw.FPDF_PAGEOBJ_PATH, pypdfium2.raw.FPDF_PAGEOBJ_IMAGE)


def ink_of(pdf: bytes) -> Sequence[PageFill]:
    """Every page, in order."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        found: list[PageFill] = []
        for page in document:
            text = page.get_textpage().get_text_range().lstrip()
            is_annexed = text.startswith("Phụ lục I\r\n") or bool(found and found[-1].is_annexed)
            found.append(PageFill(_filled(page), is_annexed))
        return found
    finally:
        document.close()


def _filled(page: pypdfium2.PdfPage) -> float:
    """From the top of the text to the lowest ink above the foot; what stands in the margins does not count."""
    height = page.get_height()
    foot, top = _FOOT_MM * _POINTS_PER_MM, height - _TOP_MM * _POINTS_PER_MM
    lows = [each.get_bounds()[1] for each in page.get_objects(filter=_DRAWN, max_depth=1)]
    drawn = page.get_textpage()
    closing = drawn.search(_CLOSING).get_next()
    if closing is not None:
        lows.append(max(drawn.get_charbox(closing[0])[3] - _CLOSING_MM * _POINTS_PER_MM, foot))
    inside = [low for low in lows if foot - 1 <= low <= top]
    return float((top - min(inside, default=top)) / (top - foot))
