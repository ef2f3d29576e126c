"""A mail server that counts what it takes, and how the mails of an edition stand."""

import asyncio
from collections import Counter
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import text

from domain.deliveries import DeliveryRecord, DeliveryState
from domain.editions import EditionState
from services.settings import Settings
from storage import deliveries, editions
from storage.database import open_database

EDITION = "2024-01-1"


class Office:
    """A mail server that counts what it takes, and is as unkind as it is told to be."""

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.recipients: list[str] = []
        self.mails: list[EmailMessage] = []
        self.odd: dict[str, list[str]] = {}
        """Answers to give first, by recipient."""
        self.hang_up_on = ""
        self.seconds = 0.0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        await asyncio.sleep(self.seconds)
        [recipient] = envelope.rcpt_tos
        waiting = self.odd.get(recipient)
        if waiting:
            return waiting.pop(0)
        mail = message_from_bytes(bytes(envelope.content or b""), policy=default)
        self.taken[str(mail["Message-ID"])] += 1
        self.mails.append(mail)
        self.recipients.append(recipient)
        if recipient == self.hang_up_on:
            server.transport.abort()
        return "250 OK"


def address(settings: Settings, count: int) -> list[str]:
    names = [f"r{number:04d}@gialai.example" for number in range(count)]
    rows = "".join(f"{name},{name},TO,2020-01-01,,\n" for name in names)
    (settings.home / "reference" / "recipients.csv").write_text(
        f"email,name,role,valid_from,valid_to,note\n{rows}", encoding="utf-8"
    )
    return names


def standing(settings: Settings) -> list[DeliveryRecord]:
    database = open_database(settings.ledger_url)
    with database.write() as session:
        found = deliveries.deliveries_of(session, EDITION)
    database.close()
    return found


def states(settings: Settings) -> Counter[DeliveryState]:
    return Counter(mail.state for mail in standing(settings))


def edition_state(settings: Settings) -> EditionState:
    database = open_database(settings.ledger_url)
    with database.write() as session:
        state = editions.find_edition(session, EDITION).state
    database.close()
    return state


def long_after(settings: Settings) -> None:
    """The waits are over."""
    database = open_database(settings.ledger_url)
    with database.write() as session:
        session.execute(text("UPDATE deliveries SET next_attempt_at = '2024-01-01 00:00:00' WHERE state = 'deferred'"))
    database.close()
