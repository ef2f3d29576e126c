"""The report as a Word document, for those who go on editing the words; what is released stays the PDF."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Pt
from markupsafe import Markup

from domain.letterhead import Sender
from reports.companions.word.charts import add_charts
from reports.companions.word.letterhead import add_closing, add_letterhead
from reports.companions.word.page import set_up_page
from reports.companions.word.rules import border, border_paragraph
from reports.companions.word.runs import write
from reports.companions.word.styles import BODY, CELL, NOTE, define_styles
from reports.companions.word.tables import add_data_table, add_headline_table, end_with_paragraph, keep_what_is_last
from reports.content import Annex, Document, Fingerprint, Headline, Section
from reports.packages import without_clock
from reports.pdf.skins import SKINS

_RULE_EIGHTHS, _RULE_COLOUR, _RULE_SPACE = 20, "8C1D22", 8
"""Of the rule beside the first page's summary; its width and distance from the words with the indent of the words."""


def word_copy(document: Document, sender: Sender, at: datetime, fonts: Path) -> bytes:
    """All that the page says, in its order; the same content and moment give the same bytes.

    Args:
        document: the content model that the page is printed from.
        sender: whose report it is, and in which layout.
        at: the moment that the file bears.
        fonts: the folder with the faces that charts are drawn with.
    """
    word = docx.Document()
    define_styles(word, SKINS[sender.skin])
    set_up_page(word, document, at)
    add_letterhead(word, document, sender, SKINS[sender.skin], fonts)
    for paragraph in document.opening:
        write(word.add_paragraph(style=BODY), paragraph)
    _add_headline(word, document.headline, fonts)
    for section in document.sections:
        _add_section(word, section, fonts)
    _add_ending(word, document, sender, fonts)
    _add_annexes(word, document, sender, fonts)
    if document.fingerprint is not None:
        _add_fingerprint(word, document.fingerprint)
    end_with_paragraph(word)
    written = io.BytesIO()
    word.save(written)
    return without_clock(written.getvalue())


def _add_headline(word: Any, headline: Headline, fonts: Path) -> None:
    for place, (lead, words) in enumerate(headline.sentences):
        paragraph = word.add_paragraph(style=BODY)
        write(paragraph, f"{lead} ", bold=True)
        write(paragraph, words)
        border_paragraph(paragraph, border("left", _RULE_EIGHTHS, _RULE_COLOUR, _RULE_SPACE))
        distances = paragraph.paragraph_format
        distances.first_line_indent, distances.left_indent = Pt(0), Pt(_RULE_SPACE + _RULE_EIGHTHS / 8)
        distances.space_before, distances.space_after = Pt(0 if place else 8), Pt(4)
    add_headline_table(word, headline.table, fonts)
    for each in headline.progress:
        paragraph = word.add_paragraph(style=CELL)
        paragraph.paragraph_format.space_before = Pt(4)
        write(paragraph, Markup("{}, {}").format(each.words, each.gone_words))


def _add_section(word: Any, section: Section, fonts: Path) -> None:
    write(word.add_heading(level=1), section.heading)
    for part in section.parts:
        if part.heading:
            heading = write(word.add_heading(level=2), part.heading)
            if part.is_drafted:
                for run in write(heading, " (dự thảo theo số liệu)", size=12, italic=True).runs[-1:]:
                    run.bold = False
        for paragraph in part.paragraphs:
            write(word.add_paragraph(style=BODY), paragraph)
        if part.table is not None:
            add_data_table(word, part.table, fonts)
        if part.charts:
            add_charts(word, part.charts, fonts)


def _add_ending(word: Any, document: Document, sender: Sender, fonts: Path) -> None:
    """What is proposed stays with the signature, which never stands alone."""
    before = len(word.paragraphs)
    _add_section(word, document.ending, fonts)
    write(word.add_paragraph(style=BODY), document.farewell)
    for paragraph in word.paragraphs[before:]:
        paragraph.paragraph_format.keep_with_next = True
    add_closing(word, sender)


def _add_annexes(word: Any, document: Document, sender: Sender, fonts: Path) -> None:
    for place, annex in enumerate(document.annexes):
        _add_annex_heading(word, annex, is_first=place == 0)
        if place == 0:
            origin = Markup("(Kèm theo Báo cáo {} của {} {})").format(
                document.period_label, sender.agency_in_text, sender.place
            )
            write(word.add_paragraph(), origin, ALIGN.CENTER, size=13, italic=True)
        for table in annex.tables:
            add_data_table(word, table, fonts, is_annexed=True)


def _add_annex_heading(word: Any, annex: Annex, *, is_first: bool) -> None:
    """Two lines for the eye, one entry in the outline; the first begins a page, and needs no empty paragraph for it."""
    heading = word.add_heading(level=1)
    # The space parts the two where an outline leaves the line's end out.
    write(heading, f"{annex.number} ").runs[-1].add_break()
    write(heading, annex.title)
    distances = heading.paragraph_format
    heading.alignment, distances.first_line_indent = ALIGN.CENTER, Pt(0)
    distances.page_break_before, distances.space_before = is_first, Pt(0 if is_first else 14)


def _add_fingerprint(word: Any, fingerprint: Fingerprint) -> None:
    """Which data it was made from; the files themselves are attached to the PDF alone."""
    keep_what_is_last(word)
    line = word.add_paragraph(style=NOTE)
    write(
        line, "Số liệu, cách tính và nguồn của từng số ở trong các tệp đính kèm bản PDF. Mã kiểm tra của tệp ", size=9
    )
    write(line, Markup("so-lieu.json: {}").format(fingerprint.digest), size=9)
    line.paragraph_format.space_before = Pt(12)
