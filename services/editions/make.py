"""Make the report of a period from the ledger as known at a moment: summarise, compose, print, inspect, keep."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from domain.editions import EditionRecord, NewEdition, ReportRunRecord
from domain.figures import Figure
from domain.period import Period
from domain.reference import Sender
from domain.summary import Summary
from reports.companions.edition_data import EditionData, edition_data
from reports.content import Document
from services.editions.files import edition_path, html_path, tables_path, word_path, workings_path
from services.editions.version import code_version, reference_version
from services.figures.summary import summary_of
from services.registers import load_registers
from services.settings import Settings, now
from services.status.page import write_status_page
from services.steps import RunStep, directly
from storage import archive, editions, report_runs
from storage.database import open_database


@dataclass(frozen=True, slots=True)
class Printed:
    """An edition and where its PDF lies."""

    edition: EditionRecord
    path: Path
    pages: int


def monthly_report(
    settings: Settings,
    period: Period,
    as_of: datetime | None = None,
    run_step: RunStep = directly,
    prepared_by: str = "",
    even_empty: bool = False,
) -> Printed:
    """Print the report of `period`; the same ledger and moment give the same bytes and the same edition.

    Raises:
        NothingToReport: if no accepted submission of the period is known, unless it is to be made `even_empty`.
        BadDocument: if the page is not what it should be.
    """
    summary = run_step("summarise", summary_of, settings, period, as_of, None, even_empty)
    return run_step("print-edition", _print_edition, settings, summary, as_of, prepared_by)


def _print_edition(settings: Settings, summary: Summary, as_of: datetime | None, prepared_by: str) -> Printed:
    return _keep(settings, summary, as_of, prepared_by, compose(settings, summary))


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


def compose(settings: Settings, summary: Summary) -> Composed:
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

    reference = load_registers(settings)
    book = FigureBook(summary, settings.differences)
    document = build_monthly_summary(summary, reference, book, settings.fonts)
    data = edition_data(summary, book.figures)
    document = replace(document, fingerprint=fingerprint(book, data.sha256))
    content = {name: getattr(document, name) for name in document.__slots__}
    dress = {"sender": reference.sender, "skin": SKINS[reference.sender.skin], "fits": Fit(settings.fonts)}
    style = style_of(reference)
    html = with_anchors(style(render_html("monthly_summary.html.j2", content | dress)))
    pdf = render_pdf(html, settings.fonts, data.files, summary.cut_at)
    found = refuse_faulty(pdf, book.figures, data.files)
    for page in range(1, found.pages + 1):
        book.ordinal(page)
    return Composed(restyled(document, style), reference.sender, html, pdf, found.pages, book.figures, data)


def _keep(
    settings: Settings, summary: Summary, as_of: datetime | None, prepared_by: str, composed: Composed
) -> Printed:
    from reports.companions.word_copy import word_copy
    from reports.companions.workings_page import workings_page
    from reports.pdf.faces import fonts_version

    digest = sha256(composed.pdf).hexdigest()
    path = edition_path(settings, digest)
    archive.write_durably(path, composed.pdf)
    for name, content, _ in composed.data.files:
        archive.write_durably(path.with_suffix("") / name, content)
    archive.write_durably(html_path(settings, digest), composed.html.encode())
    page = workings_page(summary, composed.figures, composed.data.sha256)
    archive.write_durably(workings_path(settings, digest), page)
    word = word_copy(composed.document, composed.sender, summary.cut_at, settings.fonts)
    archive.write_durably(word_path(settings, digest), word)
    tables = _all_tables(settings, summary, composed)
    archive.write_durably(tables_path(settings, digest), tables)
    new = NewEdition(
        period=str(summary.period),
        sha256=digest,
        data_sha256=composed.data.sha256,
        html_sha256=sha256(composed.html.encode()).hexdigest(),
        code_version=code_version(),
        fonts_version=fonts_version(settings.fonts),
        reference_version=reference_version(settings),
        as_of=summary.cut_at,
        made_at=now(),
        is_sample=summary.is_sample,
        prepared_by=prepared_by.strip(),
    )
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        edition = editions.add_draft(session, new, composed.figures)
        run = ReportRunRecord(str(summary.period), as_of, summary.cut_at, code_version(), edition.edition_id, "", now())
        report_runs.note_run(session, run)
    database.close()
    write_status_page(settings, summary.period)
    return Printed(edition, path, composed.pages)


def _all_tables(settings: Settings, summary: Summary, composed: Composed) -> bytes:
    """The workbook: the tables of the page, with every village and agency, also those that the page has no room for."""
    from reports.companions.tables_workbook import tables_workbook
    from reports.figure_book import FigureBook
    from reports.monthly.annexes import annexes
    from reports.pdf.house_style import restyled, style_of

    reference, book = load_registers(settings), FigureBook(summary, settings.differences)
    whole = restyled(annexes(book, summary, reference, most=None), style_of(reference))
    # Figures of both: a number on the page is the same in the workbook.
    figures = {each.figure_id: each for each in (*composed.figures, *book.figures)}
    return tables_workbook(
        replace(composed.document, annexes=whole),
        composed.sender,
        list(figures.values()),
        summary.cut_at,
        composed.data.sha256,
    )
