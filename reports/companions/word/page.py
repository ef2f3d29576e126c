"""The paper of the Word copy: margins, page number, the mark of made-up figures, what the file says of itself."""

from datetime import UTC, datetime
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, RGBColor
from docx.text.paragraph import Paragraph

from reports.companions.word.runs import write
from reports.companions.word.styles import LANGUAGE
from reports.content import Document

_AUTHOR = "ketnghia"
_NOTE = "Bản Word để sửa câu chữ. Văn bản được duyệt và phát hành là tệp PDF; sửa ở đây không đổi số liệu của tệp ấy."
_GREY = RGBColor(0x55, 0x55, 0x55)


def set_up_page(word: Any, document: Document, at: datetime) -> None:
    """Lay out the paper as the decree says, and date the file by the moment of its figures."""
    page = word.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(20), Mm(20), Mm(30), Mm(15)
    page.header_distance = page.footer_distance = Mm(10)
    page.different_first_page_header_footer = True
    _add_page_number(page.header.paragraphs[0])
    for footer in (page.footer, page.first_page_footer):
        if document.footer:
            [run] = write(footer.paragraphs[0], document.footer, ALIGN.RIGHT, size=9).runs
            run.font.color.rgb = _GREY
    about = word.core_properties
    about.title, about.author, about.comments, about.language = document.document_title, _AUTHOR, _NOTE, LANGUAGE
    about.created = about.modified = at.astimezone(UTC).replace(tzinfo=None)
    about.last_modified_by, about.revision = _AUTHOR, 1


def _add_page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
