"""A person releases an edition by its hash; then it is mailed, once to each recipient."""

from collections.abc import Sequence
from hashlib import sha256

from delivery.message import Attachment, Letter, refuse_stranger
from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState
from domain.errors import NotReleasable
from domain.figures import Figure
from domain.reference import Reference
from flows.deliver import Delivered, deliver_once, outbox
from flows.monthly_report import edition_path
from flows.registers import load_registers
from flows.settings import Settings, now
from flows.steps import RunStep, directly
from storage import editions
from storage.database import Session, open_database


def release(settings: Settings, edition_id: str, by: str) -> EditionRecord:
    """Bind a person's name to the exact bytes of a draft.

    Raises:
        NotReleasable: if the edition is void, already sent, or its PDF is no longer the printed one.
    """
    database = open_database(settings.ledger_url)
    try:
        if not by.strip():
            raise NotReleasable("Phải ghi tên người duyệt: --by “Họ và tên”.")
        with database.begin() as session:
            edition = editions.find_edition(session, edition_id)
            _refuse_void(edition)
            _printed_bytes(settings, edition)
            if edition.state is EditionState.DRAFT:
                editions.set_released(session, edition_id, by.strip(), now())
            return editions.find_edition(session, edition_id)
    finally:
        database.close()


def send_report(settings: Settings, edition_id: str, run_step: RunStep = directly) -> list[Delivered]:
    """Mail a released edition to every recipient of today that has not had it; doing it again sends nothing.

    Raises:
        NotReleasable: if nobody released these bytes.
        BadRecipient: if an address may not be written to; then nobody is written to.
    """
    recipients = run_step("check-release", _recipients, settings, edition_id)
    database = open_database(settings.ledger_url)
    try:
        with outbox(settings, database):
            outcome = [run_step("deliver", _deliver, settings, edition_id, recipient) for recipient in recipients]
    finally:
        database.close()
    run_step("close-edition", _close, settings, edition_id, outcome)
    return outcome


def _recipients(settings: Settings, edition_id: str) -> list[str]:
    reference = load_registers(settings)
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        edition = editions.find_edition(session, edition_id)
    database.close()
    _refuse_void(edition)
    if edition.state is EditionState.DRAFT:
        raise NotReleasable(
            f"Bản {edition_id} chưa được duyệt; người có thẩm quyền chạy “ketnghia release {edition_id} --by TÊN”."
        )
    _printed_bytes(settings, edition)
    addresses = [recipient.email for recipient in reference.recipients_on(now().date())]
    for address in addresses:
        refuse_stranger(address, settings.allowed_domains)
    return addresses


def _deliver(settings: Settings, edition_id: str, recipient: str) -> Delivered:
    reference = load_registers(settings)
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            edition = editions.find_edition(session, edition_id)
            _refuse_void(edition)
            figures = editions.figures_of(session, edition_id)
        letter = _letter(settings, edition, reference, figures)

        def still_stands(session: Session) -> None:
            _refuse_void(editions.find_edition(session, edition_id))

        return deliver_once(settings, database, edition_id, edition.sha256, recipient, letter, still_stands)
    finally:
        database.close()


def _letter(settings: Settings, edition: EditionRecord, reference: Reference, figures: Sequence[Figure]) -> Letter:
    from reports.covering_mail import attachment_name, bodies, subject

    text, html = bodies(edition, figures, reference)
    pdf = Attachment(attachment_name(edition), "application/pdf", _printed_bytes(settings, edition))
    return Letter(subject(edition), text, html, [pdf])


def _close(settings: Settings, edition_id: str, outcome: Sequence[Delivered]) -> None:
    if outcome and all(delivered.state is DeliveryState.SENT for delivered in outcome):
        database = open_database(settings.ledger_url)
        with database.begin() as session:
            editions.set_sent(session, edition_id)
        database.close()


def _refuse_void(edition: EditionRecord) -> None:
    if edition.state is EditionState.VOID:
        raise NotReleasable(
            f"Bản {edition.edition_id} đã hủy ({edition.void_reason}); lập lại bằng “ketnghia report {edition.period}”."
        )


def _printed_bytes(settings: Settings, edition: EditionRecord) -> bytes:
    path = edition_path(settings, edition.sha256)
    content = path.read_bytes() if path.is_file() else b""
    if sha256(content).hexdigest() != edition.sha256:
        raise NotReleasable(
            f"Tệp PDF của bản {edition.edition_id} đã mất hoặc bị sửa; lập lại bằng “ketnghia report {edition.period}”."
        )
    return content
