"""The styles that a clerk finds in the Word copy: one for each kind of line, in the sizes of the page."""

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reports.pdf.skins import Skin

FONT = "Times New Roman"
LANGUAGE = "vi-VN"
BODY, CAPTION, NOTE, CELL, ANNEX_CELL = "Body Text", "Caption", "Table Note", "Table Text", "Annex Table Text"
SIZES = {BODY: 14, CAPTION: 12.5, NOTE: 11, CELL: 11.5, ANNEX_CELL: 10.5}
"""In points."""
_BLACK = RGBColor(0, 0, 0)
_PARTY_LEADING = Pt(19)
_THEMED = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def define_styles(word: Any, skin: Skin) -> None:
    """Set the faces, sizes and distances of every style that the copy uses, and the language of its words."""
    _speak(word)
    normal = _style(word, "Normal", 14)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(0), 1.0
    body = _style(word, BODY, SIZES[BODY])
    _space(body, before=6, indent=10)
    body.paragraph_format.alignment = ALIGN.JUSTIFY
    if skin.name == "party":
        body.paragraph_format.line_spacing_rule = WD_LINE_SPACING.AT_LEAST
        body.paragraph_format.line_spacing = _PARTY_LEADING
    for level in (1, 2):
        _space(_style(word, f"Heading {level}", 14, bold=True), before=10, indent=10)
    caption = _style(word, CAPTION, SIZES[CAPTION], bold=True)
    _space(caption, before=8, after=3)
    caption.paragraph_format.alignment, caption.paragraph_format.keep_with_next = ALIGN.CENTER, True
    caption.hidden = False
    note = _style(word, NOTE, SIZES[NOTE])
    _space(note, before=3)
    note.font.italic = True
    for name in (CELL, ANNEX_CELL):
        _style(word, name, SIZES[name])


def _style(word: Any, name: str, size: float, *, bold: bool | None = None) -> Any:
    known = {style.name for style in word.styles}
    style = word.styles[name] if name in known else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    if name != "Normal":
        style.base_style = word.styles["Normal"]
    style.font.name, style.font.size, style.font.bold, style.font.color.rgb = FONT, Pt(size), bold, _BLACK
    faces = style.element.rPr.rFonts
    for attribute in _THEMED:
        # A face of the theme is stronger than a named one.
        faces.attrib.pop(qn(f"w:{attribute}"), None)
    for script in ("w:eastAsia", "w:cs"):
        faces.set(qn(script), FONT)
    return style


def _space(style: Any, before: float, after: float = 0, indent: float = 0) -> None:
    distances = style.paragraph_format
    distances.space_before, distances.space_after, distances.first_line_indent = Pt(before), Pt(after), Mm(indent)


def _speak(word: Any) -> None:
    """All words are Vietnamese, so that nobody's spelling is checked as English."""
    [defaults] = word.styles.element.xpath("w:docDefaults/w:rPrDefault/w:rPr/w:lang")
    [theme] = word.settings.element.xpath("w:themeFontLang")
    for element in (defaults, theme):
        for name in ("w:val", "w:eastAsia"):
            element.set(qn(name), LANGUAGE)
