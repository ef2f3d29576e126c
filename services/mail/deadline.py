"""Watches that a report leaves in time: a day before it must, the operator hears of one that has not."""

from dataclasses import dataclass
from datetime import date, timedelta

from domain import wording
from domain.editions import EditionState
from domain.period import Period
from domain.reminders import milestones
from services.mail.notices import operators, send_notice
from services.run import Run
from services.status.page import next_steps
from services.status.period import status
from storage import editions


@dataclass(frozen=True, slots=True)
class Alarm:
    """A report that is about to be late, in sentences, and who was notified of it now."""

    period: Period
    lines: list[str]
    notified: list[str]


def watch(run: Run, day: date | None = None, month: Period | None = None) -> Alarm | None:
    """Look at a month (default: the one that closed last), as on a day (default: today); tells the operators once a day.

    The alarm sounds from the working day before the day of sending until an edition of the month was sent.
    """
    on = day or run.today()
    period = month or run.reference.calendar.last_closed_on(on)
    send_by = milestones(run.reference.calendar, period).send_by
    eve = run.reference.calendar.working_day(send_by - timedelta(days=1), -1)
    if on < eve or not run.reference.expected_units(period):
        return None
    with run.ledger.read() as session:
        known = editions.editions_of(session, str(period))
    # What was superseded has a successor that was sent, unless somebody has withdrawn that one.
    if any(edition.state is EditionState.SENT for edition in known):
        return None
    lines = _lines(run, period, send_by)
    return Alarm(period, lines, send_notice(run, f"alarm-{period}-{on}", operators(run, on), lines))


def _lines(run: Run, period: Period, send_by: date) -> list[str]:
    found = status(run, period)
    return [
        f"Báo cáo {period.label()} chưa được gửi, phải gửi chậm nhất {wording.short_day(send_by)}.",
        f"{found.accepted}/{found.expected} báo cáo của đơn vị được chấp nhận.",
        *(f"- {step}" for step in next_steps(found, {})),
    ]
