"""One mail to one recipient, at most once, through any crash: reserve its row, send, settle the row."""

from collections.abc import Callable
from dataclasses import dataclass

from delivery.message import Letter, compose, message_id
from delivery.smtp import Refused, Send, Server, Sink, Uncertain
from domain.calendar import VIETNAM
from domain.editions import DeliveryState
from flows.settings import Settings, now
from storage import deliveries
from storage.database import Database, Session


@dataclass(frozen=True, slots=True)
class Delivered:
    """How the mail to one recipient stands after this run."""

    recipient: str
    state: DeliveryState
    is_new: bool
    answer: str


def nothing_to_check(session: Session) -> None:
    """The mail may go whatever the ledger says of it."""


def deliver_once(
    settings: Settings,
    database: Database,
    subject: str,
    digest: str,
    recipient: str,
    letter: Letter,
    check: Callable[[Session], None] = nothing_to_check,
) -> Delivered:
    """Send the letter, unless it went before; a crash after the reservation is for a person to judge.

    Args:
        settings: which server, whose name.
        database: the ledger.
        subject: what the mail is about: an edition's id, or a receipt's number.
        digest: the hash of what it carries or answers; with the subject it makes the stable Message-ID.
        recipient: one address.
        letter: composed already, so that nothing can fail between the reservation and the sending.
        check: looks into the ledger once more, in the transaction of the reservation, and raises to stop the mail.
    """
    identity = message_id(subject, digest, recipient, settings.mail_from)
    message = compose(letter, settings.mail_from, recipient, identity, now().astimezone(VIETNAM))
    with database.begin() as session:
        check(session)
        if not deliveries.reserve(session, subject, recipient, identity, now()):
            known = {mail.recipient: mail for mail in deliveries.deliveries_of(session, subject)}
            return Delivered(recipient, known[recipient].state, False, known[recipient].answer)
    try:
        answer, state, at = mail_channel(settings, subject)(message), DeliveryState.SENT, now()
    except Refused as reason:
        answer, state, at = str(reason), DeliveryState.FAILED, None
    except Uncertain as reason:
        answer, state, at = str(reason), DeliveryState.SENDING, None
    with database.begin() as session:
        deliveries.settle(session, subject, recipient, state, at, answer)
    return Delivered(recipient, state, True, answer)


def mail_channel(settings: Settings, subject: str) -> Send:
    """The configured server; without one, a folder that bears the name of what the mail is about."""
    if settings.smtp_host:
        return Server(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user,
            settings.smtp_password.get_secret_value(),
        )
    return Sink(settings.mail_sink / subject)
