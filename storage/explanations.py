"""What units answered to questions about their figures; the newest answer to a question stands."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.quality import ExplanationRecord
from storage.chain import add_link
from storage.tables import Explanation


def note_explanation(session: Session, new: ExplanationRecord) -> bool:
    """Keep an answer; false where just this one is kept already."""
    same = select(Explanation.id).where(Explanation.question == new.question, Explanation.text == new.text)
    if session.scalar(same) is not None:
        return False
    row = Explanation(**asdict(new))
    session.add(row)
    session.flush()
    add_link(session, "explanation", row.id)
    return True


def explanations_of(session: Session, periods: Sequence[str], as_of: datetime | None = None) -> list[ExplanationRecord]:
    """The newest answer to each question of the periods that was known at `as_of`, by question."""
    known = select(func.max(Explanation.id)).where(Explanation.period.in_(periods))
    if as_of is not None:
        known = known.where(Explanation.noted_at <= as_of)
    rows = session.scalars(
        select(Explanation)
        .where(Explanation.id.in_(known.group_by(Explanation.question)))
        .order_by(Explanation.question)
    )
    return [
        ExplanationRecord(**{each.name: getattr(row, each.name) for each in fields(ExplanationRecord)}) for row in rows
    ]


def last_explanation(session: Session, periods: Sequence[str], as_of: datetime | None) -> datetime | None:
    """When a unit last explained a figure of the periods."""
    query = select(func.max(Explanation.noted_at)).where(Explanation.period.in_(periods))
    return session.scalar(query if as_of is None else query.where(Explanation.noted_at <= as_of))
