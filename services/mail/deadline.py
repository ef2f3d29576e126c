"""Watches that reports leave in time: a day before one must, the operator hears of it, and from then on once a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from domain import wording
from domain.editions import EditionState
from domain.period import Period
from domain.reminders import milestones
from services.mail.notices import operators, send_notice
from services.run import Run
from services.status.looked_after import months_chased
from services.status.page import next_steps
from services.status.period import status
from storage import editions


@dataclass(frozen=True, slots=True)
class Alarm:
    """The reports that are late, or about to be, in sentences, and who was notified of them now."""

    periods: Sequence[Period]
    """Oldest first."""
    lines: list[str]
    notified: list[str]


def watch(run: Run, day: date | None = None) -> Alarm | None:
    """Look at the months up to the one that closed last, as on a day (default: today); tells the operators once a day.

    The alarm sounds from the working day before a month's day of sending until an edition of it was sent. Of all that are
    late one mail tells: in a pile of them nobody would find the one that can still leave in time.
    """
    on = day or run.today()
    closed = run.reference.calendar.last_closed_on(on)
    months = sorted({*months_chased(run, on), closed}, key=str)
    late = [month for month in months if str(month) <= str(closed) and _is_late(run, month, on)]
    if not late:
        return None
    lines = _lines(run, late)
    return Alarm(late, lines, send_notice(run, f"alarm-{on}", operators(run, on), lines))


def _is_late(run: Run, month: Period, on: date) -> bool:
    calendar = run.reference.calendar
    eve = calendar.working_day(milestones(calendar, month).send_by - timedelta(days=1), -1)
    if on < eve or not run.reference.expected_units(month):
        return False
    with run.ledger.read() as session:
        known = editions.editions_of(session, str(month))
    # What was superseded has a successor that was sent, unless somebody has withdrawn that one.
    return not any(edition.state is EditionState.SENT for edition in known)


def _lines(run: Run, late: Sequence[Period]) -> list[str]:
    """Of the newest what is to be done; the older ones by name."""
    *older, newest = late
    found = status(run, newest)
    send_by = milestones(run.reference.calendar, newest).send_by
    lines = [
        f"Báo cáo {newest.label()} chưa được gửi, phải gửi chậm nhất {wording.short_day(send_by)}.",
        f"{found.accepted}/{found.expected} báo cáo của đơn vị được chấp nhận.",
        *(f"- {step}" for step in next_steps(found, {})),
    ]
    if older:
        names = ", ".join(map(str, older))
        lines.append(f"Báo cáo của {len(older)} tháng trước cũng chưa được gửi: {names}; xem “ketnghia status KỲ”.")
    return lines
