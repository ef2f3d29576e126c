"""Issue an edition: page and workbook that were read get their number and day, and lose the mark of a draft."""

from collections.abc import Sequence
from hashlib import sha256

from domain.editions import EditionRecord, Issue
from domain.errors import NotReleasable
from domain.figures import Figure
from domain.letterhead import Sender
from domain.reference import Reference
from reports.companions.edition_data import described
from services.editions.guards import tables_of
from services.editions.ways import mended_by, way_on
from services.run import Run
from storage import editions
from storage.database import Session
from storage.edition_files import html_path, pdf_path
from storage.identity import ledger_id


def issued_pdf(
    run: Run, sender: Sender, edition: EditionRecord, figures: Sequence[Figure], issue: Issue, ledger_id: str
) -> bytes:
    """The document as it is released, naming its ledger; the same edition, issue and ledger give the same bytes.

    Raises:
        NotReleasable: if the page that was read is gone or was altered.
        BadDocument: if what is printed is not the page that was read, with its blanks filled in.
    """
    from reports.pdf.inspect import open_pdf, refuse_faulty
    from reports.pdf.issue import fill_in, source_of
    from reports.pdf.render import Page, render_pdf

    html = run.kept.read(html_path(run.settings.editions, edition.sha256), edition.html_sha256)
    if html is None:
        raise NotReleasable(f"Trang gốc của bản {edition.edition_id} đã mất hoặc bị sửa; {mended_by(edition)}.")
    filled, added = fill_in(html.decode(), issue, sender)
    place = pdf_path(run.settings.editions, edition.sha256)
    draft = run.kept.read(place, edition.sha256)
    if draft is None:
        raise NotReleasable(f"Bản dự thảo {edition.edition_id} đã mất hoặc bị sửa ({place}); {mended_by(edition)}.")
    read = open_pdf(draft)
    attached = described(read.attachments)
    pdf = render_pdf(Page(filled, run.settings.fonts), attached, edition.as_of, source_of(ledger_id))
    refuse_faulty(pdf, [*figures, *added], attached)
    return pdf


def issue_of(session: Session, edition: EditionRecord, sender: Sender) -> Issue:
    """With what the edition was released: number, day and what it takes the place of, from the ledger."""
    from reports.pdf.issue import cited

    before = editions.find_edition(session, edition.replaces) if edition.replaces else None
    replaced = cited(before.doc_number, before.doc_date, before.edition_id, sender) if before else ""
    return Issue(edition.doc_number, edition.doc_date, replaced)


def issued_again(run: Run, edition: EditionRecord) -> bytes:
    """The document of a released edition once more; one that was issued before ledgers had ids names none.

    Raises:
        NotReleasable: if the page or the draft is gone or was altered.
        BadDocument: if what is printed is not the page that was read, with its blanks filled in.
    """
    sender = run.reference.sender
    with run.ledger.read() as session:
        issue, figures = issue_of(session, edition, sender), editions.figures_of(session, edition.edition_id)
        named = ledger_id(session)
    pdf = issued_pdf(run, sender, edition, figures, issue, named)
    if sha256(pdf).hexdigest() == edition.issued_sha256:
        return pdf
    nameless = issued_pdf(run, sender, edition, figures, issue, "")
    return nameless if sha256(nameless).hexdigest() == edition.issued_sha256 else pdf


def issued_tables(run: Run, reference: Reference, edition: EditionRecord, issue: Issue) -> bytes:
    """The workbook as it is released, naming the document it goes with; the same edition and issue give the same bytes.

    Raises:
        NotReleasable: if the workbook is gone, was altered, or bears no mark of a draft.
    """
    from reports.companions.tables_workbook import issued_workbook
    from reports.pdf.house_style import style_of
    from reports.pdf.issue import accompanying

    tables = tables_of(run, edition)
    issued = issued_workbook(tables, style_of(reference)(accompanying(issue, reference.sender))) if tables else None
    if issued is None:
        raise NotReleasable(f"Bảng số liệu của bản {edition.edition_id} do chương trình cũ lập; {way_on(edition)}.")
    return issued
