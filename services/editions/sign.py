"""Sign a released edition: the signature stands beside the released bytes, which are kept; what is sent is the signed PDF."""

from dataclasses import replace
from hashlib import sha256

from domain.editions import EditionRecord, EditionState
from domain.errors import NotSigned, needing_extra
from domain.period import Period
from reports.pdf.signature import KeyInFile, KeyOnToken, sign_pdf
from services.editions.guards import printed_bytes, refuse_fallen, refuse_unnumbered, refuse_unproven
from services.editions.papers import Made, papers_of
from services.editions.ways import way_on
from services.log import note
from services.run import Run
from services.status.page import write_status_page
from storage import deliveries, editions
from storage.database import Session
from storage.edition_files import pdf_path


def sign_edition(run: Run, edition_id: str, key: KeyInFile | KeyOnToken) -> EditionRecord:
    """Fill the signature field of the document as released; once more where the signed file was lost before it went.

    Raises:
        MissingExtra: if what signs is not installed.
        NotSigned: if it is not released, signed already or on its way; if the key or the time stamp cannot be had.
        NotReleasable: if the edition was voided or withdrawn, bears no number or day, or its bytes are gone or altered.
    """
    with run.ledger.write() as session:
        edition = _signable(run, session, edition_id)
    at = run.now()
    with needing_extra("Ký số", "sign"):
        signed, by = sign_pdf(
            printed_bytes(run, replace(edition, signed_sha256=None)),
            key,
            run.settings.timestamp_url,
            at,
            run.settings.fonts,
        )
    digest = sha256(signed).hexdigest()
    run.kept.keep(pdf_path(run.settings.editions, digest), signed)
    with run.ledger.write() as session:
        _signable(run, session, edition_id)
        editions.set_signed(session, edition_id, by, at, digest)
        changed = editions.find_edition(session, edition_id)
    note("edition-signed", edition=edition_id, period=changed.period, by=by, sha256=digest)
    write_status_page(run, Period.parse(changed.period))
    return changed


def _signable(run: Run, session: Session, edition_id: str) -> EditionRecord:
    edition = editions.find_edition(session, edition_id, is_held=True)
    refuse_fallen(edition)
    if edition.state is not EditionState.RELEASED:
        raise NotSigned(f"Bản {edition_id} {edition.state.label}; chỉ ký bản đã duyệt và chưa gửi.")
    refuse_unnumbered(edition)
    refuse_unproven(session, edition)
    papers = papers_of(run, edition)
    is_lost = any(paper.made is Made.SIGNED and paper.fault for paper in papers)
    if edition.signed_sha256 and not is_lost:
        raise NotSigned(f"Bản {edition_id} đã có chữ ký số của {edition.signed_by}.")
    if deliveries.deliveries_of(session, edition_id):
        raise NotSigned(
            f"Bản {edition_id} đã có thư trong hộp thư đi; mọi nơi nhận phải có cùng một tệp. Cần ký thì {way_on(edition)}, ký "
            "rồi mới gửi."
        )
    return edition
