"""Mails a released edition, once to each recipient."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from delivery.message import Addressees, Attachment, Letter, compose, fitting, message_id, refuse_stranger
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryState
from domain.editions import EditionRecord, EditionState
from domain.errors import NotReleasable
from domain.figures import Figure
from domain.mailboxes import Header, Language, Recipient
from domain.period import Period
from services.editions.guards import printed_bytes, refuse_fallen
from services.editions.outdated import void_outdated
from services.mail.notices import send_void_notices
from services.mail.outbox import Check, Delivered, Outgoing, deliver_once, outbox
from services.progress import Progress, no_progress
from services.run import Run
from services.status.page import write_status_page
from storage import deliveries, editions
from storage.database import Session


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be sent: to whom, and the mail in each language, as its first recipient would get it."""

    recipients: Sequence[Recipient]
    mails: Mapping[Language, bytes]
    is_issued: bool
    """Whether it is the document as released; before that the mail holds the draft."""


def preview(run: Run, edition_id: str) -> Preview:
    """Exactly what would be sent now, and to whom.

    Raises:
        NotReleasable: if the edition was voided, withdrawn or altered, or nobody is to receive it.
    """
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
        figures = editions.figures_of(session, edition_id)
    refuse_fallen(edition)
    recipients = _recipients_of(run, edition)
    shown, mails = _shown(recipients), {}
    for language, letter in _letters(run, edition, figures, recipients).items():
        first = next(each.email for each in recipients if each.language is language)
        identity = message_id(edition_id, edition.document_sha256, first, run.settings.mail_from)
        sized = fitting(letter, run.settings.max_mail_bytes)
        mail = compose(sized, run.settings.mail_from, first, identity, run.now().astimezone(VIETNAM), shown)
        mails[language] = mail.as_bytes()
    return Preview(recipients, mails, edition.issued_sha256 is not None)


def close_edition(run: Run, edition_id: str, outcome: Sequence[Delivered]) -> None:
    """The edition is sent once every recipient has been served, or will never be."""
    over = (DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.BOUNCED)
    is_over = all(delivered.state in over for delivered in outcome)
    was_served = any(delivered.state is DeliveryState.SENT for delivered in outcome)
    with run.ledger.write() as session:
        edition = editions.find_edition(session, edition_id)
        if is_over and was_served and edition.state is EditionState.RELEASED:
            editions.set_sent(session, edition_id)
    write_status_page(run, Period.parse(edition.period))


def still_stands(edition_id: str) -> Check:
    """Asks the ledger once more, at the moment a mail is handed over, whether the edition may go.

    What arrives voids an edition in its own transaction, unless a mail has left: so the edition's row decides.
    """

    def check(session: Session) -> None:
        refuse_fallen(editions.find_edition(session, edition_id, is_held=True))

    return check


def find_recipients(run: Run, edition_id: str) -> list[Recipient]:
    """Who is to receive a released edition today.

    Raises:
        NotReleasable: if nobody released these bytes, they are outdated, their day has not come, or nobody is named.
        BadRecipient: if an address may not be written to; then nobody is written to.
    """
    void_outdated(run, edition_id)
    send_void_notices(run)
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
    refuse_fallen(edition)
    if edition.state in (EditionState.DRAFT, EditionState.CHECKED):
        raise NotReleasable(
            f"Bản {edition_id} chưa được duyệt; người có thẩm quyền chạy “ketnghia release {edition_id} --by TÊN”."
        )
    if edition.not_before is not None and run.today() < edition.not_before:
        raise NotReleasable(f"Bản {edition_id} chỉ được gửi từ ngày {edition.not_before:%d/%m/%Y}.")
    printed_bytes(run, edition)
    recipients = _recipients_of(run, edition)
    for address in [*(each.email for each in recipients), *filter(None, [run.settings.mail_redirect])]:
        refuse_stranger(address, run.settings.allowed_domains)
    return recipients


def _recipients_of(run: Run, edition: EditionRecord) -> list[Recipient]:
    recipients = run.reference.recipients_of(Period.parse(edition.period).kind, run.today())
    if not recipients:
        raise NotReleasable(f"Hôm nay không có ai trong recipients.csv nhận báo cáo kỳ {edition.period}.")
    return recipients


def _shown(recipients: Sequence[Recipient]) -> Addressees:
    return Addressees(
        [each.email for each in recipients if each.role is Header.TO],
        [each.email for each in recipients if each.role is Header.CC],
    )


def deliver_edition(
    run: Run, edition_id: str, recipients: Sequence[Recipient], on_progress: Progress = no_progress
) -> list[Delivered]:
    """Mail a released edition to each recipient that has not had it; doing it again sends nothing."""
    check = still_stands(edition_id)
    shown = _shown(recipients)
    outcome = []
    with outbox(run):
        with run.ledger.read() as session:
            edition = editions.find_edition(session, edition_id)
            figures = editions.figures_of(session, edition_id)
            known = {mail.recipient: mail for mail in deliveries.deliveries_of(session, edition_id)}
        letters = _letters(run, edition, figures, recipients)
        for number, recipient in enumerate(recipients, start=1):
            address, letter = recipient.email, letters[recipient.language]
            before = known.get(address)
            if before is not None and not before.state.is_open:
                outcome.append(Delivered(address, before.state, False, before.answer))
            else:
                mail = Outgoing(edition_id, edition.document_sha256, address, letter, shown)
                outcome.append(deliver_once(run, mail, check))
            on_progress("deliver", number, len(recipients))
    return outcome


def _letters(
    run: Run, edition: EditionRecord, figures: Sequence[Figure], recipients: Sequence[Recipient]
) -> dict[Language, Letter]:
    """The covering letter in each language that is read, with the PDF; and what goes where the PDF is too large."""
    from reports.mail.covering import attachment_name, bodies, subject

    pdf = Attachment(attachment_name(edition), "application/pdf", printed_bytes(run, edition))
    link = run.settings.edition_link.replace("{sha256}", edition.document_sha256).replace(
        "{edition}", edition.edition_id
    )
    letters = {}
    for language in sorted({each.language for each in recipients}):
        title = subject(edition, language)
        without = Letter(title, *bodies(edition, figures, run.reference, language, len(pdf.content), link))
        letters[language] = Letter(title, *bodies(edition, figures, run.reference, language), [pdf], without)
    return letters
