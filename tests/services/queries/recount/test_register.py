"""Months, subperiods, debtors and twinned villages are derived from the tables as the rest of the house derives them."""

import pytest

from domain.period import Period, month_range
from domain.reference import Reference
from tests.services.queries.recount.registers import scratch_of

MONTHS = [str(month) for month in month_range(Period.parse("2023-11"), Period.parse("2026-08"))]


def test_months_run_from_the_15th_to_the_14th(reference: Reference) -> None:
    for month, *days in scratch_of(reference, MONTHS).execute("SELECT * FROM month"):
        window = reference.calendar.window(Period.parse(month))
        assert days == [window.first_day.isoformat(), window.last_day.isoformat()]


def test_july_2025_is_cut_where_the_districts_ended(reference: Reference) -> None:
    database = scratch_of(reference, ["2025-06", "2025-07", "2025-08"])
    cut = database.execute(
        "SELECT first_day, last_day, opens, closes FROM subperiod WHERE period = '2025-07'"
    ).fetchall()
    assert cut == [("2025-06-15", "2025-06-30", 1, 0), ("2025-07-01", "2025-07-14", 0, 1)]
    owing = database.execute("SELECT period, COUNT(*) FROM owed GROUP BY period").fetchall()
    assert owing == [("2025-06", 17), ("2025-07", 17 + 135), ("2025-08", 135)]


@pytest.mark.parametrize("name", ["reference", "sample_reference"])
def test_owing_units_and_their_villages_are_those_of_the_registers(name: str, request: pytest.FixtureRequest) -> None:
    reference: Reference = request.getfixturevalue(name)
    database = scratch_of(reference, MONTHS)
    wards = set(database.execute("SELECT period, unit, village, has_partner FROM ward"))
    expected = set()
    for month in map(Period.parse, MONTHS):
        owing = {unit for (unit,) in database.execute("SELECT unit FROM owed WHERE period = ?", (str(month),))}
        assert owing == {unit.code for unit in reference.expected_units(month)}
        for subperiod in reference.subperiods(month):
            twins = reference.villages.partners_of(subperiod.last_day)
            expected |= {
                (str(month), unit.code, village.village_id, int(village.village_id in twins))
                for village, unit in reference.villages.with_reporter(reference.units, subperiod.last_day)
            }
    assert wards == expected


def test_before_the_register_begins_its_first_day_holds(reference: Reference) -> None:
    database = scratch_of(reference, ["2018-05"])
    assert database.execute("SELECT COUNT(*), MIN(on_day) FROM owed").fetchone() == (17, "2020-02-01")
