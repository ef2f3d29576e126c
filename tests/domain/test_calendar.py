from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.calendar import VIETNAM, Calendar, CalendarRow, MonthRule
from domain.period import Period
from domain.reference import Reference

ND_09 = CalendarRow(date(2013, 1, 1), MonthRule.DAY_15_TO_14, 2, time(17), "NĐ 09/2019/NĐ-CP")
SWITCHED = Calendar([ND_09, CalendarRow(date(2026, 1, 1), MonthRule.CALENDAR_MONTH, 2, time(17), "QĐ")], {})


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024-02", date(2024, 1, 15), date(2024, 2, 14)),
        ("2024-01", date(2023, 12, 15), date(2024, 1, 14)),
        ("2024-Q1", date(2023, 12, 15), date(2024, 3, 14)),
        ("2024-H1", date(2023, 12, 15), date(2024, 6, 14)),
        ("2024-9M", date(2023, 12, 15), date(2024, 9, 14)),
        ("2024", date(2023, 12, 15), date(2024, 12, 14)),
    ],
)
def test_windows_are_those_of_the_decree(reference: Reference, text: str, first: date, last: date) -> None:
    window = reference.calendar.window(Period.parse(text))
    assert (window.first_day, window.last_day) == (first, last)


def test_a_dated_row_switches_to_calendar_months_and_no_day_is_lost() -> None:
    before, first, second = (SWITCHED.window(Period.parse(text)) for text in ("2025-12", "2026-01", "2026-02"))
    assert before.last_day == date(2025, 12, 14)
    assert (first.first_day, first.last_day) == (date(2025, 12, 15), date(2026, 1, 31))
    assert (second.first_day, second.last_day) == (date(2026, 2, 1), date(2026, 2, 28))


@given(st.dates(date(2014, 1, 1), date(2035, 1, 1)))
def test_every_day_belongs_to_just_one_month(day: date) -> None:
    window = SWITCHED.window(SWITCHED.month_of(day))
    assert window.first_day <= day <= window.last_day


def test_the_due_moment_passes_over_tet(reference: Reference) -> None:
    assert reference.calendar.due(Period.parse("2024-02")) == datetime(2024, 2, 16, 17, tzinfo=VIETNAM)


def test_lateness_counts_working_days(reference: Reference) -> None:
    due = reference.calendar.due(Period.parse("2024-02"))
    late = [
        reference.calendar.working_days_late(Period.parse("2024-02"), due + after)
        for after in (timedelta(0), timedelta(minutes=1), timedelta(days=1), timedelta(days=3), timedelta(days=4))
    ]
    assert late == [0, 1, 1, 1, 2]


@pytest.mark.parametrize(
    ("moment", "closed"),
    [
        (datetime(2024, 2, 14, 23, 59, tzinfo=VIETNAM), "2024-01"),
        (datetime(2024, 2, 15, 0, 0, tzinfo=VIETNAM), "2024-02"),
        (datetime.fromisoformat("2024-02-14T23:30:00+00:00"), "2024-02"),
        (datetime(2024, 2, 20, 6, 30, tzinfo=VIETNAM), "2024-02"),
        (datetime(2025, 1, 3, tzinfo=VIETNAM), "2024-12"),
    ],
)
def test_the_period_comes_from_the_scheduled_start_in_vietnam(
    reference: Reference, moment: datetime, closed: str
) -> None:
    assert str(reference.calendar.last_closed(moment)) == closed


def test_the_table_has_the_last_word_about_a_day() -> None:
    monday, saturday = date(2027, 5, 3), date(2027, 5, 8)
    table = Calendar(SWITCHED.rows, {date(2027, 5, 4): "nghỉ thêm"}, frozenset({saturday}), lambda year: {monday})
    assert [day for day in (monday, date(2027, 5, 4), date(2027, 5, 5), saturday) if table.is_working_day(day)] == [
        date(2027, 5, 5),
        saturday,
    ]


def test_a_year_the_table_does_not_list_has_its_public_holidays(reference: Reference) -> None:
    # Tết 2031 begins on 23 January; 2/9 and its neighbour are days off in every year.
    days = (date(2031, 1, 23), date(2031, 9, 2), date(2019, 9, 2), date(2031, 9, 4))
    assert [reference.calendar.is_working_day(day) for day in days] == [False, False, False, True]


@pytest.mark.parametrize(
    ("days_before", "sent_on"), [(9, date(2024, 2, 5)), (4, date(2024, 2, 7)), (0, date(2024, 2, 14))]
)
def test_forms_are_sent_on_the_working_day_that_the_table_says(days_before: int, sent_on: date) -> None:
    # The 8th to the 13th of February 2024 are Tết and a weekend.
    tet = {date(2024, 2, day): "Tết" for day in range(8, 14)}
    calendar = Calendar([replace(ND_09, forms_days_before=days_before)], tet)
    assert calendar.forms_due(Period.parse("2024-02")) == sent_on
