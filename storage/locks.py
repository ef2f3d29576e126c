"""Locked periods: what arrives after the lock is kept and judged, and counts only once somebody unlocks it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from domain.findings import Verdict
from domain.submissions import LockRecord, UnlockRecord
from storage.chain import add_link
from storage.tables import Lock, Submission, Unlock

_COUNTING = tuple(verdict for verdict in Verdict if verdict.counts)


def held(as_of: datetime | None) -> Select[tuple[int]]:
    """The ids of the submissions that a lock known at `as_of` keeps from counting."""
    unlocked = select(Unlock.submission_id)
    query = (
        select(Submission.id)
        .join(Lock, Lock.period == Submission.period)
        .where(Submission.received_at >= Lock.locked_from)
    )
    if as_of is not None:
        unlocked = unlocked.where(Unlock.unlocked_at <= as_of)
        query = query.where(Lock.noted_at <= as_of)
    return query.where(Submission.id.not_in(unlocked))


def held_submissions(session: Session, period: str, unit_code: str | None = None) -> list[int]:
    """The ids of the sound submissions of the period that wait for somebody to unlock them."""
    query = select(Submission.id).where(
        Submission.id.in_(held(None)), Submission.period == period, Submission.verdict.in_(_COUNTING)
    )
    if unit_code is not None:
        query = query.where(Submission.unit_code == unit_code)
    return list(session.scalars(query.order_by(Submission.id)))


def held_among(session: Session, periods: Sequence[str], as_of: datetime | None) -> list[int]:
    """The ids of the sound submissions of the periods that a lock known at `as_of` keeps from counting."""
    query = select(Submission.id).where(
        Submission.id.in_(held(as_of)), Submission.period.in_(periods), Submission.verdict.in_(_COUNTING)
    )
    return list(session.scalars(query if as_of is None else query.where(Submission.received_at <= as_of)))


def is_held(session: Session, submission_id: int) -> bool:
    """Whether a lock keeps the submission from counting."""
    return session.scalar(
        select(Submission.id).where(Submission.id == submission_id, Submission.id.in_(held(None)))
    ) == (submission_id)


def lock_of(session: Session, period: str) -> LockRecord | None:
    """The period's lock, if it has one."""
    row = session.get(Lock, period)
    return None if row is None else _lock(row)


def locks_of(session: Session, periods: Sequence[str], as_of: datetime | None = None) -> dict[str, LockRecord]:
    """The locks of the periods that were known at `as_of`."""
    query = select(Lock).where(Lock.period.in_(periods))
    if as_of is not None:
        query = query.where(Lock.noted_at <= as_of)
    return {row.period: _lock(row) for row in session.scalars(query)}


def set_lock(session: Session, period: str, locked_from: datetime, by: str, at: datetime) -> None:
    """Close the period from that moment on; a lock set again replaces the one before."""
    session.merge(Lock(period=period, locked_from=locked_from, locked_by=by, noted_at=at))
    session.flush()
    add_link(session, "lock", period)


def unlock(session: Session, submission_ids: Sequence[int], reason: str, by: str, at: datetime) -> None:
    """Let the submissions count from now on."""
    for submission_id in submission_ids:
        session.add(Unlock(submission_id=submission_id, reason=reason, unlocked_by=by, unlocked_at=at))
        session.flush()
        add_link(session, "unlock", submission_id)


def unlocks_of(session: Session, submission_ids: Sequence[int]) -> dict[int, UnlockRecord]:
    """Who let the submissions into a locked period, and why."""
    query = select(Unlock).where(Unlock.submission_id.in_(submission_ids))
    return {row.submission_id: _unlock(row) for row in session.scalars(query)}


def last_change_of_locks(session: Session, periods: Sequence[str], as_of: datetime | None) -> datetime | None:
    """When a lock last began to hold a submission of the periods back, or was opened for one."""
    opened = (
        select(func.max(Unlock.unlocked_at))
        .join(Submission, Submission.id == Unlock.submission_id)
        .where(Submission.period.in_(periods))
    )
    noted = select(func.max(Lock.noted_at)).where(
        Lock.period.in_(periods),
        select(Submission.id)
        .where(Submission.period == Lock.period, Submission.received_at >= Lock.locked_from)
        .where(Submission.received_at < Lock.noted_at, Submission.verdict.in_(_COUNTING))
        .exists(),
    )
    if as_of is not None:
        opened, noted = opened.where(Unlock.unlocked_at <= as_of), noted.where(Lock.noted_at <= as_of)
    return max((at for at in (session.scalar(opened), session.scalar(noted)) if at is not None), default=None)


def _lock(row: Lock) -> LockRecord:
    return LockRecord(**{field.name: getattr(row, field.name) for field in fields(LockRecord)})


def _unlock(row: Unlock) -> UnlockRecord:
    return UnlockRecord(**{field.name: getattr(row, field.name) for field in fields(UnlockRecord)})
