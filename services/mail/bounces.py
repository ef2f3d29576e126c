"""Mails that came back: a report of non-delivery finds the mail it speaks of (RFC 3464)."""

import re
from dataclasses import replace

from domain.deliveries import DeliveryRecord, DeliveryState
from domain.errors import KetnghiaError
from ingest.mail.message import Message, Report
from ingest.mail.read_message import read_message
from services.log import warn
from services.mail.retry import close_as_it_stands
from services.run import Run
from storage import deliveries, editions

_QUOTED_ID = re.compile(rb"(?im)^[>\s]*(?:[\w-]*message-id|in-reply-to|references):\s*(<[^>\s]{1,240}>)")


def take_report(run: Run, message: Message) -> bool:
    """Note a server's report about a mail of ours; whether the message is one that speaks of such a mail."""
    if message.report is None or _mail_of(run, message.report) is None:
        return False
    try:
        _note(run, message.report)
    except KetnghiaError as reason:
        warn("bounce-not-noted", f"{message.sender} “{message.subject}”: {reason}", sender=message.sender)
    return True


def note_bounce(run: Run, content: bytes) -> DeliveryRecord:
    """Match a report of non-delivery, in the hands of a person who has read it, with the mail it speaks of.

    Also one that has no form, as some servers still send: the person vouches for it.

    Raises:
        KetnghiaError: if it names no mail of ours, or says that the mail is only late or has arrived.
    """
    message = read_message(content, run.settings.limits)
    report = message.report or Report(True, (), message.subject)
    quoted = (found.decode("ascii", "replace") for found in _QUOTED_ID.findall(content))
    return _note(run, replace(report, mentions=(*report.mentions, *quoted)))


def _mail_of(run: Run, report: Report) -> DeliveryRecord | None:
    """The mail of ours that the report names."""
    with run.ledger.read() as session:
        named = (deliveries.with_message_id(session, found) for found in report.mentions)
        return next((each for each in named if each is not None), None)


def _note(run: Run, report: Report) -> DeliveryRecord:
    mail = _mail_of(run, report)
    if mail is None:
        raise KetnghiaError("Thư báo này không nhắc đến thư nào đã gửi từ sổ này.")
    if not report.is_failure:
        raise KetnghiaError("Thư báo này không nói thư bị trả lại (chỉ chậm, hoặc đã tới); không ghi gì.")
    with run.ledger.write() as session:
        standing = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
        if standing.state is not DeliveryState.BOUNCED:
            reason = report.reason or "thư bị trả lại"
            deliveries.settle(session, mail.subject, mail.recipient, DeliveryState.BOUNCED, run.now(), reason)
        noted = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
        is_edition = editions.is_edition(session, mail.subject)
    if is_edition:
        close_as_it_stands(run, mail.subject)
    return noted
