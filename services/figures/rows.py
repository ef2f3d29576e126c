"""Gathers everything that figures are counted in: the known facts, the reports themselves, the register of villages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import polars as pl

from domain.findings import Verdict
from domain.indicators import Basis
from domain.period import Period
from domain.reference import Reference
from domain.schemas import COUNTABLE, PARTNER_KEYS, REGISTER_ROWS, REPORT_ROWS
from domain.spans import Span
from domain.submissions import SubmissionRecord
from domain.text import fold
from services.figures.known import COUNTED_TABLES, known_facts
from services.run import Run
from storage import submissions
from storage.database import Session
from transforms.figures.countable import with_partner, with_twinning
from transforms.figures.summarise import Countable, bases_of, moves


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of some months: the submissions that count, all that were received, and the rows to count."""

    counting: Sequence[SubmissionRecord]
    received: Sequence[SubmissionRecord]
    countable: Countable

    @property
    def told_of(self) -> list[SubmissionRecord]:
        """What a page tells of: what counts, and what was returned; a file that a lock holds is neither."""
        return [*self.counting, *(each for each in self.received if not each.verdict.counts)]


def known_rows(
    session: Session,
    run: Run,
    spans: Mapping[str, Span],
    as_of: datetime | None,
    tables: Collection[str] = tuple(COUNTABLE),
) -> Known:
    """Everything known at `as_of` of the months of the spans; of tables that nobody asks for no row is read.

    Raises:
        BadReference: if a correction or a decision of the province matches nothing.
    """
    months = sorted({month for span in spans.values() for month in span.months}, key=str)
    periods = [str(month) for month in months]
    counting = submissions.counting_submissions(session, periods, as_of)
    received = submissions.all_submissions(session, periods, as_of)
    found = known_facts(session, run, [table for table in COUNTED_TABLES if table in tables], periods, as_of)
    if "reports" in tables:
        found["reports"] = _report_rows(run.reference, months, counting, received).lazy()
    if "register" in tables or "activities" in tables:
        found["register"] = _register_rows(run.reference, months, counting).lazy()
    if "activities" in tables:
        partners = partner_keys(run.reference, _last_day(run.reference, spans))
        found["activities"] = with_twinning(with_partner(found["activities"], partners.lazy()), found["register"])
    countable = Countable(
        found,
        bases_of(spans).lazy(),
        moves(run.reference.departed(months)),
        moves(run.reference.arrived(months)),
    )
    return Known(counting, received, countable)


def partner_keys(reference: Reference, on: date) -> pl.DataFrame:
    """The folded ids and names of every partner, as `PARTNER_KEYS`; agencies merged by that day lead to their successor.

    One without a successor, or that had not begun, is itself: what it was written to have done stays its own.
    """
    found: dict[str, str] = {}
    partners = reference.villages.partners
    for partner in (*(each for each in partners if each.is_valid(on)), *partners):
        keeper = reference.villages.partner_on(partner.partner_id, on) or partner
        for key in (fold(partner.partner_id), fold(partner.name)):
            found.setdefault(key, keeper.partner_id)
    return pl.DataFrame(sorted(found.items()), schema=PARTNER_KEYS, orient="row")


def _last_day(reference: Reference, spans: Mapping[str, Span]) -> date:
    return max(reference.calendar.window(month).last_day for month in spans[Basis.PERIOD].months)


def _report_rows(
    reference: Reference,
    months: Sequence[Period],
    counting: Sequence[SubmissionRecord],
    received: Sequence[SubmissionRecord],
) -> pl.DataFrame:
    used = {(record.period, record.unit_code): record for record in counting}
    first: dict[tuple[str | None, str | None], SubmissionRecord] = {}
    for each in received:
        first.setdefault((each.period, each.unit_code), each)
    rows = []
    for month in months:
        for unit in reference.expected_units(month):
            record = used.get((str(month), unit.code))
            origin = (
                (None, str(month), unit.code, None, None, 0)
                if record is None
                else (record.submission_id, str(month), unit.code, record.revision, record.sha256, 0)
            )
            marks = (
                (0,) * 6
                if record is None
                else (
                    1,
                    int(not record.working_days_late),
                    int(record.working_days_late > 0),
                    int(record.is_nil),
                    int(first[record.period, record.unit_code].verdict is not Verdict.REJECTED),
                    int((record.revision or 1) > 1),
                )
            )
            is_sent = int((str(month), unit.code) in first)
            rows.append((*origin, 1, is_sent, *marks))
    return pl.DataFrame(rows, schema=REPORT_ROWS, orient="row")


def _register_rows(
    reference: Reference, months: Sequence[Period], counting: Sequence[SubmissionRecord]
) -> pl.DataFrame:
    used = {(record.period, record.unit_code): record for record in counting}
    rows = []
    for month in months:
        for subperiod in reference.subperiods(month):
            twins = reference.villages.partners_of(subperiod.last_day)
            for village, unit in reference.villages.with_reporter(reference.units, subperiod.last_day):
                record = used.get((str(month), unit.code))
                rows.append(
                    (
                        None if record is None else record.submission_id,
                        str(month),
                        unit.code,
                        None if record is None else record.revision,
                        None if record is None else record.sha256,
                        0,
                        village.village_id,
                        record is not None,
                        village.village_id in twins,
                    )
                )
    return pl.DataFrame(rows, schema=REGISTER_ROWS, orient="row")
