"""Mails that came back: a report of non-delivery finds the mail it speaks of (RFC 3464)."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr

from domain.deliveries import DeliveryRecord, DeliveryState
from domain.errors import KetnghiaError
from services.log import warn
from services.mail.retry import close_as_it_stands
from services.run import Run
from storage import deliveries, editions

_MESSAGE_ID = re.compile(
    r"(?im)^(?:message-id|in-reply-to|references|original-message-id|x-ms-exchange-message-id):\s*(<[^>\s]+>)"
)
_ACTION = re.compile(r"(?im)^action:\s*(\w+)")
_SERVERS = ("mailer-daemon", "postmaster")
"""By whom reports come that have no form of their own."""


def take_report(run: Run, content: bytes) -> bool:
    """Whether a message from the mailbox is a server's report; one that says a mail of ours failed is noted."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    sender = parseaddr(str(message.get("From", "")))[1].lower()
    is_formal = message.get_content_type() == "multipart/report"
    if not is_formal and sender.partition("@")[0] not in _SERVERS:
        return False
    try:
        note_bounce(run, content)
    except KetnghiaError as reason:
        warn("bounce-unmatched", f"{sender} “{message.get('Subject', '')}”: {reason}", sender=sender)
    return True


def note_bounce(run: Run, content: bytes) -> DeliveryRecord:
    """Match a report of non-delivery with the mail it speaks of.

    Raises:
        KetnghiaError: if it names no mail of ours, or says that the mail is only late or has arrived.
    """
    message = email.message_from_bytes(content, policy=email.policy.default)
    text = message.as_string()
    actions = {action.lower() for action in _ACTION.findall(text)}
    if actions and "failed" not in actions:
        raise KetnghiaError("Thư báo này không nói thư bị trả lại (chỉ chậm, hoặc đã tới); không ghi gì.")
    with run.ledger.write() as session:
        named = (deliveries.with_message_id(session, found) for found in _mentioned(message, text))
        mail = next((each for each in named if each is not None), None)
        if mail is None:
            raise KetnghiaError("Thư báo này không nhắc đến thư nào đã gửi từ sổ này.")
        if mail.state is not DeliveryState.BOUNCED:
            reason = _reason(message, text)
            deliveries.settle(session, mail.subject, mail.recipient, DeliveryState.BOUNCED, run.now(), reason)
        noted = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
        is_edition = editions.is_edition(session, mail.subject)
    if is_edition:
        close_as_it_stands(run, mail.subject)
    return noted


def _mentioned(message: EmailMessage, text: str) -> Iterator[str]:
    """The Message-IDs of other mails that a message quotes, in its headers and its parts; not its own."""
    own = str(message.get("Message-ID", ""))
    for found in _MESSAGE_ID.findall(text):
        if found != own:
            yield found


def _reason(message: EmailMessage, text: str) -> str:
    """What the other server says was wrong."""
    found = re.search(r"(?im)^diagnostic-code:\s*(.+)$", text) or re.search(r"(?im)^status:\s*(.+)$", text)
    return found[1].strip()[:300] if found else str(message.get("Subject", "thư bị trả lại"))[:300]
