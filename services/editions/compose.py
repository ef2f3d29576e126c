"""Lay a report out: content, data, page and companions' figures, inspected before anything of it is kept."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from domain.claims import Claim
from domain.figures import OFFICE, WRITTEN, Figure
from domain.letterhead import Sender
from domain.summary import Summary
from reports.companions.edition_data import EditionData, edition_data
from reports.content import Document
from reports.pdf.page_fit import Layout, foreseen, is_better, is_fitting, limits_of
from services.run import Run

if TYPE_CHECKING:
    from reports.figure_book import FigureBook
    from reports.pdf.render import Page

_MOST_LAYOUTS = 3


@dataclass(frozen=True, slots=True)
class Composed:
    """A report laid out and inspected, before it is kept."""

    document: Document
    sender: Sender
    html: str
    pdf: bytes
    pages: int
    figures: Sequence[Figure]
    claims: Sequence[Claim]
    all_figures: Sequence[Figure]
    """With those of the lists in the workbook."""
    data: EditionData


def compose(run: Run, summary: Summary) -> Composed:
    """Lay the report out, with its data attached; once or twice more in another layout where a page would stay nearly empty.

    Raises:
        BadDocument: if the page is not what it should be.
    """
    from reports.pdf.fullness import fills

    limits, tried = limits_of(len(summary.units)), [Layout()]
    first = best = _laid_out(run, summary, tried[0])
    pages = fullest = fills(first.page)
    while not is_fitting(fullest, limits) and len(tried) < _MOST_LAYOUTS:
        tried.append(foreseen(pages, limits, tried))
        laid_out = _laid_out(run, summary, tried[-1])
        filled = fills(laid_out.page)
        if is_better(filled, fullest, limits):
            best, fullest = laid_out, filled
    return _inspected(run, summary, best)


@dataclass(frozen=True, slots=True)
class _LaidOut:
    """A report as it is laid out in one way, before it is printed."""

    document: Document
    page: "Page"
    book: "FigureBook"
    beside: "FigureBook"
    """The figures of the lists in the workbook."""
    claims: Sequence[Claim]
    data: EditionData


def _laid_out(run: Run, summary: Summary, layout: Layout) -> _LaidOut:
    from reports.figure_book import FigureBook, with_anchors
    from reports.html import render_html
    from reports.monthly.summary import build_monthly_summary
    from reports.pdf.fingerprint import fingerprint
    from reports.pdf.house_style import style_of
    from reports.pdf.render import Page
    from reports.pdf.skins import SKINS
    from reports.pdf.table_fit import Fit

    book, beside = (FigureBook(summary, run.settings.differences) for _ in range(2))
    document = build_monthly_summary(summary, run.reference, book, beside, run.settings.fonts, layout.extras)
    style = style_of(run.reference)
    claims = [replace(claim, words=style(claim.words)) for claim in book.claims]
    data = edition_data(summary, _as_printed(book.figures, style), claims, beside.figures)
    document = replace(document, fingerprint=fingerprint(book, data.sha256))
    content = {name: getattr(document, name) for name in document.__slots__}
    dress = {
        "sender": run.reference.sender,
        "skin": SKINS[run.reference.sender.skin],
        "fits": Fit(run.settings.fonts),
        "spread": layout.classes,
    }
    html = with_anchors(style(render_html("monthly_summary.html.j2", content | dress)))
    return _LaidOut(document, Page(html, run.settings.fonts), book, beside, claims, data)


def _inspected(run: Run, summary: Summary, laid_out: _LaidOut) -> Composed:
    """The report printed in the layout that was chosen; in the others it never is.

    Raises:
        BadDocument: if the page is not what it should be.
    """
    from reports.pdf.house_style import restyled, style_of
    from reports.pdf.inspect import refuse_faulty
    from reports.pdf.render import render_pdf

    book, style = laid_out.book, style_of(run.reference)
    pdf = render_pdf(laid_out.page, laid_out.data.files, summary.cut_at)
    found = refuse_faulty(pdf, _as_printed(book.figures, style), laid_out.data.files)
    for page in range(1, found.pages + 1):
        book.ordinal(page)
    figures = [*_as_printed(book.figures, style), *_of_the_office(summary, {each.figure_id for each in book.figures})]
    # Figures of both: a number on the page is the same in the workbook.
    everywhere = {each.figure_id: each for each in (*laid_out.beside.figures, *figures)}
    return Composed(
        restyled(laid_out.document, style), run.reference.sender, laid_out.page.html, pdf, found.pages, figures,
        laid_out.claims, list(everywhere.values()), laid_out.data,
    )  # fmt: skip


def _of_the_office(summary: Summary, printed: Collection[str]) -> list[Figure]:
    """How many open matters there are: kept beside what is printed, for the status page and not for the reader."""
    from reports.companions.quality_table import quality_table
    from reports.figure_book import FigureBook

    book = FigureBook(summary)
    quality_table(book, summary)
    return [
        replace(each, kind=OFFICE)
        for each in book.figures
        if each.figure_id.startswith("quality.") and each.figure_id not in printed
    ]


def _as_printed(figures: Sequence[Figure], style: Callable[[str], str]) -> list[Figure]:
    """The figures with the words of claims spelled as the page spells them."""
    return [replace(each, text=style(each.text)) if each.kind in ("claim", WRITTEN) else each for each in figures]
