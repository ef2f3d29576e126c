"""Whether a report would be made again just as it is: then the edition that the ledger has is the answer."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from domain.editions import EditionRecord, EditionState
from domain.period import Period
from reports.companions.edition_data import CSV_NAME, DICTIONARY_NAME
from services.editions.guards import is_whole
from services.editions.papers import papers_of
from services.editions.version import made_with
from services.run import Run
from storage import chain, editions, report_runs, submissions
from storage.database import Session
from storage.edition_files import companion_path, word_path, workings_path

_SAYS_NOTHING_OF_FIGURES = frozenset(
    {"arrival", "arrival-own-time", "received-mail", "mail", "attempt", "delivery", "account", "act", "identity", "run",
     "run-made-with", "store", "tables"}
)  # fmt: skip
"""Kinds of links that may be added without a page changing; whatever is not here, and comes later, counts as news."""


@dataclass(frozen=True, slots=True)
class Ground:
    """On what a report is made: taken before the first row is read, so that what comes meanwhile is news to it."""

    made_with: str
    seen_links: int
    begun_at: datetime


def ground_of(run: Run) -> Ground:
    """The ground of a report that is begun now."""
    with run.ledger.read() as session:
        seen, _ = chain.head(session)
    return Ground(made_with(run), seen, run.now())


def find_unchanged(run: Run, period: Period, as_of: datetime | None, ground: Ground) -> EditionRecord | None:
    """The edition made last for the period and moment, where making it again on this ground would give the same bytes.

    That is so while the program, what is installed with it, fonts, settings and tables are the same, no row of the tables has
    begun or ceased to hold, the chain got nothing that figures could come from since the last ground, and every file of the
    edition is what it was.
    """
    with run.ledger.read() as session:
        last = report_runs.latest_runs(session, [str(period)], as_of).get(str(period))
        if last is None or last.edition_id is None or last.seen_links is None or last.begun_at is None:
            return None
        edition = editions.find_edition(session, last.edition_id)
        later = chain.written_since(session, last.seen_links, _SAYS_NOTHING_OF_FIGURES)
        if not (
            _stands(session, edition)
            and not any(_is_news(kind, key, edition) for kind, key in later)
            and _has_reports(session, period, as_of)
        ):
            return None
    is_same = last.made_with == ground.made_with and not _turned(run, last.begun_at, ground.begun_at)
    return edition if is_same and _has_its_files(run, edition, last.beside_sha256) else None


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


def _turned(run: Run, since: datetime, until: datetime) -> bool:
    """Whether a correction or decision of the province has begun or ceased to hold by its own days, or both in turn."""
    corrections, decisions = run.reference.corrections, run.reference.double_decisions
    turns = [each for row in corrections for each in (row.valid_from, row.valid_to)]
    turns += [each for row in decisions for each in (row.valid_from, row.valid_to)]
    return any(each is not None and since < each <= until for each in turns)


def _has_its_files(run: Run, edition: EditionRecord, beside: str | None) -> bool:
    sound = not any(paper.fault for paper in papers_of(run, edition))
    return sound and beside is not None and beside == hash_beside(run, edition.sha256)


def hash_beside(run: Run, pdf: str) -> str | None:
    """One hash over the files beside a PDF that the ledger knows by none of their own; null where one is missing."""
    folder, digest = run.settings.editions, sha256()
    places = [companion_path(folder, pdf, name) for name in (CSV_NAME, DICTIONARY_NAME)]
    for place in (*places, workings_path(folder, pdf), word_path(folder, pdf)):
        content = run.kept.read(place)
        if content is None:
            return None
        digest.update(sha256(content).digest())
    return digest.hexdigest()
