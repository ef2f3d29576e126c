"""Gathers what a reader should know of how good a period's figures are."""

from collections import Counter
from dataclasses import replace
from datetime import datetime

from domain.findings import Finding
from domain.period import Period
from domain.quality import Quality, WaivedRule
from domain.quoting import quoted
from domain.reference import Reference
from domain.submissions import SubmissionRecord
from domain.waivers import Waiver
from services.figures.duplicates import pairs_of
from services.figures.questions import questions_of
from services.figures.rows import Known
from services.run import Run
from storage import explanations, submissions
from storage.database import Session


def quality_of(session: Session, run: Run, period: Period, known: Known, as_of: datetime | None) -> Quality:
    """Waivers made use of, corrections, doubtful pairs and questions of the period, as known at `as_of`."""
    months = [str(month) for month in period.months()]
    return Quality(
        _waived(session, run.reference, months, known),
        [
            each
            for each in run.reference.corrections
            if each.locator.period in months and each.holds(as_of or run.now())
        ],
        pairs_of(session, run, period, as_of),
        questions_of(session, run, period, known, as_of),
        [
            replace(each, text=quoted(each.text), explained_by=quoted(each.explained_by))
            for each in explanations.explanations_of(session, months, as_of)
        ],
    )


def _waived(session: Session, reference: Reference, months: list[str], known: Known) -> list[WaivedRule]:
    """The waivers that the findings of the counted submissions name, and for how many cells each."""
    own = [record for record in known.counting if record.period in months]
    findings = submissions.findings_of(session, [record.submission_id for record in own])
    used = Counter(
        waiver
        for record in own
        for finding in findings[record.submission_id].found
        for waiver in [_waiver_of(reference, record, finding)]
        if waiver is not None
    )
    return [WaivedRule(waiver, cells) for waiver, cells in used.items()]


def _waiver_of(reference: Reference, record: SubmissionRecord, finding: Finding) -> Waiver | None:
    """The waiver that made a warning of the finding.

    A finding older than the keys names its waiver by what it says; then the row of `waivers.csv` is looked for.
    """
    month, unit_code = Period.parse(str(record.period)), str(record.unit_code)
    rows = (
        waiver
        for waiver in reference.waivers
        if waiver.sentence == finding.waived_by and waiver.names(finding.rule, unit_code, month)
    )
    return Waiver.of_key(finding.waived_by) or next(rows, None)
