"""The reporting calendar: which days a period covers, when it is due, how late something is."""

from bisect import bisect_right
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from domain.errors import BadReference
from domain.period import Period, PeriodKind

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
FORMS_DAYS_BEFORE = 9


def moment_in_vietnam(text: str) -> datetime:
    """A moment in ISO form; without a zone it is Vietnam's, and a day means its first moment.

    Raises:
        ValueError: if the text is no moment.
    """
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=VIETNAM)


class MonthRule(StrEnum):
    """When a month closes."""

    DAY_15_TO_14 = "DAY_15_TO_14"
    """The 14th of the month itself (NĐ 09/2019/NĐ-CP, Điều 12)."""
    CALENDAR_MONTH = "CALENDAR_MONTH"
    """The last day of the month."""


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One dated row of the calendar table; it holds for months that begin on or after `valid_from`."""

    valid_from: date
    month_rule: MonthRule
    due_working_days: int
    due_time: time
    basis: str
    forms_days_before: int = FORMS_DAYS_BEFORE
    """Forms are sent so many days before the month ends: the 5th where it ends on the 14th."""


@dataclass(frozen=True, slots=True)
class Window:
    """The days a period covers, both included."""

    first_day: date
    last_day: date

    @property
    def days(self) -> int:
        """How many days these are."""
        return (self.last_day - self.first_day).days + 1


@dataclass(frozen=True)
class Calendar:
    """The calendar table and the public holidays; answers every question about days."""

    rows: Sequence[CalendarRow]
    holidays: Mapping[date, str]
    """Days off that the table names."""
    make_up_days: frozenset[date] = frozenset()
    """Days worked although they are a Saturday, a Sunday or a public holiday: the table has the last word."""
    public_holidays: Callable[[int], Container[date]] = lambda year: ()
    """The public holidays of a year, whatever the table names."""

    def window(self, period: Period) -> Window:
        """The days of `period`: no day is lost or counted twice, also where the month rule changes."""
        months = period.months()
        day_before = self._last_day(Period.month(months[0].year, months[0].number - 1))
        return Window(day_before + timedelta(days=1), self._last_day(months[-1]))

    def reporting_year(self, period: Period) -> Window:
        """The days of the reporting year that the period lies in."""
        return self.window(Period(period.year, PeriodKind.YEAR, 1))

    def due(self, period: Period) -> datetime:
        """When submissions for `period` are due, in Vietnam's time."""
        row = self._row(period.last_month)
        day = self.working_days_after(self._last_day(period.last_month), row.due_working_days)
        return datetime.combine(day, row.due_time, VIETNAM)

    def forms_due(self, month: Period) -> date:
        """The day on which the month's forms are sent: a working day."""
        before = timedelta(days=self._row(month).forms_days_before)
        return self.working_day(self._last_day(month) - before, -1)

    def working_days_after(self, day: date, count: int) -> date:
        """The working day that lies so many working days after a day."""
        for _ in range(count):
            day = self._next_working_day(day)
        return day

    def working_days_late(self, period: Period, received: datetime) -> int:
        """Working days from the due day to the day of `received`; 0 when in time, at least 1 when late."""
        due = self.due(period)
        if received <= due:
            return 0
        day, late, last = due.date(), 0, received.astimezone(VIETNAM).date()
        while (day := self._next_working_day(day)) <= last:
            late += 1
        return max(late, 1)

    def last_closed(self, moment: datetime) -> Period:
        """The newest month that has ended before the Vietnamese day of `moment`.

        A flow passes its scheduled start, so that a late or repeated run speaks of the same month.
        """
        return self.last_closed_on(moment.astimezone(VIETNAM).date())

    def last_closed_on(self, today: date) -> Period:
        """The newest month that has ended before that day."""
        period = Period.month(today.year, today.month)
        while self._last_day(period) >= today:
            period = period.previous()
        return period

    def month_of(self, day: date) -> Period:
        """The month whose window holds `day`."""
        period = Period.month(day.year, day.month)
        return period if day <= self._last_day(period) else Period.month(day.year, day.month + 1)

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, and no public holiday, unless the table says otherwise."""
        if day in self.make_up_days:
            return True
        return day.weekday() < 5 and day not in self.holidays and day not in self.public_holidays(day.year)

    def working_day(self, day: date, direction: int) -> date:
        """The day itself where it is a working day, or else the next one that way: 1 forward, -1 back."""
        while not self.is_working_day(day):
            day += timedelta(days=direction)
        return day

    def _last_day(self, month: Period) -> date:
        if self._row(month).month_rule is MonthRule.DAY_15_TO_14:
            return date(month.year, month.number, 14)
        following = Period.month(month.year, month.number + 1)
        return date(following.year, following.number, 1) - timedelta(days=1)

    def covers(self, month: Period) -> bool:
        """Whether the table goes back as far: by what rule a month before it ends, nobody has said."""
        day_before = Period.month(month.year, month.number - 1)
        return bool(self.rows) and self.rows[0].valid_from <= date(day_before.year, day_before.number, 1)

    def _row(self, month: Period) -> CalendarRow:
        place = bisect_right(self.rows, date(month.year, month.number, 1), key=lambda row: row.valid_from)
        if place == 0:
            raise BadReference(
                f"Bảng calendar.csv chưa có dòng nào cho kỳ {month}; thêm một dòng có valid_from sớm hơn."
            )
        return self.rows[place - 1]

    def _next_working_day(self, day: date) -> date:
        day += timedelta(days=1)
        return self.working_day(day, 1)
