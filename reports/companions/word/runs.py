"""A placed text as runs of a paragraph: what is bold or small on the page is so in Word."""

import re
from html import unescape

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from markupsafe import Markup

_PIECES = re.compile(r"<(?P<end>/?)(?P<tag>\w+)[^>]*>|(?P<text>[^<]+)")
_KEPT = frozenset({"strong", "small"})
_SMALL_PT = 11


def write(
    paragraph: Paragraph,
    text: Markup | str,
    align: ALIGN | None = None,
    *,
    size: float | None = None,
    bold: bool | None = None,
    italic: bool | None = None,
) -> Paragraph:
    """Add a text to a paragraph; what is not given, the paragraph's style decides.

    Args:
        paragraph: where it goes.
        text: of its markup, `strong` and `small` are kept.
        align: how the paragraph's lines stand.
        size: in points.
        bold: whether all of it is bold.
        italic: whether all of it is italic.
    """
    if align is not None:
        paragraph.alignment = align
    for piece, tags in _pieces(text):
        run = paragraph.add_run(piece)
        run.bold, run.italic = bold, italic
        if size is not None:
            run.font.size = Pt(size)
        if "strong" in tags:
            run.bold = True
        if "small" in tags:
            run.bold, run.font.size = None, Pt(_SMALL_PT)
    return paragraph


def _pieces(text: Markup | str) -> list[tuple[str, frozenset[str]]]:
    """Stretches of the text, each with the kept tags that it stands in; spaces that do not break stay what they are."""
    if not isinstance(text, Markup):
        return [(text, frozenset())] if text else []
    found: list[tuple[str, frozenset[str]]] = []
    tags: frozenset[str] = frozenset()
    for piece in _PIECES.finditer(text):
        if piece["text"] is None:
            named = _KEPT & {piece["tag"]}
            tags = tags - named if piece["end"] else tags | named
        elif found and found[-1][1] == tags:
            found[-1] = found[-1][0] + unescape(piece["text"]), tags
        else:
            found.append((unescape(piece["text"]), tags))
    return found
