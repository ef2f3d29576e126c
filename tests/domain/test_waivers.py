"""A waiver's key is its whole row."""

from dataclasses import fields, replace
from datetime import date, timedelta

from domain.period import Period
from domain.waivers import Waiver

FEBRUARY = Period.parse("2024-02")
LAST_DAY = date(2024, 2, 29)
GRANTED = Waiver("E-SUM", "633", FEBRUARY, Period.parse("2024-03"), "B", "R", date(2024, 2, 1), LAST_DAY)


def test_a_waiver_ends_on_its_day_and_covers_no_other_unit_month_or_rule() -> None:
    assert GRANTED.covers("E-SUM", "633", FEBRUARY, LAST_DAY)
    assert not GRANTED.covers("E-SUM", "633", FEBRUARY, LAST_DAY + timedelta(days=1))
    assert not GRANTED.covers("E-SUM", "633", Period.parse("2024-04"), LAST_DAY)
    assert not GRANTED.covers("E-SUM", "622", FEBRUARY, LAST_DAY)
    assert not GRANTED.covers("E-BAL", "633", FEBRUARY, LAST_DAY)


WAIVER = Waiver(
    "E-SUM", "633", Period.parse("2024-02"), Period.parse("2024-03"), "Trần Thị B", "Hệ thống “mới”, đợt 1",
    date(2024, 2, 1), date(2024, 2, 29),
)  # fmt: skip


def test_the_key_gives_the_row_back() -> None:
    assert Waiver.of_key(WAIVER.key) == WAIVER
    assert Waiver.of_key(WAIVER.sentence) is None
    assert Waiver.of_key("") is None


def test_no_two_rows_share_a_key() -> None:
    other = Waiver(
        "E-CTRL", "622", Period.parse("2024-01"), Period.parse("2024-04"), "A", "B", date(2024, 1, 1), date(2024, 3, 1)
    )
    rows = [replace(WAIVER, **{field.name: getattr(other, field.name)}) for field in fields(Waiver)]
    assert len({WAIVER.key, *(row.key for row in rows)}) == len(fields(Waiver)) + 1
