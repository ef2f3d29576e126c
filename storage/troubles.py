"""Troubles as notes in the order in which they were made: a thing is in trouble from its first note to the one that ends it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.troubles import Trouble
from storage.tables import TroubleRow


def note_trouble(session: Session, key: str, sentence: str, advice: str, at: datetime) -> None:
    """Note that something is wrong; what is noted already in the same words is not noted again."""
    last = _last(session, key)
    if last is None or last.is_over or (last.sentence, last.advice) != (sentence, advice):
        session.add(TroubleRow(key=key, sentence=sentence, advice=advice, is_over=False, noted_at=at))
        session.flush()


def note_over(session: Session, key: str, at: datetime) -> None:
    """Note that it is over, where it was in trouble."""
    last = _last(session, key)
    if last is not None and not last.is_over:
        session.add(TroubleRow(key=key, sentence=last.sentence, advice="", is_over=True, noted_at=at))
        session.flush()


def troubles_since(session: Session, since: datetime | None = None) -> list[Trouble]:
    """What is in trouble now, in the order in which it began; with `since` also what was over after that moment."""
    begun: dict[str, Trouble] = {}
    over: list[Trouble] = []
    for row in session.scalars(select(TroubleRow).order_by(TroubleRow.id)):
        known = begun.pop(row.key, None)
        if not row.is_over:
            first = (known.number, known.since) if known else (row.id, row.noted_at)
            begun[row.key] = Trouble(first[0], row.key, row.sentence, row.advice, first[1])
        elif known is not None and since is not None and row.noted_at >= since:
            over.append(Trouble(known.number, row.key, known.sentence, "", known.since, row.noted_at))
    return sorted([*begun.values(), *over], key=lambda each: each.number)


def _last(session: Session, key: str) -> TroubleRow | None:
    return session.scalar(select(TroubleRow).where(TroubleRow.key == key).order_by(TroubleRow.id.desc()).limit(1))
