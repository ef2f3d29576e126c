"""A released edition is mailed, once to each recipient."""

from collections.abc import Sequence

from delivery.message import Attachment, Letter, compose, message_id, refuse_stranger
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState
from domain.errors import NotReleasable
from domain.figures import Figure
from domain.period import Period
from domain.reference import Recipient, Reference
from flows.deliver import Check, Delivered, deliver_once, outbox
from flows.registers import load_registers
from flows.release import refuse_outdated, refuse_unprinted, refuse_void
from flows.settings import Settings, now
from flows.status_page import write_status_page
from flows.steps import RunStep, Tell, directly, silently
from storage import deliveries, editions
from storage.database import Session, open_database


def send_report(
    settings: Settings, edition_id: str, run_step: RunStep = directly, tell: Tell = silently
) -> list[Delivered]:
    """Mail a released edition to every recipient of today that has not had it; doing it again sends nothing.

    Raises:
        NotReleasable: if nobody released these bytes, they are outdated, or their day has not come.
        BadRecipient: if an address may not be written to; then nobody is written to.
    """
    recipients = run_step("check-release", _recipients, settings, edition_id)
    outcome = run_step("deliver", _deliver, settings, edition_id, recipients, tell)
    run_step("close-edition", close_edition, settings, edition_id, outcome)
    return outcome


def preview(settings: Settings, edition_id: str) -> tuple[list[Recipient], bytes]:
    """Exactly what would be sent now, and to whom: the recipients, and the mail to the first of them.

    Raises:
        NotReleasable: if the edition was voided, withdrawn or altered.
    """
    reference = load_registers(settings)
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            edition = editions.find_edition(session, edition_id)
            figures = editions.figures_of(session, edition_id)
    finally:
        database.close()
    refuse_void(edition)
    recipients = reference.recipients_on(now().astimezone(VIETNAM).date())
    if not recipients:
        raise NotReleasable("Hôm nay không có người nhận nào trong recipients.csv.")
    first = recipients[0].email
    identity = message_id(edition_id, edition.sha256, first, settings.mail_from)
    letter = _letter(settings, edition, reference, figures)
    return recipients, compose(letter, settings.mail_from, first, identity, now().astimezone(VIETNAM)).as_bytes()


def close_edition(settings: Settings, edition_id: str, outcome: Sequence[Delivered]) -> None:
    """The edition is sent once every recipient has been served, or will never be."""
    over = (DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.BOUNCED)
    is_over = all(delivered.state in over for delivered in outcome)
    was_served = any(delivered.state is DeliveryState.SENT for delivered in outcome)
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            edition = editions.find_edition(session, edition_id)
            if is_over and was_served and edition.state is EditionState.RELEASED:
                editions.set_sent(session, edition_id)
    finally:
        database.close()
    write_status_page(settings, Period.parse(edition.period))


def still_stands(settings: Settings, reference: Reference, edition_id: str) -> Check:
    """Asks the ledger once more, at the moment a mail is handed over, whether the edition may go."""

    def check(session: Session) -> None:
        edition = editions.find_edition(session, edition_id)
        refuse_void(edition)
        if edition.state is EditionState.RELEASED:
            refuse_outdated(settings, session, reference, edition)

    return check


def _recipients(settings: Settings, edition_id: str) -> list[str]:
    reference = load_registers(settings)
    today = now().astimezone(VIETNAM).date()
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            edition = editions.find_edition(session, edition_id)
            refuse_void(edition)
            if edition.state in (EditionState.DRAFT, EditionState.CHECKED):
                raise NotReleasable(
                    f"Bản {edition_id} chưa được duyệt; người có thẩm quyền chạy “ketnghia release {edition_id} --by TÊN”."
                )
            if edition.state is EditionState.RELEASED:
                refuse_outdated(settings, session, reference, edition)
    finally:
        database.close()
    if edition.not_before is not None and today < edition.not_before:
        raise NotReleasable(f"Bản {edition_id} chỉ được gửi từ ngày {edition.not_before:%d/%m/%Y}.")
    refuse_unprinted(settings, edition)
    addresses = [recipient.email for recipient in reference.recipients_on(today)]
    for address in [*addresses, *([settings.mail_redirect] if settings.mail_redirect else [])]:
        refuse_stranger(address, settings.allowed_domains)
    return addresses


def _deliver(settings: Settings, edition_id: str, recipients: Sequence[str], tell: Tell) -> list[Delivered]:
    """One after the other, those who have not had it."""
    reference = load_registers(settings)
    check = still_stands(settings, reference, edition_id)
    database = open_database(settings.ledger_url)
    outcome = []
    try:
        with outbox(settings, database):
            with database.begin() as session:
                edition = editions.find_edition(session, edition_id)
                figures = editions.figures_of(session, edition_id)
                known = {mail.recipient: mail for mail in deliveries.deliveries_of(session, edition_id)}
            letter = _letter(settings, edition, reference, figures)
            for number, recipient in enumerate(recipients, start=1):
                before = known.get(recipient)
                if before is not None and not before.state.is_open:
                    outcome.append(Delivered(recipient, before.state, False, before.answer))
                else:
                    outcome.append(
                        deliver_once(settings, database, edition_id, edition.sha256, recipient, letter, check)
                    )
                tell("gửi thư", number, len(recipients))
    finally:
        database.close()
    return outcome


def _letter(settings: Settings, edition: EditionRecord, reference: Reference, figures: Sequence[Figure]) -> Letter:
    from reports.covering_mail import attachment_name, bodies, subject

    text, html = bodies(edition, figures, reference)
    pdf = Attachment(attachment_name(edition), "application/pdf", refuse_unprinted(settings, edition))
    return Letter(subject(edition), text, html, [pdf])
