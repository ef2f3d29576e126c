"""Deliveries: the row of a mail stands before the mail goes, so that none goes twice."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.editions import DeliveryRecord, DeliveryState
from storage.chain import add_link
from storage.tables import Delivery


def reserve(session: Session, subject: str, recipient: str, message_id: str, at: datetime) -> bool:
    """Take the mail to one recipient upon oneself; false when it is sent, or may have been."""
    row = session.get(Delivery, (subject, recipient), with_for_update=True)
    if row is None:
        session.add(
            Delivery(
                subject=subject,
                recipient=recipient,
                message_id=message_id,
                state=DeliveryState.SENDING,
                reserved_at=at,
            )
        )
        session.flush()
        add_link(session, "delivery", subject, recipient)
        return True
    if row.state != DeliveryState.FAILED:
        return False
    row.state, row.reserved_at, row.answer = DeliveryState.SENDING, at, None
    session.flush()
    add_link(session, "delivery", subject, recipient)
    return True


def settle(
    session: Session, subject: str, recipient: str, state: DeliveryState, at: datetime | None, answer: str
) -> None:
    """Note how the attempt ended, in the server's words."""
    session.execute(
        update(Delivery)
        .where(Delivery.subject == subject, Delivery.recipient == recipient)
        .values(state=state, sent_at=at, answer=answer)
    )
    add_link(session, "delivery", subject, recipient)


def deliveries_of(session: Session, subject: str) -> list[DeliveryRecord]:
    """Every delivery of the edition or receipt, by recipient."""
    rows = session.scalars(select(Delivery).where(Delivery.subject == subject).order_by(Delivery.recipient))
    return [
        DeliveryRecord(row.recipient, DeliveryState(row.state), row.message_id, row.sent_at, row.answer or "")
        for row in rows
    ]
