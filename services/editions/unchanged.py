"""Whether a report would be made again just as it is: then the edition that the ledger has is the answer."""

from datetime import datetime

from domain.editions import EditionRecord, EditionState
from domain.period import Period
from services.editions.guards import is_whole
from services.editions.papers import papers_of
from services.editions.version import made_with
from services.run import Run
from storage import editions, report_runs, submissions
from storage.database import Session
from storage.edition_files import word_path, workings_path

_SAYS_NOTHING_OF_FIGURES = frozenset(
    {"arrival", "arrival-own-time", "received-mail", "mail", "attempt", "delivery", "account", "act", "identity", "run",
     "run-made-with",     "store", "tables"}
)  # fmt: skip
"""Kinds of links that may be added without a page changing; whatever is not here, and comes later, counts as news."""


def find_unchanged(run: Run, period: Period, as_of: datetime | None) -> EditionRecord | None:
    """The edition made last for the period and moment, where making it again would give the same bytes.

    That is certain only while the program, its fonts, settings and tables are the same, no row of the tables has begun or
    ceased to hold, the ledger got nothing that figures could come from, and every file of the edition is sound.
    """
    with run.ledger.read() as session:
        found = report_runs.written_since_latest(session, str(period), as_of, _SAYS_NOTHING_OF_FIGURES)
        if found is None or found[0].edition_id is None:
            return None
        last, later = found
        edition = editions.find_edition(session, str(last.edition_id))
        if not (
            _stands(session, edition)
            and not any(_is_news(kind, key, edition) for kind, key in later)
            and _has_reports(session, period, as_of)
        ):
            return None
    is_same = last.made_with == made_with(run) and not _turned(run, last.finished_at)
    return edition if is_same and _has_its_files(run, edition) else None


def _stands(session: Session, edition: EditionRecord) -> bool:
    over = (EditionState.VOID, EditionState.WITHDRAWN)
    return edition.state not in over and is_whole(session, edition)


def _is_news(kind: str, key: str, edition: EditionRecord) -> bool:
    """What becomes of an edition changes no other report than those of its own period, which tell what is corrected."""
    if not kind.startswith("edition"):
        return True
    return key != edition.edition_id and key.rpartition("-")[0] == edition.edition_id.rpartition("-")[0]


def _has_reports(session: Session, period: Period, as_of: datetime | None) -> bool:
    """Whether somebody reported: a report of none is asked for by name, and is made as often."""
    return bool(submissions.counting_submissions(session, [str(month) for month in period.months()], as_of))


def _turned(run: Run, since: datetime) -> bool:
    """Whether a correction or decision of the province has begun or ceased to hold by its own days."""
    now = run.now()
    turns = [each.holds(since) != each.holds(now) for each in run.reference.corrections]
    turns += [each.holds(since) != each.holds(now) for each in run.reference.double_decisions]
    return any(turns)


def _has_its_files(run: Run, edition: EditionRecord) -> bool:
    folder = run.settings.editions
    beside = (workings_path(folder, edition.sha256), word_path(folder, edition.sha256))
    return all(run.kept.has(place) for place in beside) and not any(paper.fault for paper in papers_of(run, edition))
