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
from services.run import Run
from storage.edition_files import html_path, pdf_path


def issued_pdf(run: Run, sender: Sender, edition: EditionRecord, figures: Sequence[Figure], issue: Issue) -> bytes:
    """The document as it is released; the same edition and issue give the same bytes.

    Raises:
        NotReleasable: if the page that was read is gone or was altered.
        BadDocument: if what is printed is not the page that was read, with its blanks filled in.
    """
    from reports.pdf.inspect import open_pdf, refuse_faulty
    from reports.pdf.issue import fill_in
    from reports.pdf.render import render_pdf

    place = html_path(run.settings.editions, edition.sha256)
    html = place.read_bytes() if place.is_file() else b""
    if sha256(html).hexdigest() != edition.html_sha256:
        raise NotReleasable(
            f"Trang gốc của bản {edition.edition_id} đã mất hoặc bị sửa; lập lại bằng “ketnghia report {edition.period}”."
        )
    filled, added = fill_in(html.decode(), issue, sender)
    read = open_pdf(pdf_path(run.settings.editions, edition.sha256).read_bytes())
    attached = described(read.attachments)
    pdf = render_pdf(filled, run.settings.fonts, attached, edition.as_of)
    refuse_faulty(pdf, [*figures, *added], attached)
    return pdf


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
        raise NotReleasable(
            f"Bảng số liệu của bản {edition.edition_id} do chương trình cũ lập; lập lại bằng "
            f"“ketnghia report {edition.period}”."
        )
    return issued
