"""Deliveries: the row of a mail stands before the mail goes, so that none goes twice."""

from datetime import datetime

from sqlalchemy import RowMapping, select, update
from sqlalchemy.orm import Session

from domain.editions import DeliveryState
from storage.tables import Delivery


def reserve(session: Session, edition_id: str, recipient: str, message_id: str, at: datetime) -> bool:
    """Take the mail to one recipient upon oneself; false when it is sent, or may have been."""
    row = session.get(Delivery, (edition_id, recipient), with_for_update=True)
    if row is None:
        session.add(
            Delivery(
                edition_id=edition_id,
                recipient=recipient,
                message_id=message_id,
                state=DeliveryState.SENDING,
                reserved_at=at,
            )
        )
        session.flush()
        return True
    if row.state != DeliveryState.FAILED:
        return False
    row.state, row.reserved_at, row.answer = DeliveryState.SENDING, at, None
    return True


def settle(
    session: Session, edition_id: str, recipient: str, state: DeliveryState, at: datetime | None, answer: str
) -> None:
    """Note how the attempt ended, in the server's words."""
    session.execute(
        update(Delivery)
        .where(Delivery.edition_id == edition_id, Delivery.recipient == recipient)
        .values(state=state, sent_at=at, answer=answer)
    )


def deliveries_of(session: Session, edition_id: str) -> list[RowMapping]:
    """Every delivery of the edition, by recipient."""
    query = select(Delivery.__table__).where(Delivery.edition_id == edition_id).order_by(Delivery.recipient)
    return list(session.execute(query).mappings())
