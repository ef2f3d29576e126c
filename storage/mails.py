"""Mails of units: each once, by the hash of its bytes, with what became of it and when it was answered."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.mails import Enclosure, EnclosureKind, Fate, MailRecord
from storage.chain import add_link
from storage.tables import Arrival, Mail

CHANNEL = "mailbox"


def locator_of(sha256: str, number: int) -> str:
    """By what the workbook of this number in a mail is known among all arrivals by mail."""
    return f"{sha256}/{number}"


def note_mail(session: Session, mail: MailRecord) -> None:
    """Note a mail, unless that was done before: then what was noted stands."""
    if session.get(Mail, mail.sha256) is not None:
        return
    session.add(
        Mail(
            sha256=mail.sha256,
            sender=mail.sender,
            subject=mail.subject,
            message_id=mail.message_id,
            arrived_at=mail.arrived_at,
            fate=mail.fate,
            reason=mail.reason,
            workbooks=mail.workbooks,
            enclosures=[[each.name, each.kind] for each in mail.enclosures],
            links=list(mail.links),
            answered_at=mail.answered_at,
        )
    )
    session.flush()
    add_link(session, "received-mail", mail.sha256)


def mail_of_arrival(session: Session, number: int) -> MailRecord | None:
    """The mail that brought the arrival with this number; null where it came another way."""
    locator = session.scalar(select(Arrival.locator).where(Arrival.id == number, Arrival.channel == CHANNEL))
    row = session.get(Mail, locator.partition("/")[0]) if locator else None
    return None if row is None else _record(row)


def arrivals_of_mail(session: Session, sha256: str) -> int:
    """How many of the workbooks that the mail brought have arrived in the ledger."""
    is_its = Arrival.locator.startswith(locator_of(sha256, 0)[:-1], autoescape=True)
    return session.scalar(select(func.count()).where(Arrival.channel == CHANNEL, is_its)) or 0


def unanswered_without_workbook(session: Session) -> list[MailRecord]:
    """The mails that brought no workbook and wait for an answer, oldest first."""
    rows = session.scalars(
        select(Mail).where(Mail.answered_at.is_(None), Mail.workbooks == 0).order_by(Mail.arrived_at, Mail.sha256)
    )
    return [mail for mail in map(_record, rows) if mail.fate.is_answered]


def answers_without_verdict(session: Session, sender: str, since: datetime) -> int:
    """How many mails without a workbook this sender has had answered since then."""
    is_one = (Mail.sender == sender, Mail.workbooks == 0, Mail.answered_at >= since)
    return session.scalar(select(func.count()).select_from(Mail).where(*is_one)) or 0


def note_mail_answer(session: Session, sha256: str, at: datetime) -> None:
    """Note that the mail has been answered."""
    session.execute(update(Mail).where(Mail.sha256 == sha256).values(answered_at=at))


def _record(row: Mail) -> MailRecord:
    return MailRecord(
        sha256=row.sha256,
        sender=row.sender,
        subject=row.subject,
        message_id=row.message_id,
        arrived_at=row.arrived_at,
        fate=Fate(row.fate),
        reason=row.reason,
        workbooks=row.workbooks,
        enclosures=tuple(Enclosure(name, EnclosureKind(kind)) for name, kind in row.enclosures),
        links=tuple(row.links),
        answered_at=row.answered_at,
    )
