"""Locked periods: what arrives after the lock is kept and judged, and counts only once somebody unlocks it."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import Select, Subquery, false, func, select
from sqlalchemy.orm import Session

from domain.findings import Verdict
from domain.submissions import LockRecord, UnlockRecord
from storage.chain import add_link
from storage.rejudgements import rejudged
from storage.tables import PeriodLock, Submission, Unlock

_COUNTING = tuple(verdict for verdict in Verdict if verdict.counts)
_came_at = func.coalesce(Submission.arrived_at, Submission.received_at)
"""What came before the lock is not held back by it, whenever it was judged."""


def _in_force(as_of: datetime | None) -> Subquery:
    """The newest lock of each period known at `as_of`."""
    rank = func.row_number().over(
        partition_by=PeriodLock.period, order_by=(PeriodLock.noted_at.desc(), PeriodLock.id.desc())
    )
    known = select(PeriodLock.__table__, rank.label("newest"))
    if as_of is not None:
        known = known.where(PeriodLock.noted_at <= as_of)
    ranked = known.subquery()
    return select(ranked).where(ranked.c.newest == 1).subquery()


def held(as_of: datetime | None) -> Select[tuple[int]]:
    """The ids of the submissions that the locks in force at `as_of` keep from counting."""
    lock = _in_force(as_of)
    unlocked = select(Unlock.submission_id)
    if as_of is not None:
        unlocked = unlocked.where(Unlock.unlocked_at <= as_of)
    return (
        select(Submission.id)
        .join(lock, lock.c.period == Submission.period)
        .where(_came_at >= lock.c.locked_from, Submission.id.not_in(unlocked))
    )


def held_submissions(session: Session, period: str, unit_code: str | None = None) -> list[int]:
    """The ids of the sound submissions of the period that wait for somebody to unlock them."""
    query = select(Submission.id).where(
        Submission.id.in_(held(None)),
        Submission.id.not_in(rejudged()),
        Submission.period == period,
        Submission.verdict.in_(_COUNTING),
    )
    if unit_code is not None:
        query = query.where(Submission.unit_code == unit_code)
    return list(session.scalars(query.order_by(Submission.id)))


def held_among(session: Session, periods: Sequence[str], as_of: datetime | None) -> list[int]:
    """The ids of the sound submissions of the periods that the locks in force at `as_of` keep from counting."""
    query = select(Submission.id).where(
        Submission.id.in_(held(as_of)),
        Submission.id.not_in(rejudged(as_of)),
        Submission.period.in_(periods),
        Submission.verdict.in_(_COUNTING),
    )
    return list(session.scalars(query if as_of is None else query.where(Submission.received_at <= as_of)))


def is_held(session: Session, submission_id: int) -> bool:
    """Whether a lock keeps the submission from counting."""
    locked = select(PeriodLock.id).join(Submission, Submission.period == PeriodLock.period)
    if session.scalar(locked.where(Submission.id == submission_id).limit(1)) is None:
        return False
    return session.scalar(
        select(Submission.id).where(Submission.id == submission_id, Submission.id.in_(held(None)))
    ) == (submission_id)


def lock_of(session: Session, period: str) -> LockRecord | None:
    """The period's lock in force, if it has one."""
    return locks_of(session, [period]).get(period)


def locks_of(session: Session, periods: Sequence[str], as_of: datetime | None = None) -> dict[str, LockRecord]:
    """The locks of the periods in force at `as_of`."""
    lock = _in_force(as_of)
    columns = [lock.c[field.name] for field in fields(LockRecord)]
    return {
        row.period: LockRecord(**row._mapping)
        for row in session.execute(select(*columns).where(lock.c.period.in_(periods)))
    }


def all_locks(session: Session, periods: Sequence[str]) -> list[LockRecord]:
    """Every lock of the periods, also those that a later one took the place of, in the order in which they were noted."""
    query = select(PeriodLock).where(PeriodLock.period.in_(periods)).order_by(PeriodLock.noted_at, PeriodLock.id)
    return [
        LockRecord(**{field.name: getattr(row, field.name) for field in fields(LockRecord)})
        for row in session.scalars(query)
    ]


def set_lock(session: Session, period: str, locked_from: datetime, by: str, at: datetime) -> None:
    """Close the period from that moment on; a lock of before is in force no more, and stays on record."""
    row = PeriodLock(period=period, locked_from=locked_from, locked_by=by, noted_at=at)
    session.add(row)
    session.flush()
    add_link(session, "period-lock", row.id)


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
    """When a lock last began or ceased to hold a submission of the periods back, or was opened for one."""
    opened = (
        select(func.max(Unlock.unlocked_at))
        .join(Submission, Submission.id == Unlock.submission_id)
        .where(Submission.period.in_(periods))
    )
    if as_of is not None:
        opened = opened.where(Unlock.unlocked_at <= as_of)
    moments = (session.scalar(opened), session.scalar(_last_effective_lock(periods, as_of)))
    return max((at for at in moments if at is not None), default=None)


def _last_effective_lock(periods: Sequence[str], as_of: datetime | None) -> Select[tuple[datetime]]:
    """When a lock of the periods was last noted that holds other submissions than the lock before it."""
    order = (PeriodLock.noted_at, PeriodLock.id)
    before = func.lag(PeriodLock.locked_from).over(partition_by=PeriodLock.period, order_by=order)
    known = select(PeriodLock.__table__, before.label("before")).where(PeriodLock.period.in_(periods))
    if as_of is not None:
        known = known.where(PeriodLock.noted_at <= as_of)
    lock = known.subquery()
    is_held = _came_at >= lock.c.locked_from
    was_held = func.coalesce(_came_at >= lock.c.before, false())
    opened_before = select(Unlock.submission_id).where(Unlock.unlocked_at <= lock.c.noted_at)
    moved = select(Submission.id).where(
        Submission.period == lock.c.period,
        Submission.received_at < lock.c.noted_at,
        Submission.verdict.in_(_COUNTING),
        is_held != was_held,
        Submission.id.not_in(opened_before),
    )
    return select(func.max(lock.c.noted_at)).where(moved.exists())


def _unlock(row: Unlock) -> UnlockRecord:
    return UnlockRecord(**{field.name: getattr(row, field.name) for field in fields(UnlockRecord)})
