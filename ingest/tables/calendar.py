"""The rows of `calendar.csv`, `holidays.csv` and `tet_dates.csv`."""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from domain.calendar import FORMS_DAYS_BEFORE, CalendarRow, MonthRule
from ingest.tables.cells import Cells
from ingest.tables.csv_table import Layout


class DayKind(StrEnum):
    """What `holidays.csv` says of a day."""

    OFF = "off"
    WORK = "work"
    """Worked to make up for a day off."""


class NamedDay(NamedTuple):
    """A day off, or a day worked to make up for one."""

    day: date
    name: str
    is_worked: bool


def _calendar_row(row: Cells) -> CalendarRow:
    return CalendarRow(
        valid_from=row.day("valid_from"),
        month_rule=row.member("month_rule", MonthRule),
        due_working_days=row.whole("due_working_days"),
        due_time=row.hour("due_time"),
        basis=row.text("basis"),
        forms_days_before=row.whole("forms_days_before") if row.text("forms_days_before") else FORMS_DAYS_BEFORE,
    )


def _named_day(row: Cells) -> NamedDay:
    kind = row.member("kind", DayKind) if row.text("kind") else DayKind.OFF
    return NamedDay(row.day("day"), row.text("name"), kind is DayKind.WORK)


def _tet_day(row: Cells) -> tuple[int, date]:
    return row.whole("lunar_year"), row.day("tet_day1_solar")


CALENDAR = Layout("calendar.csv", ("valid_from", "month_rule", "due_working_days", "due_time", "basis"), _calendar_row)
HOLIDAYS = Layout("holidays.csv", ("day", "name"), _named_day)
TET_DAYS = Layout("tet_dates.csv", ("lunar_year", "tet_day1_solar"), _tet_day)
