"""Charts in Word: pictures with an alternative text, beside one another as on the page."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm, Pt

from reports.charts.draw import WHOLE, png_of
from reports.companions.word.runs import write
from reports.companions.word.styles import CAPTION
from reports.companions.word.tables import add_table
from reports.companions.word.widths import TEXT_WIDTH
from reports.content import Chart

_ABREAST = 2
_APART = Mm(2)


def add_charts(word: Any, charts: Sequence[Chart], fonts: Path) -> None:
    """One chart under the text, or several in pairs."""
    if len(charts) == 1:
        _add_chart(word.add_paragraph(), word.add_paragraph(style=CAPTION), charts[0], fonts, TEXT_WIDTH)
        return
    for first in range(0, len(charts), _ABREAST):
        width = TEXT_WIDTH // _ABREAST
        cells = add_table(word, 1, [width] * _ABREAST).rows[0].cells
        for cell, chart in zip(cells, charts[first : first + _ABREAST], strict=False):
            _add_chart(cell.paragraphs[0], cell.add_paragraph(style=CAPTION), chart, fonts, width - _APART)


def _add_chart(drawing: Any, caption: Any, chart: Chart, fonts: Path, room: int) -> None:
    """Draw a chart as wide as on the page, where there is room; what stands under it stays with it."""
    image, alternative, width_px = png_of(chart.svg, fonts)
    width = min(int(TEXT_WIDTH * width_px / WHOLE), int(room))
    drawing.alignment = ALIGN.CENTER
    distances = drawing.paragraph_format
    distances.keep_with_next, distances.space_before = True, Pt(6)
    drawn = drawing.add_run().add_picture(io.BytesIO(image), width=width)
    drawn._inline.docPr.set("descr", alternative)
    write(caption, chart.caption)
    caption.paragraph_format.keep_with_next, caption.paragraph_format.space_before = False, Pt(2)
