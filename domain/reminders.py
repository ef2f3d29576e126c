"""The ladder of reminders: before the month closes, after it, on the due day, and when it is overdue."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.calendar import Calendar
from domain.period import Period


class Rung(StrEnum):
    """One step of the ladder; each unit hears it once."""

    BEFORE = "before"
    AFTER = "after"
    DUE_DAY = "due-day"
    OVERDUE = "overdue"

    @property
    def label(self) -> str:
        """The step in Vietnamese."""
        return {
            "before": "nhắc trước khi khép kỳ",
            "after": "nhắc khi đã khép kỳ",
            "due-day": "nhắc trong ngày hạn",
            "overdue": "nhắc khi quá hạn",
        }[self]


@dataclass(frozen=True, slots=True)
class Milestones:
    """The days of a period's work, each a working day."""

    send_forms: date
    remind_before: date
    remind_after: date
    due: date
    overdue: date
    compile_by: date
    approve_by: date
    send_by: date


_BEFORE, _COMPILE, _APPROVE, _SEND = (timedelta(days=days) for days in (2, 6, 8, 11))


def milestones(calendar: Calendar, period: Period) -> Milestones:
    """The days of the period's work: 5th, 12th, 15th, due, 20th, 22nd and 25th where a month ends on the 14th.

    What falls on a holiday is done on the working day before, except that nobody is hurried before the month ended, and
    nothing is compiled before every unit was due.
    """
    last = calendar.window(period).last_day
    due = calendar.due(period).date()
    overdue = calendar.working_day(due + timedelta(days=1), 1)
    # Tết may move the due day so far that a report compiled, approved or sent on its own day would lack most units.
    compile_by = max(calendar.working_day(last + _COMPILE, -1), overdue)
    approve_by = max(calendar.working_day(last + _APPROVE, -1), compile_by)
    return Milestones(
        calendar.forms_due(period.last_month),
        calendar.working_day(last - _BEFORE, -1),
        calendar.working_day(last + timedelta(days=1), 1),
        due,
        overdue,
        compile_by,
        approve_by,
        max(calendar.working_day(last + _SEND, -1), approve_by),
    )


def month_of_forms(calendar: Calendar, day: date) -> Period | None:
    """The month that is running on a day, once its forms are to go out; null before that."""
    month = calendar.month_of(day)
    return month if day >= milestones(calendar, month).send_forms else None


def rung_on(calendar: Calendar, period: Period, day: date) -> Rung | None:
    """The step whose day has come, up to the next one's; none on a holiday, and none before the first."""
    if not calendar.is_working_day(day):
        return None
    days = milestones(calendar, period)
    begun = [
        rung
        for rung, since in (
            (Rung.BEFORE, days.remind_before),
            (Rung.AFTER, days.remind_after),
            (Rung.DUE_DAY, days.due),
            (Rung.OVERDUE, days.overdue),
        )
        if since <= day
    ]
    return begun[-1] if begun else None
