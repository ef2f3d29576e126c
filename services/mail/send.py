"""Mails a released edition, once to each recipient."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from delivery.message import XLSX, Addressees, Attachment, Letter, compose, fitting, message_id, refuse_stranger
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryRecord, DeliveryState
from domain.editions import EditionRecord, EditionState
from domain.errors import AlteredMail, BadRecipient, NotReleasable
from domain.figures import Figure
from domain.mailboxes import Header, Language, Recipient
from domain.period import Period
from services.editions.guards import printed_bytes, refuse_fallen, refuse_unnumbered, refuse_unproven, tables_of
from services.editions.outdated import void_outdated
from services.editions.ways import to_release, way_on
from services.mail.notices import send_void_notices
from services.mail.outbox import Check, Delivered, Outgoing, deliver_once, outbox, own_trouble, queue
from services.run import Run
from services.status.page import write_status_page
from storage import editions
from storage.database import Session
from storage.identity import ledger_id

if TYPE_CHECKING:
    from reports.mail.covering import Enclosed

MAILS_IN_A_BATCH = 200


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
        ledger = ledger_id(session)
    refuse_fallen(edition)
    recipients = _recipients_of(run, edition)
    reached = [each for each in recipients if not _stranger(run, each)]
    shown, mails = _shown(reached), {}
    for language, letter in _letters(run, edition, figures, reached).items():
        first = next(each.email for each in reached if each.language is language)
        identity = message_id(run.settings.mail_from)
        sized = fitting(letter, run.settings.max_mail_bytes)
        at = run.now().astimezone(VIETNAM)
        mails[language] = compose(sized, run.settings.mail_from, first, identity, at, shown, ledger)
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


def is_reserved_for_all(run: Run, edition: EditionRecord, standing: Sequence[DeliveryRecord]) -> bool:
    """Whether everybody who is to have it today has a mail in the ledger; a sender may have died before it came to all."""
    recipients = run.reference.recipients_of(Period.parse(edition.period).kind, run.today())
    return {each.email for each in recipients} <= {each.recipient for each in standing}


def still_stands(edition_id: str) -> Check:
    """Asks the ledger once more, at the moment a mail is handed over, whether the edition may go.

    What arrives voids an edition in its own transaction, unless a mail has left: so the edition's row decides. That nothing of
    it was altered is proved before the first mail that asks, and again once its row is another.
    """
    proven: EditionRecord | None = None

    def check(session: Session) -> None:
        nonlocal proven
        edition = editions.find_edition(session, edition_id, is_held=True)
        refuse_fallen(edition)
        if edition != proven:
            refuse_unproven(session, edition)
            proven = edition

    return check


def find_recipients(run: Run, edition_id: str) -> list[Recipient]:
    """Who is to receive a released edition today.

    Raises:
        NotReleasable: if nobody released these bytes, they are outdated, their day has not come, or nobody is named, or real
            figures would go to addresses that are examples.
        BadRecipient: if mails are redirected to an address that may not be written to.
    """
    void_outdated(run, edition_id)
    send_void_notices(run)
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
        command = to_release(session, edition.period, edition_id)
    refuse_fallen(edition)
    if edition.state in (EditionState.DRAFT, EditionState.CHECKED):
        raise NotReleasable(f"Bản {edition_id} chưa được duyệt; người có thẩm quyền chạy “{command}”.")
    if edition.state is EditionState.RELEASED:
        refuse_unnumbered(edition)
        _refuse_too_early(run, edition)
    with run.ledger.read() as session:
        refuse_unproven(session, edition)
    printed_bytes(run, edition)
    tables_of(run, edition)
    recipients = _recipients_of(run, edition)
    if run.settings.mail_redirect:
        refuse_stranger(run.settings.mail_redirect, run.settings.allowed_domains)
    elif not edition.is_sample:
        _refuse_examples(run, recipients)
    return recipients


def _refuse_examples(run: Run, recipients: Sequence[Recipient]) -> None:
    """Real figures do not leave by the table that came with the program: the office's own was never filled, or is lost."""
    if examples := [each.email for each in recipients if each.is_example]:
        raise NotReleasable(
            f"{run.tables.path_of('recipients.csv')} còn địa chỉ mẫu ({examples[0]}), không phải của ai, nên chưa gửi cho ai; ghi "
            f"địa chỉ thật vào {run.settings.home / 'reference' / 'recipients.csv'}, hoặc lấy tệp ấy lại từ bản sao lưu."
        )


def _refuse_too_early(run: Run, edition: EditionRecord) -> None:
    """Nothing leaves before the day it was told to, nor before the day it bears."""
    days = [day for day in (edition.doc_date, edition.not_before) if day is not None and run.today() < day]
    if days:
        raise NotReleasable(
            f"Bản {edition.edition_id} chỉ được gửi từ ngày {max(days):%d/%m/%Y}; nếu ngày ấy ghi nhầm thì {way_on(edition)}."
        )


def _recipients_of(run: Run, edition: EditionRecord) -> list[Recipient]:
    recipients = run.reference.recipients_of(Period.parse(edition.period).kind, run.today())
    if not recipients:
        raise NotReleasable(f"Hôm nay không có ai trong recipients.csv nhận báo cáo kỳ {edition.period}.")
    return recipients


def _stranger(run: Run, recipient: Recipient) -> str:
    """Why the recipient may not be written to; empty where he may."""
    try:
        refuse_stranger(recipient.email, run.settings.allowed_domains)
    except BadRecipient as reason:
        return str(reason)
    return ""


def _shown(recipients: Sequence[Recipient]) -> Addressees:
    return Addressees(
        [each.email for each in recipients if each.role is Header.TO],
        [each.email for each in recipients if each.role is Header.CC],
    )


def reserve_mails(run: Run, edition_id: str, recipients: Sequence[Recipient]) -> None:
    """Reserve the mail of each recipient, before the first leaves: who comes after a crash knows who is to have it."""
    with outbox(run):
        for mail in _mails(run, edition_id, recipients, recipients).values():
            # What is wrong with one recipient is his outcome, once his mail is to leave.
            with suppress(OSError, AlteredMail):
                queue(run, mail)


def deliver_mails(
    run: Run, batch: Sequence[Recipient], edition_id: str, everybody: Sequence[Recipient]
) -> list[Delivered]:
    """Mail a released edition to each recipient of the batch that has not had it; doing it again sends nothing.

    What is wrong with one recipient is his outcome, and keeps it from nobody else.
    """
    check = still_stands(edition_id)
    with outbox(run):
        mails = _mails(run, edition_id, batch, everybody)
        return [
            deliver_once(run, mails[each.email], check)
            if each.email in mails
            else own_trouble(edition_id, each.email, _stranger(run, each))
            for each in batch
        ]


def _mails(
    run: Run, edition_id: str, recipients: Sequence[Recipient], everybody: Sequence[Recipient]
) -> dict[str, Outgoing]:
    """The mail to each of the recipients that may be written to, by the address; each names everybody who gets one."""
    reached = [each for each in recipients if not _stranger(run, each)]
    shown = _shown([each for each in everybody if not _stranger(run, each)])
    with run.ledger.read() as session:
        edition = editions.find_edition(session, edition_id)
        figures = editions.figures_of(session, edition_id)
    letters = _letters(run, edition, figures, reached)
    return {each.email: Outgoing(edition_id, each.email, letters[each.language], shown) for each in reached}


def _letters(
    run: Run, edition: EditionRecord, figures: Sequence[Figure], recipients: Sequence[Recipient]
) -> dict[Language, Letter]:
    """The covering letter in each language that is read, with PDF and workbook; and what goes where they are too large."""
    from reports.mail.covering import bodies, pdf_name, subject, tables_name

    pdf = Attachment(pdf_name(edition), "application/pdf", printed_bytes(run, edition))
    workbook = tables_of(run, edition) if run.settings.mail_tables else None
    tables = Attachment(tables_name(edition), XLSX, workbook) if workbook is not None else None
    replaced = _replaced(run, edition)
    link = run.settings.edition_link.replace("{sha256}", edition.document_sha256).replace(
        "{edition}", edition.edition_id
    )
    letters = {}
    for language in sorted({each.language for each in recipients}):
        title = subject(edition, language, replaced, run.reference.sender)
        letters[language] = _letter(
            title, partial(bodies, edition, figures, run.reference, language), pdf, tables, link
        )
    return letters


def _letter(
    title: str, texts: Callable[["Enclosed"], tuple[str, str]], pdf: Attachment, tables: Attachment | None, link: str
) -> Letter:
    """The letter with all that goes along; instead of it the one without the workbook, and the one without the PDF."""
    from reports.mail.covering import Enclosed

    nothing = Enclosed(too_large_pdf_bytes=len(pdf.content), link=link, has_tables=tables is not None)
    without = Letter(title, *texts(nothing))
    pdf_alone = Enclosed(pdf.name, too_large_tables_bytes=len(tables.content) if tables else 0)
    alone = Letter(title, *texts(pdf_alone), [pdf], without)
    if tables is None:
        return alone
    return Letter(title, *texts(Enclosed(pdf.name, tables.name)), [pdf, tables], alone)


def _replaced(run: Run, edition: EditionRecord) -> EditionRecord | None:
    """The edition that this one takes the place of."""
    if edition.replaces is None:
        return None
    with run.ledger.read() as session:
        return editions.find_edition(session, edition.replaces)
