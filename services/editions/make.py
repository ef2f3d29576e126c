"""Make the report of a period from the ledger as known at a moment: summarise, compose, print, inspect, keep."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from domain.editions import EditionRecord, NewEdition, ReportRunRecord
from domain.period import Period
from domain.summary import Summary
from services.editions.compose import Composed, compose
from services.editions.contradictions import refuse_contradictions
from services.editions.guards import printed_bytes
from services.editions.unchanged import Ground, find_unchanged, ground_of, hash_beside
from services.editions.version import code_version, manifest_of
from services.log import note
from services.run import Run
from services.status.page import write_status_page
from storage import editions, report_runs
from storage.edition_files import companion_path, html_path, pdf_path, tables_path, word_path, workings_path


@dataclass(frozen=True, slots=True)
class Printed:
    """An edition and where its PDF lies."""

    edition: EditionRecord
    path: Path
    pages: int


def make_report(
    run: Run,
    period: Period,
    as_of: datetime | None = None,
    prepared_by: str = "",
    even_empty: bool = False,
    *,
    anew: bool = False,
) -> Printed:
    """Summarise the period and print its report; the same ledger and moment give the same bytes and the same edition.

    Where the ledger tells that they would be those of the edition made last, that one is the answer, unless `anew`.

    Raises:
        NothingToReport: if no accepted submission of the period is known, unless it is to be made `even_empty`.
        BadReference: if published facts or targets that the report prints contradict each other.
        BadDocument: if the page is not what it should be.
    """
    from reports.pdf.fullness import page_count

    ground = ground_of(run)
    made = None if anew else find_unchanged(run, period, as_of, ground)
    if made is not None:
        document = printed_bytes(run, made)
        write_status_page(run, period)
        return Printed(made, pdf_path(run.settings.editions, made.sha256), page_count(document))
    # Only now: an answer from the ledger adds nothing up, and need not wait for what would.
    from services.figures.summary import summary_of

    summary = summary_of(run, period, as_of, None, even_empty)
    # Not in `compose`: what was printed once is composed again to be verified, whatever its tables said.
    refuse_contradictions(run, summary.period)
    return _keep(run, summary, as_of, prepared_by, compose(run, summary), ground)


def _keep(
    run: Run, summary: Summary, as_of: datetime | None, prepared_by: str, composed: Composed, ground: Ground
) -> Printed:
    from reports.pdf.faces import fonts_version

    digest = sha256(composed.pdf).hexdigest()
    path = pdf_path(run.settings.editions, digest)
    for place, content in printed_files(path, summary, composed, run.settings.fonts).items():
        run.kept.keep(place, content)
    tables = all_tables(summary, composed)
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
        edition = editions.add_draft(session, new, composed.figures, composed.claims)
        done = ReportRunRecord(
            str(summary.period),
            as_of,
            summary.cut_at,
            code_version(),
            edition.edition_id,
            "",
            run.now(),
            ground.made_with,
            hash_beside(run, digest),
            ground.seen_links,
            ground.begun_at,
        )
        report_runs.note_run(session, done)
    if edition.tables_sha256 in ("", new.tables_sha256):
        # What somebody has checked or released stays as it is, though this program would lay the tables out otherwise.
        run.kept.keep(tables_path(run.settings.editions, digest), tables)
    note("edition-made", edition=edition.edition_id, period=new.period, sha256=digest, pages=composed.pages)
    write_status_page(run, summary.period)
    return Printed(edition, path, composed.pages)


def printed_files(pdf: Path, summary: Summary, composed: Composed, fonts: Path) -> dict[Path, bytes]:
    """The PDF, which lies at `pdf`, and what lies beside it but for the workbook: data, page, workings, the copy for Word."""
    from reports.companions.word_copy import word_copy
    from reports.companions.workings_page import workings_page

    folder, digest = pdf.parent, pdf.stem
    return {
        pdf: composed.pdf,
        **{companion_path(folder, digest, name): content for name, content, _ in composed.data.files},
        html_path(folder, digest): composed.html.encode(),
        workings_path(folder, digest): workings_page(summary, composed.figures, composed.data.sha256),
        word_path(folder, digest): word_copy(composed.document, composed.sender, summary.cut_at, fonts),
    }


def all_tables(summary: Summary, composed: Composed) -> bytes:
    """The workbook: the tables of the page, and the lists that are too long for it."""
    from reports.companions.tables_workbook import tables_workbook

    return tables_workbook(
        composed.document, composed.sender, composed.all_figures, summary.cut_at, composed.data.sha256
    )
