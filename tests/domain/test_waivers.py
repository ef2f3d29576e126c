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
