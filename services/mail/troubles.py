"""Tells the operators what keeps the program from working by itself: once a day while it lasts, and once when it is over."""

from datetime import timedelta

from domain import wording
from domain.calendar import VIETNAM
from domain.troubles import Trouble
from services.mail.notices import operators, send_notice
from services.run import Run
from storage import deliveries, troubles

_LATELY = timedelta(days=7)
"""So long the end of a trouble is told, if the mail server was part of it."""


def note_trouble(run: Run, key: str, sentence: str, advice: str) -> None:
    """Note that something is wrong, and what to do; `key` says with what."""
    with run.ledger.write() as session:
        troubles.note_trouble(session, key, sentence, advice, run.now())


def note_trouble_unless_known(run: Run, key: str, sentence: str, advice: str) -> None:
    """Note it where nothing is known to be wrong with the same thing."""
    with run.ledger.read() as session:
        is_known = any(each.key == key for each in troubles.troubles_since(session))
    if not is_known:
        note_trouble(run, key, sentence, advice)


def note_over(run: Run, key: str) -> None:
    """Note that nothing is wrong with it any more."""
    with run.ledger.read() as session:
        is_open = any(each.key == key for each in troubles.troubles_since(session))
    if is_open:
        with run.ledger.write() as session:
            troubles.note_over(session, key, run.now())


def tell_operators(run: Run) -> list[str]:
    """Mail what is wrong and was not told today, and what is over; gives who is notified now."""
    with run.ledger.read() as session:
        known = troubles.troubles_since(session, run.now() - _LATELY)
    addresses = operators(run, run.today()) if known else []
    notified: list[str] = []
    for trouble in known:
        subject = _subject(run, trouble)
        if subject is not None:
            notified += send_notice(run, subject, addresses, _lines(trouble))
    return notified


def _subject(run: Run, trouble: Trouble) -> str | None:
    """What the mail is about, for the outbox; none where an earlier one still waits, or nobody heard that it began.

    One a day for the same thing, however often it comes and goes.
    """
    with run.ledger.read() as session:
        told = deliveries.about(session, f"trouble-{trouble.key}-2")
        over = deliveries.about(session, f"trouble-over-{trouble.key}-{run.today()}")
    since = str(trouble.since.astimezone(VIETNAM).date())
    was_told = any(each.subject.removeprefix(f"trouble-{trouble.key}-") >= since for each in told)
    if trouble.over_at is not None:
        on = trouble.over_at.astimezone(VIETNAM).date()
        return f"trouble-over-{trouble.key}-{on}" if was_told and not over else None
    return None if any(each.state.is_open for each in told) else f"trouble-{trouble.key}-{run.today()}"


def _lines(trouble: Trouble) -> list[str]:
    if trouble.over_at is not None:
        return [
            f"Đã hết sự cố: {trouble.sentence}",
            f"Từ {wording.moment(trouble.since)} đến {wording.moment(trouble.over_at)}.",
        ]
    return [f"Sự cố: {trouble.sentence}", f"Từ {wording.moment(trouble.since)}.", f"Việc cần làm: {trouble.advice}"]
