"""The narrative as a Word document, for those who go on editing the words; what is released stays the PDF."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from markupsafe import Markup

from domain.letterhead import Sender
from reports.charts.draw import png_of
from reports.content import Card, Chart, Document, Section, TableContent, plain
from reports.packages import without_clock
from reports.pdf.skins import SKINS, Skin, is_power

_FONT = "Times New Roman"
_BLACK = RGBColor(0, 0, 0)
_TEXT_WIDTH = Mm(165)
_CHART_PX_PER_MM = 600 / 165
_CARDS_ABREAST = 3
_NOTE = "Bản Word để sửa câu chữ. Văn bản được duyệt và phát hành là tệp PDF; sửa ở đây không đổi số liệu của tệp ấy."


def word_copy(document: Document, sender: Sender, at: datetime, fonts: Path) -> bytes:
    """The report without its appendices; the same content and moment give the same bytes."""
    skin = SKINS[sender.skin]
    word = docx.Document()
    _set_up(word, document, at)
    _letterhead(word, document, sender, skin)
    for paragraph in document.opening:
        _line(word, paragraph)
    for lead, words in document.headline.sentences:
        _line(word, words, lead=f"{lead} ")
    for section in (*document.sections, document.ending):
        _section(word, section, fonts)
    _line(word, document.farewell)
    _closing(word, sender)
    written = io.BytesIO()
    word.save(written)
    return without_clock(written.getvalue())


def _set_up(word: Any, document: Document, at: datetime) -> None:
    style = word.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(14)
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia"):
        language.set(qn(name), "vi-VN")
    style.element.get_or_add_rPr().append(language)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    page = word.sections[0]
    page.orientation, page.page_width, page.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    page.top_margin, page.bottom_margin, page.left_margin, page.right_margin = Mm(20), Mm(20), Mm(30), Mm(15)
    page.header_distance = Mm(10)
    page.different_first_page_header_footer = True
    _page_number(page.header.paragraphs[0])
    for footer in (page.footer, page.first_page_footer):
        if document.footer:
            _write(footer.paragraphs[0], document.footer, ALIGN.RIGHT, size=9)
    moment = at.astimezone(UTC).replace(tzinfo=None)
    about = word.core_properties
    about.title, about.author, about.comments, about.language = document.document_title, "ketnghia", _NOTE, "vi-VN"
    about.created = about.modified = moment
    about.last_modified_by, about.revision = "ketnghia", 1


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        element = OxmlElement("w:instrText" if text else "w:fldChar")
        if text:
            element.text = text
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)


def _letterhead(word: Any, document: Document, sender: Sender, skin: Skin) -> None:
    table = word.add_table(rows=1, cols=2)
    _widen(table, (Mm(65), Mm(100)))
    left, right = table.rows[0].cells
    is_state = skin.name == "nd30"
    lines = [
        (sender.agency, False, False), (sender.agency_bold, True, False), *([] if is_state else [("*", False, False)]),
        (f"{skin.number_word}      {skin.before_symbol}{sender.symbol}", False, False),
    ]  # fmt: skip
    nation = (
        [("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", True, False), ("Độc lập - Tự do - Hạnh phúc", True, False)]
        if is_state
        else [("ĐẢNG CỘNG SẢN VIỆT NAM", True, False)]
    )
    day = f"{sender.place}, ngày      tháng      năm {plain(document.year)}"
    for cell, texts, size in ((left, lines, 12), (right, [*nation, (day, False, True)], 13)):
        for place, (text, is_bold, is_italic) in enumerate(texts):
            paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            _write(paragraph, text, ALIGN.CENTER, size=size if is_state else 14, bold=is_bold, italic=is_italic)
    _centred(word, "BÁO CÁO", bold=True, before=14)
    _centred(word, document.subject, bold=True)
    _centred(word, "(Dự thảo để sửa câu chữ)", italic=True)
    if is_state:
        _centred(word, f"Kính gửi: {sender.addressee}", before=10)
    else:
        _centred(word, "-----")


def _cards(word: Any, cards: Sequence[Card]) -> None:
    table = word.add_table(rows=-(-len(cards) // _CARDS_ABREAST), cols=_CARDS_ABREAST)
    table.style = "Table Grid"
    for place, card in enumerate(cards):
        cell = table.rows[place // _CARDS_ABREAST].cells[place % _CARDS_ABREAST]
        _write(cell.paragraphs[0], card.value, ALIGN.CENTER, size=18, bold=True)
        _write(cell.add_paragraph(), card.name, ALIGN.CENTER, size=11)
        _write(cell.add_paragraph(), card.change, ALIGN.CENTER, size=10.5, italic=True)


def _section(word: Any, section: Section, fonts: Path) -> None:
    _heading(word, section.heading, level=1)
    for part in section.parts:
        if part.heading:
            _heading(word, part.heading, level=2)
        for paragraph in part.paragraphs:
            _line(word, paragraph)
        if part.table is not None:
            _table(word, part.table)
        for chart in part.charts:
            _chart(word, chart, fonts)


def _heading(word: Any, text: Markup | str, level: int) -> None:
    paragraph = word.add_heading(level=level)
    run = paragraph.add_run(plain(text))
    run.font.name, run.font.size, run.font.bold, run.font.color.rgb = _FONT, Pt(14), True, _BLACK
    paragraph.paragraph_format.first_line_indent = Mm(10)
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(10), Pt(0)


def _table(word: Any, content: TableContent) -> None:
    above = [_centred(word, content.caption, bold=True, size=12.5, before=10)]
    if content.measure:
        above.append(word.add_paragraph())
        _write(above[-1], content.measure, ALIGN.RIGHT, size=11, italic=True)
    for paragraph in above:
        paragraph.paragraph_format.keep_with_next = True
    table = word.add_table(rows=2, cols=len(content.columns))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    head = [column.name for column in content.columns], [f"({number.striptags()})" for number in content.numbers]
    for row, texts, bold in zip(table.rows, head, (True, False), strict=True):
        row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for cell, text in zip(row.cells, texts, strict=True):
            _write(cell.paragraphs[0], text, ALIGN.CENTER, size=11, bold=bold, italic=not bold)
    for content_row in content.rows:
        cells = table.add_row().cells
        for cell, each in zip(cells, content_row.cells, strict=True):
            align = {"number": ALIGN.RIGHT, "text": ALIGN.LEFT}.get(each.kind, ALIGN.CENTER)
            _write(cell.paragraphs[0], each.text, align, size=11, bold=content_row.is_total)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    _widen(table, [int(_TEXT_WIDTH * float(column.width.rstrip("%")) / 100) for column in content.columns])
    if content.note:
        _write(word.add_paragraph(), content.note, ALIGN.RIGHT, size=11, italic=True)


def _widen(table: Any, widths: Sequence[int]) -> None:
    """Fix the widths of columns: in the grid for LibreOffice, in every cell for Word."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _chart(word: Any, chart: Chart, fonts: Path) -> None:
    image, alternative, width_px = png_of(chart.svg, fonts)
    paragraph = word.add_paragraph()
    paragraph.alignment, paragraph.paragraph_format.keep_with_next = ALIGN.CENTER, True
    drawn = paragraph.add_run().add_picture(io.BytesIO(image), width=Mm(min(width_px / _CHART_PX_PER_MM, 165)))
    drawn._inline.docPr.set("descr", alternative)
    _centred(word, chart.caption, bold=True, size=12.5)


def _closing(word: Any, sender: Sender) -> None:
    table = word.add_table(rows=1, cols=2)
    _widen(table, (Mm(80), Mm(85)))
    left, right = table.rows[0].cells
    is_state = sender.skin == "nd30"
    _write(left.paragraphs[0], "Nơi nhận:", ALIGN.LEFT, size=12 if is_state else 14, bold=is_state, italic=is_state)
    left.paragraphs[0].runs[0].underline = not is_state
    for copy in sender.copies:
        _write(left.add_paragraph(), f"- {copy}", ALIGN.LEFT, size=11 if is_state else 12)
    for place, power in enumerate(sender.signature_powers):
        paragraph = right.paragraphs[0] if place == 0 else right.add_paragraph()
        _write(paragraph, power, ALIGN.CENTER, bold=is_state or is_power(power))
    for text in ("", "", "", "", sender.signer):
        _write(right.add_paragraph(), text, ALIGN.CENTER, bold=True)


def _line(word: Any, text: Markup | str, lead: str = "") -> None:
    paragraph = word.add_paragraph()
    if lead:
        paragraph.add_run(lead).bold = True
    _write(paragraph, text, ALIGN.JUSTIFY)
    paragraph.paragraph_format.first_line_indent, paragraph.paragraph_format.space_before = Mm(10), Pt(6)


def _centred(
    word: Any, text: Markup | str, *, bold: bool = False, italic: bool = False, size: float = 14, before: float = 0
) -> Paragraph:
    paragraph: Paragraph = word.add_paragraph()
    _write(paragraph, text, ALIGN.CENTER, size=size, bold=bold, italic=italic)
    paragraph.paragraph_format.space_before = Pt(before)
    return paragraph


def _write(
    paragraph: Paragraph, text: Markup | str, align: Any, *, size: float = 14, bold: bool = False, italic: bool = False
) -> None:
    run = paragraph.add_run(plain(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    paragraph.alignment = align
    paragraph.paragraph_format.space_after, paragraph.paragraph_format.keep_with_next = Pt(0), False
