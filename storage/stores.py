"""Where the files of a ledger lie since it is shared by several machines: each place where a store was first met."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.chain import add_link
from storage.tables import StoreRow


def known_store(session: Session) -> str:
    """The place that was noted last; empty while the files lie in the data folder alone."""
    return session.scalar(select(StoreRow.place).order_by(StoreRow.id.desc()).limit(1)) or ""


def note_store(session: Session, place: str, at: datetime) -> None:
    """From now on the ledger's files lie there, too."""
    row = StoreRow(place=place, noted_at=at)
    session.add(row)
    session.flush()
    add_link(session, "store", row.id)
