"""The sheets of single units, printed from what is known of a period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from domain.errors import NotReleasable
from domain.figures import Figure
from domain.period import Period
from domain.summary import Summary
from services.editions.version import as_made
from services.figures.summary import summaries_of_units
from services.run import Run
from services.steps import apart
from storage import editions
from storage.durable import write_durably


def sheets_in_a_batch(units: int) -> int:
    """Few, so that processes share them evenly; more of a country, for what is known is read whole by every batch."""
    return max(8, -(-units // 64))


@dataclass(frozen=True, slots=True)
class PrintedSheet:
    """The sheet of one unit."""

    unit_code: str
    path: Path
    pages: int


def sheet_path(run: Run, period: Period, unit_code: str) -> Path:
    """Where the sheet of a unit is written."""
    return run.settings.home / "unit-sheets" / str(period) / f"{unit_code}.pdf"


def print_sheets(
    run: Run, unit_codes: Sequence[str], period: Period, as_of: datetime | None, edition_id: str | None = None
) -> list[PrintedSheet]:
    """Print the sheets of these units, in their order; with an edition, by the tables and settings it was made with.

    A sheet that cannot be printed is told, and stops no other.

    Raises:
        NothingToReport: if no accepted submission of the period was known.
        UnknownUnit: if one of them owes no report of the period.
        NotReleasable: if the tables of the edition are gone.
    """
    if edition_id is not None:
        run = _as_edition_was_made(run, edition_id)
    summaries = summaries_of_units(run, period, as_of, unit_codes)
    printed = []
    for code in unit_codes:
        with apart("sheet-not-printed", f"{code}: chưa in được phiếu", unit=code):
            printed.append(_print_one(run, code, summaries[code]))
    return printed


def sheet_html(run: Run, summary: Summary) -> tuple[str, Sequence[Figure]]:
    """The page of one unit's sheet, and the figures on it."""
    from reports.figure_book import FigureBook, with_anchors
    from reports.html import render_html
    from reports.pdf.house_style import style_of
    from reports.pdf.skins import SKINS
    from reports.pdf.table_fit import Fit
    from reports.unit.sheet import build_unit_sheet

    book = FigureBook(summary, run.settings.differences)
    sheet = build_unit_sheet(summary, run.reference, book, run.settings.fonts)
    content = {name: getattr(sheet, name) for name in sheet.__slots__}
    dress = {"sender": run.reference.sender, "skin": SKINS[run.reference.sender.skin], "fits": Fit(run.settings.fonts)}
    return with_anchors(style_of(run.reference)(render_html("unit_sheet.html.j2", content | dress))), book.figures


def _as_edition_was_made(run: Run, edition_id: str) -> Run:
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
    made = as_made(run, edition)
    if made.tables.version != edition.reference_version:
        raise NotReleasable(
            f"Không còn các bảng trong reference/ của bản {edition_id}; phiếu lập theo các bảng hôm nay có thể khác báo cáo."
        )
    return made


def _print_one(run: Run, code: str, summary: Summary) -> PrintedSheet:
    from reports.pdf.inspect import refuse_faulty
    from reports.pdf.render import Page, render_pdf

    html, figures = sheet_html(run, summary)
    pdf = render_pdf(Page(html, run.settings.fonts))
    found = refuse_faulty(pdf, figures)
    path = sheet_path(run, summary.period, code)
    write_durably(path, pdf)
    return PrintedSheet(code, path, found.pages)
