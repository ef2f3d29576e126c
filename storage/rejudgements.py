"""Verdicts that were given anew: the old one stays as it was, and is history from then on."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from storage.chain import add_link
from storage.tables import Rejudgement


def rejudged(as_of: datetime | None = None) -> Select[tuple[int]]:
    """The ids of the submissions whose verdict had been given anew by then."""
    query = select(Rejudgement.submission_id)
    return query if as_of is None else query.where(Rejudgement.rejudged_at <= as_of)


def replace_verdict(session: Session, submission_id: int, by_submission: int, at: datetime) -> None:
    """From now on the other submission, of the same bytes, says what became of them."""
    session.add(Rejudgement(submission_id=submission_id, by_submission=by_submission, rejudged_at=at))
    session.flush()
    add_link(session, "rejudgement", submission_id)
