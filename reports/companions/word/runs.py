"""A placed text as runs of a paragraph: what is bold or small on the page is so in Word."""

import re
from html import unescape

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run
from markupsafe import Markup

_PIECES = re.compile(r"<(?P<end>/?)(?P<tag>\w+)[^>]*>|(?P<text>[^<]+)")
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
        is_small = "small" in tags
        run = paragraph.add_run(piece)
        run.bold = True if "strong" in tags else (None if is_small else bold)
        run.italic = italic
        if is_small or size is not None:
            _resize(run, _SMALL_PT if is_small else size)
    return paragraph


def _resize(run: Run, size: float | None) -> None:
    run.font.size = None if size is None else Pt(size)


def _pieces(text: Markup | str) -> list[tuple[str, frozenset[str]]]:
    """Stretches of the text, each with the tags that it stands in; spaces that do not break stay what they are."""
    if not isinstance(text, Markup):
        return [(text, frozenset())] if text else []
    found: list[tuple[str, frozenset[str]]] = []
    opened: list[str] = []
    for piece in _PIECES.finditer(text):
        if piece["text"]:
            words, tags = unescape(piece["text"]), frozenset(opened) & {"strong", "small"}
            if found and found[-1][1] == tags:
                words = found.pop()[0] + words
            found.append((words, tags))
        elif piece["end"]:
            opened.pop()
        else:
            opened.append(piece["tag"])
    return found
