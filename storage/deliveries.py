"""The outbox: a mail's row stands before the mail goes, and is claimed at the very moment it is handed over."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.deliveries import Attempt, DeliveryRecord, DeliveryState, wait_after
from domain.editions import EditionState
from domain.errors import AlteredMail
from storage.chain import add_link
from storage.soundness import first_linked, fits, has_fewer_rows, last_gone, was_linked
from storage.tables import Delivery, DeliveryAttempt, Edition

_OPEN = [state for state in DeliveryState if state.is_open]


def reserve(
    session: Session, subject: str, recipient: str, message_id: str, eml_sha256: str, at: datetime
) -> DeliveryRecord:
    """Queue the mail about a subject to one recipient, or find the one that is there: never a second.

    Raises:
        AlteredMail: if its row was taken out of the ledger.
    """
    row = session.get(Delivery, (subject, recipient))
    if row is None and was_linked(session, "mail", subject, recipient):
        raise AlteredMail(f"thư cho {recipient} đã từng có trong sổ và bị xóa ngoài chương trình, không gửi nữa")
    if row is None:
        row = Delivery(
            subject=subject,
            recipient=recipient,
            message_id=message_id,
            eml_sha256=eml_sha256,
            state=DeliveryState.QUEUED,
            attempts=0,
            reserved_at=at,
            next_attempt_at=at,
            sender="",
        )
        session.add(row)
        session.flush()
        add_link(session, "mail", subject, recipient)
    return _record(row)


def recompose(session: Session, subject: str, recipient: str, eml_sha256: str) -> DeliveryRecord | None:
    """Put other bytes in the place of a mail's whose own were lost; null where it has left meanwhile, or was altered."""
    row = session.get(Delivery, (subject, recipient), with_for_update=True)
    if row is None or row.state not in _OPEN or not fits(session, "mail", subject, recipient):
        return None
    row.eml_sha256 = eml_sha256
    session.flush()
    add_link(session, "mail", subject, recipient)
    return _record(row)


def claim(session: Session, subject: str, recipient: str, sender: str) -> bool:
    """Take the handing over upon oneself; false where somebody else has, or it needs none any more."""
    outcome = session.execute(
        update(Delivery)
        .where(Delivery.subject == subject, Delivery.recipient == recipient, Delivery.state.in_(_OPEN))
        .values(state=DeliveryState.SENDING, sender=sender)
    )
    return getattr(outcome, "rowcount", 0) == 1


def sender_of(session: Session, subject: str, recipient: str) -> str | None:
    """Who has the handing over of the mail, or had it last."""
    return session.scalar(select(Delivery.sender).where(Delivery.subject == subject, Delivery.recipient == recipient))


def settle(session: Session, subject: str, recipient: str, state: DeliveryState, at: datetime, answer: str) -> None:
    """Note how an attempt ended, in the server's words."""
    row = session.get(Delivery, (subject, recipient), with_for_update=True)
    assert row is not None, f"no mail about {subject} to {recipient} was reserved"
    row.state, row.answer, row.attempts = state, answer, row.attempts + 1
    row.sent_at = at if state is DeliveryState.SENT else row.sent_at
    row.next_attempt_at = at + wait_after(row.attempts) if state is DeliveryState.DEFERRED else None
    attempt = DeliveryAttempt(subject=subject, recipient=recipient, at=at, state=state, answer=answer)
    session.add(attempt)
    session.flush()
    add_link(session, "attempt", attempt.id)


def being_handed_over(session: Session) -> list[tuple[DeliveryRecord, str]]:
    """The mails that somebody is handing over, or was when it died, with who that is."""
    rows = session.scalars(select(Delivery).where(Delivery.state == DeliveryState.SENDING))
    return [(_record(row), row.sender) for row in rows]


def in_hand(session: Session) -> list[DeliveryRecord]:
    """The mails that some sender was handing over, whoever it was."""
    return [_record(row) for row in session.scalars(select(Delivery).where(Delivery.state == DeliveryState.SENDING))]


def open_deliveries(session: Session, due_at: datetime | None = None) -> list[DeliveryRecord]:
    """The mails that are to be tried, oldest first; with `due_at`, those whose time has come.

    Of an edition that was voided, withdrawn or replaced none is.
    """
    fallen = [EditionState.VOID, EditionState.WITHDRAWN, EditionState.SUPERSEDED]
    given_up = select(Edition.edition_id).where(Edition.state.in_(fallen))
    query = select(Delivery).where(Delivery.state.in_(_OPEN), Delivery.subject.not_in(given_up))
    if due_at is not None:
        query = query.where(Delivery.next_attempt_at <= due_at)
    return [_record(row) for row in session.scalars(query.order_by(Delivery.reserved_at, Delivery.recipient))]


def reserved_since(session: Session, prefix: str, since: datetime) -> list[str]:
    """What the mails are about that were queued since a moment, and whose subject begins like this."""
    query = select(Delivery.subject).where(Delivery.subject.startswith(prefix), Delivery.reserved_at >= since)
    return list(session.scalars(query))


def unsettled(session: Session) -> list[DeliveryRecord]:
    """The mails whose bytes are still needed: to be tried, being handed over, or waiting for a person's word."""
    needed = [*_OPEN, DeliveryState.SENDING, DeliveryState.UNCERTAIN]
    return [_record(row) for row in session.scalars(select(Delivery).where(Delivery.state.in_(needed)))]


def find_delivery(session: Session, subject: str, recipient: str) -> DeliveryRecord | None:
    """The mail about the subject to that recipient."""
    row = session.get(Delivery, (subject, recipient))
    return None if row is None else _record(row)


def with_message_id(session: Session, message_id: str) -> DeliveryRecord | None:
    """The mail that bore this Message-ID."""
    row = session.scalar(select(Delivery).where(Delivery.message_id == message_id))
    return None if row is None else _record(row)


def deliveries_of(session: Session, subject: str) -> list[DeliveryRecord]:
    """Every mail about the edition or receipt, by recipient."""
    rows = session.scalars(select(Delivery).where(Delivery.subject == subject).order_by(Delivery.recipient))
    return [_record(row) for row in rows]


def is_as_noted(session: Session, subject: str, recipient: str) -> bool:
    """Whether the chain knows the mail, and it stands as its last attempt left it: neither made ready once more, nor done.

    While somebody hands it over, nobody knows yet. Those of before there was an outbox had no attempts. Where an attempt
    was taken out of the ledger, it may have been of any mail that was there by then.
    """
    mail, last = find_delivery(session, subject, recipient), _last_attempt(session, subject, recipient)
    if mail is None or not fits(session, "mail", subject, recipient):
        return False
    if has_fewer_rows(session, "attempt"):
        reserved = first_linked(session, "mail", subject, recipient)
        if last_gone(session, "attempt") > reserved:
            return False
    return _is_as_left(mail, last) and (last is None or fits(session, "attempt", last.id))


def altered(session: Session) -> list[DeliveryRecord]:
    """The mails that stand otherwise than their last attempt left them."""
    mails = [_record(row) for row in session.scalars(select(Delivery).order_by(Delivery.subject, Delivery.recipient))]
    return [mail for mail in mails if not _is_as_left(mail, _last_attempt(session, mail.subject, mail.recipient))]


def _is_as_left(mail: DeliveryRecord, last: DeliveryAttempt | None) -> bool:
    if mail.state is DeliveryState.SENDING or not mail.eml_sha256:
        return True
    return mail.state == (DeliveryState.QUEUED if last is None else last.state)


def _last_attempt(session: Session, subject: str, recipient: str) -> DeliveryAttempt | None:
    return session.scalar(
        select(DeliveryAttempt)
        .where(DeliveryAttempt.subject == subject, DeliveryAttempt.recipient == recipient)
        .order_by(DeliveryAttempt.id.desc())
        .limit(1)
    )


def about(session: Session, prefix: str) -> list[DeliveryRecord]:
    """Every mail whose subject begins like this."""
    return [_record(row) for row in session.scalars(select(Delivery).where(Delivery.subject.startswith(prefix)))]


def composed(session: Session) -> set[str]:
    """The hashes of all mails that were ever reserved."""
    return set(session.scalars(select(Delivery.eml_sha256)))


def attempts_of(session: Session, subject: str) -> Sequence[Attempt]:
    """Every attempt to mail something about the subject, oldest first."""
    rows = session.scalars(
        select(DeliveryAttempt).where(DeliveryAttempt.subject == subject).order_by(DeliveryAttempt.id)
    )
    return [Attempt(row.subject, row.recipient, row.at, DeliveryState(row.state), row.answer) for row in rows]


def _record(row: Delivery) -> DeliveryRecord:
    kept = {each.name: getattr(row, each.name) for each in fields(DeliveryRecord)}
    return DeliveryRecord(**(kept | {"state": DeliveryState(row.state), "answer": row.answer or ""}))
