"""The outbox: a mail is composed and reserved once, handed over at most once, and tried again while it may be.

What is sent are the bytes that were composed; a mail that was being handed over when the sender died is uncertain.
"""

import fcntl
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from delivery.message import Addressees, Letter, compose, fitting, message_id
from delivery.smtp import Deferred, Refused, Send, Server, Sink, TakenByAnother, Uncertain
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryRecord, DeliveryState
from domain.errors import NotReleasable
from services.settings import Settings, now
from storage import archive, deliveries
from storage.database import Database, Session


@dataclass(frozen=True, slots=True)
class Delivered:
    """How the mail to one recipient stands after this run."""

    recipient: str
    state: DeliveryState
    is_new: bool
    """Whether this run tried it."""
    answer: str


Check = Callable[[Session], None]
"""Looks into the ledger once more, in the transaction in which the mail is claimed, and raises to stop it."""


def nothing_to_check(session: Session) -> None:
    """The mail may go whatever the ledger says of it."""


def deliver_once(
    settings: Settings,
    database: Database,
    subject: str,
    digest: str,
    recipient: str,
    letter: Letter,
    check: Check = nothing_to_check,
    shown: Addressees | None = None,
) -> Delivered:
    """Queue the letter, unless that was done before, and try to hand it over.

    Args:
        settings: which server, whose name.
        database: the ledger.
        subject: what the mail is about: an edition's id, or a receipt's number.
        digest: the hash of what it carries or answers; with the subject it makes the stable Message-ID.
        recipient: one address.
        letter: composed already, so that nothing can fail between the reservation and the sending.
        check: stops the mail where the ledger has changed its mind.
        shown: whom the mail names beside its recipient.
    """
    return attempt(settings, database, queue(settings, database, subject, digest, recipient, letter, shown), check)


def queue(
    settings: Settings,
    database: Database,
    subject: str,
    digest: str,
    recipient: str,
    letter: Letter,
    shown: Addressees | None = None,
) -> DeliveryRecord:
    """Compose the mail, keep its bytes, and reserve it; what is reserved already stays as it is."""
    with database.begin() as session:
        known = deliveries.find_delivery(session, subject, recipient)
    if known is not None and known.eml_sha256:
        return known
    identity = message_id(subject, digest, recipient, settings.mail_from)
    sized = fitting(letter, settings.max_mail_bytes)
    content = compose(sized, settings.mail_from, recipient, identity, now().astimezone(VIETNAM), shown).as_bytes()
    eml = sha256(content).hexdigest()
    archive.write_durably(eml_path(settings, eml), content)
    with database.begin() as session:
        return deliveries.reserve(session, subject, recipient, identity, eml, now())


def attempt(settings: Settings, database: Database, mail: DeliveryRecord, check: Check = nothing_to_check) -> Delivered:
    """Hand a queued mail over, unless it went before; in test mode to the one address of the tests."""
    if not mail.state.is_open:
        return Delivered(mail.recipient, mail.state, False, mail.answer)
    content = eml_path(settings, mail.eml_sha256).read_bytes()
    if sha256(content).hexdigest() != mail.eml_sha256:
        raise NotReleasable(f"Thư {mail.message_id} trong {settings.home / 'mail'} đã bị sửa; không gửi.")
    claimed = False

    def hand_over() -> bool:
        nonlocal claimed
        with database.begin() as session:
            check(session)
            claimed = deliveries.claim(session, mail.subject, mail.recipient, sender_name(settings))
        return claimed

    to = settings.mail_redirect or mail.recipient
    try:
        answer = mail_channel(settings, mail.subject)(content, settings.mail_from, to, hand_over)
        state = DeliveryState.SENT
    except TakenByAnother:
        return _as_it_stands(database, mail)
    except Deferred as reason:
        answer, state = str(reason), DeliveryState.DEFERRED
    except Refused as reason:
        answer, state = str(reason), DeliveryState.REFUSED
    except Uncertain as reason:
        answer, state = str(reason), DeliveryState.UNCERTAIN
    if settings.mail_redirect:
        answer = f"{answer}; chuyển hướng tới {to}"
    with database.begin() as session:
        current = deliveries.find_delivery(session, mail.subject, mail.recipient)
        if not claimed and current is not None and not current.state.is_open:
            # Somebody else claimed it while the server kept us waiting; what became of theirs stands.
            return Delivered(mail.recipient, current.state, False, current.answer)
        deliveries.settle(session, mail.subject, mail.recipient, state, now(), answer)
    if state in (DeliveryState.SENT, DeliveryState.REFUSED):
        # Its hash stays in the ledger, and what it carried stays where it was kept.
        eml_path(settings, mail.eml_sha256).unlink(missing_ok=True)
    return Delivered(mail.recipient, state, True, answer)


@contextmanager
def outbox(settings: Settings, database: Database) -> Iterator[None]:
    """Send inside this: whoever comes while nobody sends finds what a dead sender left, and calls it uncertain."""
    settings.home.mkdir(parents=True, exist_ok=True)
    with (settings.home / "outbox.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            with database.begin() as session:
                for mail in deliveries.abandoned(session, sender_name(settings)):
                    told = "tiến trình gửi dừng đột ngột trong lúc giao thư"
                    deliveries.settle(session, mail.subject, mail.recipient, DeliveryState.UNCERTAIN, now(), told)
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def sender_name(settings: Settings) -> str:
    """By what name the senders of this machine and data folder claim mails; they share one lock."""
    return f"{socket.gethostname()}:{settings.home}"


def eml_path(settings: Settings, digest: str) -> Path:
    """Where the bytes of a composed mail are kept."""
    return settings.home / "mail" / digest[:2] / f"{digest}.eml"


def mail_channel(settings: Settings, subject: str) -> Send:
    """The configured server; without one, a folder that bears the name of what the mail is about."""
    if settings.smtp_host:
        return Server(
            settings.smtp_host,
            settings.smtp_port,
            settings.smtp_security,
            settings.smtp_user,
            settings.smtp_password.get_secret_value(),
            settings.smtp_timeout_seconds,
        )
    return Sink(settings.mail_sink / subject)


def _as_it_stands(database: Database, mail: DeliveryRecord) -> Delivered:
    with database.begin() as session:
        current = deliveries.find_delivery(session, mail.subject, mail.recipient) or mail
    return Delivered(mail.recipient, current.state, False, current.answer)
