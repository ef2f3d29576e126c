"""Rules and thin lines: what Word draws as borders of paragraphs and cells."""

from typing import Any

from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph

_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr", "w:sectPr")


def border(side: str, eighths: int, colour: str, space: int = 0) -> Any:
    """A border of one side; its width in eighths of a point, its distance from the text in points."""
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", str(eighths)), ("space", str(space)), ("color", colour)):
        line.set(qn(f"w:{name}"), value)
    return line


def border_paragraph(paragraph: Paragraph, line: Any) -> None:
    """Give a paragraph a border; those of neighbours with the same border and indents run into one."""
    borders = OxmlElement("w:pBdr")
    borders.append(line)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *_AFTER_BORDERS)


def make_thin(paragraph: Paragraph, points: float = 1) -> Paragraph:
    """Make a paragraph so low that it takes no room: Word wants one between two tables, and after the last."""
    distances = paragraph.paragraph_format
    distances.space_before, distances.space_after, distances.first_line_indent = Pt(0), Pt(0), Pt(0)
    distances.line_spacing_rule, distances.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(points)
    paragraph.add_run().font.size = Pt(1)
    return paragraph


def draw_rule(paragraph: Paragraph, width: int, within: int) -> None:
    """Make a paragraph the short line that stands under an agency's name, a motto or a title.

    Args:
        paragraph: an empty one.
        width: of the line, in EMU.
        within: the width that it is in the middle of, in EMU.
    """
    make_thin(paragraph, 3)
    border_paragraph(paragraph, border("bottom", 6, "000000"))
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = max((within - width) // 2, 0)
