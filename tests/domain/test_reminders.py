"""The ladder of reminders falls on working days, and each step has its own."""

from datetime import date

import pytest

from domain.period import Period
from domain.reference import Reference
from domain.reminders import Rung, milestones, rung_on


def test_an_ordinary_month_has_the_days_of_the_working_plan(reference: Reference) -> None:
    days = milestones(reference.calendar, Period.parse("2024-03"))
    assert days.send_forms == date(2024, 3, 5)
    assert days.remind_before == date(2024, 3, 12)
    assert days.remind_after == date(2024, 3, 15)
    assert days.due == date(2024, 3, 18)
    assert days.overdue == date(2024, 3, 19)
    assert (days.compile_by, days.approve_by, days.send_by) == (date(2024, 3, 20), date(2024, 3, 22), date(2024, 3, 25))


def test_around_tet_everything_moves_to_a_working_day(reference: Reference) -> None:
    days = milestones(reference.calendar, Period.parse("2024-02"))
    assert days.remind_before == date(2024, 2, 7)
    assert all(
        reference.calendar.is_working_day(day)
        for day in (days.remind_before, days.remind_after, days.due, days.overdue, days.compile_by, days.send_by)
    )


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 3, 11), None),
        (date(2024, 3, 12), Rung.BEFORE),
        (date(2024, 3, 14), Rung.BEFORE),
        (date(2024, 3, 15), Rung.AFTER),
        (date(2024, 3, 16), None),  # a Saturday
        (date(2024, 3, 18), Rung.DUE_DAY),
        (date(2024, 3, 19), Rung.OVERDUE),
        (date(2024, 4, 30), None),  # a public holiday
    ],
)
def test_a_step_lasts_until_the_next_and_never_falls_on_a_holiday(
    reference: Reference, day: date, expected: Rung | None
) -> None:
    assert rung_on(reference.calendar, Period.parse("2024-03"), day) == expected


@pytest.mark.parametrize("year", range(2024, 2032))
def test_nothing_is_compiled_before_every_unit_was_due_nor_sent_before_it_was_approved(
    reference: Reference, year: int
) -> None:
    for number in range(1, 13):
        days = milestones(reference.calendar, Period.month(year, number))
        assert days.due < days.overdue <= days.compile_by <= days.approve_by <= days.send_by, (year, number)
