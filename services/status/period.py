"""Looks up how a period stands: expected and received, verdicts, locks, editions, deliveries."""

import re
from collections.abc import Mapping, Sequence, Set
from datetime import datetime

from domain.findings import Findings
from domain.period import Period
from domain.reference import Reference
from domain.standing import standing_of
from domain.submissions import ArrivalRecord, SubmissionRecord
from services.run import Run
from services.status.period_status import EditionStatus, PeriodStatus, ReceivedFile, UnitMonth
from storage import arrivals, deliveries, editions, locks, submissions
from storage.database import Session
from storage.edition_files import workings_path


def status(run: Run, period: Period, as_of: datetime | None = None) -> PeriodStatus:
    """The state of the period, as known at `as_of`; where nothing was taken in yet there is no ledger, and none is made."""
    if not run.has_ledger:
        units = [row for month in period.months() for row in _units(run.reference, month, [], set(), set(), {})]
        return PeriodStatus(period, run.reference.calendar.due(period), units, [], {}, [])
    months = [str(month) for month in period.months()]
    with run.ledger.read() as session:
        received = submissions.all_submissions(session, months, as_of)
        unplaced = submissions.unplaced_submissions(session, as_of)
        found = submissions.findings_of(session, [record.submission_id for record in received])
        counting = {record.submission_id for record in submissions.counting_submissions(session, months, as_of)}
        held = set(locks.held_among(session, months, as_of))
        units = [
            row for month in period.months() for row in _units(run.reference, month, received, counting, held, found)
        ]
        owed = {(each.unit.code, str(each.month)) for each in units}
        return PeriodStatus(
            period,
            run.reference.calendar.due(period),
            units,
            [each for each in (*received, *unplaced) if (each.unit_code, each.period) not in owed],
            locks.locks_of(session, months, as_of),
            _editions(session, run, period, as_of),
            [each for each in arrivals.unjudged(session) if _may_be_of(run, each, period, as_of)],
        )


_NAMED = re.compile(r"KN_\d{3,5}_(\d{4}-\d{2})_")


def _may_be_of(run: Run, arrival: ArrivalRecord, period: Period, as_of: datetime | None) -> bool:
    """Whether the file had come by then, since the period began; and is of it, where its name still says a month."""
    if as_of is not None and arrival.arrived_at > as_of:
        return False
    if (named := _NAMED.search(arrival.file_name)) is not None:
        return named[1] in {str(month) for month in period.months()}
    began = run.reference.calendar.window(period.months()[0]).first_day
    return arrival.arrived_on >= began


def _units(
    reference: Reference,
    month: Period,
    received: Sequence[SubmissionRecord],
    counting: Set[int],
    held: Set[int],
    found: Mapping[int, Findings],
) -> list[UnitMonth]:
    """Every unit that reports the month, with its files."""
    of_unit: dict[str | None, list[SubmissionRecord]] = {}
    for record in received:
        if record.period == str(month):
            of_unit.setdefault(record.unit_code, []).append(record)
    rows = []
    for unit in reference.expected_units(month):
        own = of_unit.get(unit.code, [])
        files = [
            ReceivedFile(
                record,
                record.submission_id in held,
                len(found[record.submission_id].causes()),
                len(found[record.submission_id].found),
            )
            for record in own
        ]
        counted = next((file for file in files if file.record.submission_id in counting), None)
        standing = standing_of(counted.record if counted else None, own, held)
        rows.append(UnitMonth(unit, month, standing, files, counted))
    return rows


def _editions(session: Session, run: Run, period: Period, as_of: datetime | None) -> list[EditionStatus]:
    """The editions of the period that know nothing later than `as_of`."""
    return [
        EditionStatus(
            record,
            workings_path(run.settings.editions, record.sha256),
            deliveries.deliveries_of(session, record.edition_id),
        )
        for record in editions.editions_of(session, str(period))
        if as_of is None or record.as_of <= as_of
    ]
