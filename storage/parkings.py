"""Accepted submissions that count no more, because another file bears their revision."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from storage.chain import add_link
from storage.rejudgements import rejudged
from storage.tables import Parking, Submission


def park(session: Session, submission_id: int, because_of: int, at: datetime) -> None:
    """From now on the accepted submission counts no more."""
    session.add(Parking(submission_id=submission_id, because_of=because_of, parked_at=at))
    session.flush()
    add_link(session, "parking", submission_id, because_of)


def parked(as_of: datetime | None = None) -> Select[tuple[int]]:
    """The ids of the submissions that counted no more by then."""
    query = select(Parking.submission_id).where(_holds(as_of))
    return query if as_of is None else query.where(Parking.parked_at <= as_of)


def is_parked(session: Session, submission_id: int) -> bool:
    """Whether the accepted submission counts no more."""
    return bool(parked_because_of(session, submission_id))


def parked_because_of(session: Session, submission_id: int) -> list[int]:
    """Because of which others the submission counts no more."""
    query = select(Parking.because_of).where(Parking.submission_id == submission_id, _holds())
    return list(session.scalars(query.order_by(Parking.because_of)))


def parked_by(session: Session, submission_id: int) -> list[int]:
    """The submissions that count no more because of this one."""
    query = select(Parking.submission_id).where(Parking.because_of == submission_id)
    return list(session.scalars(query.order_by(Parking.submission_id)))


def parkings_of(session: Session, periods: Sequence[str], as_of: datetime | None = None) -> list[tuple[int, datetime]]:
    """Which submissions of the periods were parked, and when; a submission may be parked more than once."""
    query = (
        select(Parking.submission_id, Parking.parked_at)
        .join(Submission, Submission.id == Parking.submission_id)
        .where(Submission.period.in_(periods), _holds(as_of))
        .order_by(Parking.parked_at, Parking.submission_id)
    )
    return [(submission_id, at) for submission_id, at in session.execute(query).tuples()]


def last_parking(session: Session, periods: Sequence[str], as_of: datetime | None) -> datetime | None:
    """When a submission of the periods was last parked."""
    query = (
        select(func.max(Parking.parked_at))
        .join(Submission, Submission.id == Parking.submission_id)
        .where(Submission.period.in_(periods))
    )
    return session.scalar(query if as_of is None else query.where(Parking.parked_at <= as_of))


def _holds(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Whether the file because of which the other was parked still has that verdict."""
    return Parking.because_of.not_in(rejudged(as_of))
