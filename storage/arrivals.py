"""Arrivals: each file that came in, once, with the number of its receipt."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.submissions import ArrivalRecord
from storage.chain import OWN_TIME, add_link
from storage.tables import Arrival, Submission

HISTORY = "history"
"""The way in by which old figures are imported."""


def note_arrival(
    session: Session,
    channel: str,
    locator: str,
    file_name: str,
    sha256: str,
    sender: str | None,
    arrived_at: datetime,
    own_time: datetime | None = None,
) -> ArrivalRecord:
    """Give an arrival its number; the very same arrival seen again keeps the one it has."""
    same = (Arrival.channel == channel, Arrival.locator == locator, Arrival.sha256 == sha256)
    known = session.scalar(select(Arrival).where(*same))
    if known is not None:
        return _record(known)
    row = Arrival(
        channel=channel,
        locator=locator,
        file_name=file_name,
        sha256=sha256,
        sender=sender,
        arrived_at=arrived_at,
        own_time=own_time,
    )
    session.add(row)
    session.flush()
    add_link(session, "arrival", row.id)
    if own_time is not None:
        add_link(session, OWN_TIME, row.id)
    return _record(row)


def known_locators(session: Session, channel: str) -> set[str]:
    """What has come by this way already."""
    return set(session.scalars(select(Arrival.locator).where(Arrival.channel == channel)))


def arrived_files(session: Session) -> dict[str, str]:
    """The hash of every file that came in, with the name it came under."""
    return dict(session.execute(select(Arrival.sha256, Arrival.file_name)).tuples().all())


def first_arrival(session: Session, sha256: str) -> ArrivalRecord | None:
    """The arrival that brought these bytes first."""
    row = session.scalar(select(Arrival).where(Arrival.sha256 == sha256).order_by(Arrival.id).limit(1))
    return None if row is None else _record(row)


def find_arrival(session: Session, number: int) -> ArrivalRecord | None:
    """The arrival of this number."""
    row = session.get(Arrival, number)
    return None if row is None else _record(row)


def senders_of(session: Session, sha256: str) -> set[str | None]:
    """Who sent these bytes; null stands for a way in that names nobody."""
    return set(session.scalars(select(Arrival.sender).where(Arrival.sha256 == sha256)))


def unjudged(session: Session) -> list[ArrivalRecord]:
    """The first arrival of all bytes that no submission has been made of yet, oldest first."""
    judged = select(Submission.sha256)
    first = select(func.min(Arrival.id)).where(Arrival.sha256.not_in(judged)).group_by(Arrival.sha256)
    rows = session.scalars(select(Arrival).where(Arrival.id.in_(first)).order_by(Arrival.arrived_at, Arrival.id))
    return [_record(row) for row in rows]


def unanswered(session: Session) -> list[ArrivalRecord]:
    """The arrivals that wait for an answer, in the order of their numbers."""
    return [
        _record(row)
        for row in session.scalars(select(Arrival).where(Arrival.answered_at.is_(None)).order_by(Arrival.id))
    ]


def unanswered_between(session: Session, first: int, last: int) -> set[int]:
    """The numbers from `first` to `last` of the arrivals that wait for an answer."""
    return set(
        session.scalars(select(Arrival.id).where(Arrival.answered_at.is_(None), Arrival.id.between(first, last)))
    )


def answered_arrivals(session: Session, sha256: str) -> list[ArrivalRecord]:
    """The arrivals of these bytes that have been answered."""
    query = select(Arrival).where(Arrival.sha256 == sha256, Arrival.answered_at.is_not(None))
    return [_record(row) for row in session.scalars(query.order_by(Arrival.id))]


def note_answer(session: Session, number: int, at: datetime) -> None:
    """Note that the arrival has been answered."""
    session.execute(update(Arrival).where(Arrival.id == number).values(answered_at=at))


def ask_for_answer(session: Session, sha256: str) -> None:
    """Ask for another answer to the senders of these bytes: their verdict has changed."""
    session.execute(update(Arrival).where(Arrival.sha256 == sha256).values(answered_at=None))


def _record(row: Arrival) -> ArrivalRecord:
    return ArrivalRecord(row.id, row.channel, row.file_name, row.sha256, row.sender, row.arrived_at, row.own_time)
