"""Make the report of a period from the ledger as known at a moment: summarise, compose, print, inspect, keep."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from domain.editions import EditionRecord, NewEdition, ReportRunRecord
from domain.figures import Figure
from domain.letterhead import Sender
from domain.period import Period
from domain.summary import Summary
from reports.companions.edition_data import EditionData, edition_data
from reports.content import Document
from services.editions.version import code_version, manifest_of
from services.figures.summary import summary_of
from services.log import note
from services.run import Run
from services.status.page import write_status_page
from storage import editions, report_runs
from storage.durable import write_durably
from storage.edition_files import html_path, pdf_path, tables_path, word_path, workings_path


@dataclass(frozen=True, slots=True)
class Printed:
    """An edition and where its PDF lies."""

    edition: EditionRecord
    path: Path
    pages: int


def make_report(
    run: Run, period: Period, as_of: datetime | None = None, prepared_by: str = "", even_empty: bool = False
) -> Printed:
    """Summarise the period and print its report; the same ledger and moment give the same bytes and the same edition.

    Raises:
        NothingToReport: if no accepted submission of the period is known, unless it is to be made `even_empty`.
        BadDocument: if the page is not what it should be.
    """
    return print_edition(run, summary_of(run, period, as_of, None, even_empty), as_of, prepared_by)


def print_edition(run: Run, summary: Summary, as_of: datetime | None = None, prepared_by: str = "") -> Printed:
    """Lay out, print, inspect and keep the report of a summary.

    Raises:
        BadDocument: if the page is not what it should be.
    """
    return _keep(run, summary, as_of, prepared_by, compose(run, summary))


@dataclass(frozen=True, slots=True)
class Composed:
    """A report laid out and inspected, before it is kept."""

    document: Document
    sender: Sender
    html: str
    pdf: bytes
    pages: int
    figures: Sequence[Figure]
    data: EditionData


def compose(run: Run, summary: Summary) -> Composed:
    """Lay the report out, with its data attached.

    Raises:
        BadDocument: if the page is not what it should be.
    """
    from reports.figure_book import FigureBook, with_anchors
    from reports.monthly.summary import build_monthly_summary
    from reports.pdf.fingerprint import fingerprint
    from reports.pdf.house_style import restyled, style_of
    from reports.pdf.inspect import refuse_faulty
    from reports.pdf.render import render_html, render_pdf
    from reports.pdf.skins import SKINS
    from reports.pdf.table_fit import Fit

    book = FigureBook(summary, run.settings.differences)
    document = build_monthly_summary(summary, run.reference, book, run.settings.fonts)
    data = edition_data(summary, book.figures)
    document = replace(document, fingerprint=fingerprint(book, data.sha256))
    content = {name: getattr(document, name) for name in document.__slots__}
    dress = {"sender": run.reference.sender, "skin": SKINS[run.reference.sender.skin], "fits": Fit(run.settings.fonts)}
    style = style_of(run.reference)
    html = with_anchors(style(render_html("monthly_summary.html.j2", content | dress)))
    pdf = render_pdf(html, run.settings.fonts, data.files, summary.cut_at)
    found = refuse_faulty(pdf, book.figures, data.files)
    for page in range(1, found.pages + 1):
        book.ordinal(page)
    return Composed(restyled(document, style), run.reference.sender, html, pdf, found.pages, book.figures, data)


def _keep(run: Run, summary: Summary, as_of: datetime | None, prepared_by: str, composed: Composed) -> Printed:
    from reports.companions.word_copy import word_copy
    from reports.companions.workings_page import workings_page
    from reports.pdf.faces import fonts_version

    digest = sha256(composed.pdf).hexdigest()
    path = pdf_path(run.settings.editions, digest)
    write_durably(path, composed.pdf)
    for name, content, _ in composed.data.files:
        write_durably(path.with_suffix("") / name, content)
    write_durably(html_path(run.settings.editions, digest), composed.html.encode())
    page = workings_page(summary, composed.figures, composed.data.sha256)
    write_durably(workings_path(run.settings.editions, digest), page)
    word = word_copy(composed.document, composed.sender, summary.cut_at, run.settings.fonts)
    write_durably(word_path(run.settings.editions, digest), word)
    tables = _all_tables(run, summary, composed)
    new = NewEdition(
        period=str(summary.period),
        sha256=digest,
        data_sha256=composed.data.sha256,
        html_sha256=sha256(composed.html.encode()).hexdigest(),
        code_version=code_version(),
        fonts_version=fonts_version(run.settings.fonts),
        reference_version=run.tables.version,
        manifest=manifest_of(run),
        as_of=summary.cut_at,
        made_at=run.now(),
        is_sample=summary.is_sample,
        prepared_by=prepared_by.strip(),
        tables_sha256=sha256(tables).hexdigest(),
    )
    with run.ledger.write() as session:
        edition = editions.add_draft(session, new, composed.figures)
        done = ReportRunRecord(
            str(summary.period), as_of, summary.cut_at, code_version(), edition.edition_id, "", run.now()
        )
        report_runs.note_run(session, done)
    if edition.tables_sha256 in ("", new.tables_sha256):
        # What somebody has checked or released stays as it is, though this program would lay the tables out otherwise.
        write_durably(tables_path(run.settings.editions, digest), tables)
    note("edition-made", edition=edition.edition_id, period=new.period, sha256=digest, pages=composed.pages)
    write_status_page(run, summary.period)
    return Printed(edition, path, composed.pages)


def _all_tables(run: Run, summary: Summary, composed: Composed) -> bytes:
    """The workbook: the tables of the page, with every village and agency, also those that the page has no room for."""
    from reports.companions.tables_workbook import tables_workbook
    from reports.figure_book import FigureBook
    from reports.monthly.annexes.order import annexes
    from reports.pdf.house_style import restyled, style_of

    book = FigureBook(summary, run.settings.differences)
    whole = restyled(annexes(book, summary, run.reference, most=None), style_of(run.reference))
    # Figures of both: a number on the page is the same in the workbook.
    figures = {each.figure_id: each for each in (*composed.figures, *book.figures)}
    return tables_workbook(
        replace(composed.document, annexes=whole),
        composed.sender,
        list(figures.values()),
        summary.cut_at,
        composed.data.sha256,
    )
