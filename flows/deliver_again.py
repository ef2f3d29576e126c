"""What the outbox does by itself, and what a person tells it: tries again, uncertain mails, mails that came back."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage

from domain.deliveries import DeliveryRecord, DeliveryState
from domain.errors import KetnghiaError, NotReleasable, UnknownEdition
from flows.console import complain
from flows.deliver import Delivered, attempt, nothing_to_check, outbox
from flows.registers import load_registers
from flows.send_report import close_edition, still_stands
from flows.settings import Settings, now
from storage import deliveries, editions
from storage.database import Database, open_database

_MESSAGE_ID = re.compile(r"(?im)^(?:message-id|in-reply-to|references|original-message-id):\s*(<[^>\s]+>)")


def flush_outbox(settings: Settings) -> list[Delivered]:
    """Try every mail whose time has come; of an edition that was voided or withdrawn none goes."""
    reference = load_registers(settings)
    database = open_database(settings.ledger_url)
    tried = []
    try:
        with outbox(settings, database):
            with database.begin() as session:
                due = deliveries.open_deliveries(session, now())
            for mail in due:
                check = (
                    still_stands(settings, reference, mail.subject)
                    if _is_edition(database, mail.subject)
                    else nothing_to_check
                )
                try:
                    tried.append(attempt(settings, database, mail, check))
                except NotReleasable as reason:
                    complain(f"ketnghia: {mail.recipient}: {reason}")
        for subject in {mail.subject for mail in due}:
            if _is_edition(database, subject):
                with database.begin() as session:
                    standing = deliveries.deliveries_of(session, subject)
                close_edition(
                    settings, subject, [Delivered(each.recipient, each.state, False, each.answer) for each in standing]
                )
    finally:
        database.close()
    return tried


def resolve_uncertain(settings: Settings, message_id: str, arrived: bool, by: str) -> DeliveryRecord:
    """A person has asked the recipient: the mail arrived, or it did not and is tried again.

    Raises:
        KetnghiaError: if no uncertain mail bears this Message-ID, or nobody is named.
    """
    if not by.strip():
        raise KetnghiaError("Phải ghi tên người xác nhận: --by “Họ và tên”.")
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            mail = deliveries.with_message_id(session, message_id)
            if mail is None or mail.state is not DeliveryState.UNCERTAIN:
                raise KetnghiaError(
                    f"Không có thư nào mang mã {message_id} đang chờ xác nhận; xem “ketnghia status KỲ”."
                )
            state = DeliveryState.SENT if arrived else DeliveryState.DEFERRED
            told = f"{by.strip()} xác nhận {'đã tới' if arrived else 'chưa tới'}"
            deliveries.settle(session, mail.subject, mail.recipient, state, now(), told)
            return deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
    finally:
        database.close()


def note_bounce(settings: Settings, content: bytes) -> DeliveryRecord:
    """A report of non-delivery is matched with the mail it speaks of.

    Raises:
        KetnghiaError: if it names no mail of ours.
    """
    message = email.message_from_bytes(content, policy=email.policy.default)
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            for found in _mentioned(message):
                mail = deliveries.with_message_id(session, found)
                if mail is not None:
                    if mail.state is not DeliveryState.BOUNCED:
                        reason = _reason(message)
                        deliveries.settle(session, mail.subject, mail.recipient, DeliveryState.BOUNCED, now(), reason)
                    return deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
    finally:
        database.close()
    raise KetnghiaError("Thư báo này không nhắc đến thư nào đã gửi từ sổ này.")


def _mentioned(message: EmailMessage) -> Iterator[str]:
    """The Message-IDs of other mails that a message quotes, in its headers and its parts; not its own."""
    own = str(message.get("Message-ID", ""))
    for found in _MESSAGE_ID.findall(message.as_string()):
        if found != own:
            yield found


def _reason(message: EmailMessage) -> str:
    """What the other server says was wrong (RFC 3464)."""
    text = message.as_string()
    found = re.search(r"(?im)^diagnostic-code:\s*(.+)$", text) or re.search(r"(?im)^status:\s*(.+)$", text)
    return found[1].strip()[:300] if found else str(message.get("Subject", "thư bị trả lại"))[:300]


def _is_edition(database: Database, subject: str) -> bool:
    with database.begin() as session:
        try:
            editions.find_edition(session, subject)
        except UnknownEdition:
            return False
    return True
