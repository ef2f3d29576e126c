"""What must be true of an edition before anybody answers for it, signs it or mails it."""

from hashlib import sha256

from domain.editions import EditionRecord, EditionState
from domain.errors import NotReleasable
from services.run import Run
from storage.edition_files import pdf_path


def printed_bytes(run: Run, edition: EditionRecord) -> bytes:
    """The exact bytes that were printed.

    Raises:
        NotReleasable: if the file is gone or is no longer those bytes.
    """
    path = pdf_path(run.settings.editions, edition.document_sha256)
    content = path.read_bytes() if path.is_file() else b""
    if sha256(content).hexdigest() != edition.document_sha256:
        raise NotReleasable(
            f"Tệp PDF của bản {edition.edition_id} đã mất hoặc bị sửa; lập lại bằng “ketnghia report {edition.period}”."
        )
    return content


def refuse_fallen(edition: EditionRecord) -> None:
    """Stop an edition that was voided, withdrawn, or replaced by one that was sent.

    Raises:
        NotReleasable: with the reason.
    """
    if edition.state is EditionState.SUPERSEDED:
        raise NotReleasable(
            f"Bản {edition.edition_id} {edition.state.label}; dùng bản thay thế, xem “ketnghia status {edition.period}”."
        )
    if edition.state in (EditionState.VOID, EditionState.WITHDRAWN):
        raise NotReleasable(
            f"Bản {edition.edition_id} {edition.state.label} ({edition.void_reason}); "
            f"lập lại bằng “ketnghia report {edition.period}”."
        )
