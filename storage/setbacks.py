"""Occasions on which a file could not be read; they say nothing of it until there are several of one kind."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import Setback

_MOST_NOTED = 20


def note_setback(session: Session, sha256: str, end: str, detail: str, at: datetime, *, is_suspect: bool) -> None:
    """Note how reading a file ended; `is_suspect` where a sound file was read well at the same time.

    After so many nothing new is learnt from another: a file may be tried every quarter of an hour for months.
    """
    noted = session.scalar(select(func.count()).where(Setback.sha256 == sha256, Setback.end == end)) or 0
    if noted >= _MOST_NOTED:
        return
    session.add(Setback(sha256=sha256, end=end, is_suspect=is_suspect, detail=detail, noted_at=at))


def suspect_ends(session: Session) -> Mapping[str, Mapping[str, int]]:
    """For each file, how often its reading ended in which way while a sound file was read well."""
    found: dict[str, Counter[str]] = {}
    for sha256, end in session.execute(select(Setback.sha256, Setback.end).where(Setback.is_suspect)).tuples():
        found.setdefault(sha256, Counter())[end] += 1
    return found
