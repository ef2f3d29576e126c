"""Gathers what a reader should know of how good a period's figures are."""

from collections import Counter
from datetime import datetime

from domain.period import Period
from domain.quality import Quality, WaivedRule
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
        _waived(session, run, months, known),
        [
            each
            for each in run.reference.corrections
            if each.locator.period in months and each.holds(as_of or run.now())
        ],
        pairs_of(session, run, period, as_of),
        questions_of(session, run, period, known, as_of),
        explanations.explanations_of(session, months, as_of),
    )


def _waived(session: Session, run: Run, months: list[str], known: Known) -> list[WaivedRule]:
    own = [record for record in known.counting if record.period in months]
    findings = submissions.findings_of(session, [record.submission_id for record in own])
    used: Counter[Waiver] = Counter()
    for record in own:
        for finding in findings[record.submission_id].found:
            for waiver in run.reference.waivers:
                # A waiver written later covers the submission too, but was not made use of.
                if (waiver.rule, waiver.unit_code) == (
                    finding.rule,
                    record.unit_code,
                ) and waiver.words in finding.sentence:
                    used[waiver] += 1
    return [WaivedRule(waiver, cells) for waiver, cells in used.items()]
