"""What is known at a moment: the rows of the submissions that count, with the province's corrections laid over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from domain.corrections import Correction
from domain.double_counting import DoubleDecision
from domain.period import Period
from domain.submissions import SubmissionRecord
from services.figures.decisions import applied_corrections, without_duplicates
from services.run import Run
from storage import explanations, locks, parkings, submissions
from storage.database import Session
from storage.facts import fetch_facts
from transforms.figures.corrections import corrected

COUNTED_TABLES = ("activities", "households", "politics_security")
"""The tables of the form whose rows are counted into figures."""


def known_facts(
    session: Session,
    run: Run,
    tables: Sequence[str],
    periods: Sequence[str],
    as_of: datetime | None = None,
) -> dict[str, pl.LazyFrame]:
    """For each table its accepted rows in the periods as `stored(table)`, corrected.

    Raises:
        BadReference: if a correction that holds at `as_of` matches nothing.
    """
    applied = applied_corrections(session, run, as_of)
    facts = {table: corrected(fetch_facts(session, table, periods, as_of), table, applied) for table in tables}
    if "activities" in facts:
        facts["activities"] = without_duplicates(facts["activities"], run, periods, as_of)
    return facts


@dataclass(frozen=True, slots=True)
class Learnt:
    """What became known of some periods between two moments."""

    began: Sequence[SubmissionRecord]
    """Submissions that count now and did not."""
    ceased: Sequence[SubmissionRecord]
    """Submissions that counted, do not, and were replaced by none."""
    corrections: Sequence[Correction]
    """Corrections that began or ceased to hold."""
    duplicates: Sequence[DoubleDecision]
    """Decisions about duplicate rows that began or ceased to hold."""


def learnt_between(
    session: Session, run: Run, periods: Sequence[str], since: datetime, until: datetime | None
) -> Learnt:
    """What changed in what is known of the periods; without `until`, up to now."""
    then, today = (
        {record.submission_id: record for record in submissions.counting_submissions(session, periods, moment)}
        for moment in (since, until)
    )
    began = [record for number, record in today.items() if number not in then]
    replaced = {(record.period, record.unit_code) for record in began}
    return Learnt(
        began,
        [
            record
            for number, record in then.items()
            if number not in today and (record.period, record.unit_code) not in replaced
        ],
        [
            each
            for each in run.reference.corrections
            if each.locator.period in periods and each.holds(since) != each.holds(until or run.now())
        ],
        [
            each
            for each in run.reference.double_decisions
            if each.dropped.period in periods and each.holds(since) != each.holds(until or run.now())
        ],
    )


def known_at(
    session: Session,
    run: Run,
    periods: Sequence[str],
    told_of: Sequence[SubmissionRecord],
    as_of: datetime | None,
) -> datetime:
    """The last moment, up to `as_of`, at which anything known of the periods changed: asking then gives the same.

    A file that was returned changes no figure, and yet what is said of its unit. Where nothing ever became known, it is the moment at which the last report was due.
    """
    until = as_of or run.now()
    changes = [record.received_at for record in told_of]
    changes += [
        at
        for at in (
            parkings.last_parking(session, periods, as_of),
            locks.last_change_of_locks(session, periods, as_of),
            explanations.last_explanation(session, periods, as_of),
        )
        if at is not None
    ]
    decided = [(each.locator.period, each.valid_from, each.valid_to) for each in run.reference.corrections]
    decided += [(each.dropped.period, each.valid_from, each.valid_to) for each in run.reference.double_decisions]
    for period, valid_from, valid_to in decided:
        if period in periods:
            changes += [at for at in (valid_from, valid_to) if at is not None and at <= until]
    if changes:
        return max(changes)
    return min(run.reference.calendar.due(Period.parse(max(periods))), until)
