"""Which ground may be compared: whole, owed on every day of both spans, and reported."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.period import Period
from domain.reference import Reference
from services.queries.recount.ground import Plot, comparable
from tests.services.queries.recount.registers import scratch_of

FLOW = "value_total_vnd"
KONG_CHRO = frozenset({"630"})


def sides(plots: frozenset[Plot]) -> tuple[set[str], set[str]]:
    return set().union(*(plot.now for plot in plots)), set().union(*(plot.then for plot in plots))


def test_districts_of_two_months_are_compared_one_by_one(reference: Reference) -> None:
    plots = comparable(scratch_of(reference, ["2024-01", "2024-02"]), ["2024-02"], ["2024-01"], FLOW)
    assert len(plots) == 17
    assert all(plot.now == plot.then and len(plot.now) == 1 for plot in plots)


@pytest.mark.parametrize(
    ("now", "then", "units_now", "units_then"),
    [
        # The month of the change: districts to 30 June, communes from 1 July; then the districts alone.
        ("2025-07", "2025-06", 17 + 77, 17),
        ("2025-08", "2025-07", 77, 17 + 77),
        ("2026-07", "2025-07", 77, 17 + 77),
        ("2025-08", "2024-08", 77, 17),
        # The ground of the former Bình Định owed its first whole month in August 2025.
        ("2025-09", "2025-08", 135, 135),
        # A code that went to another commune, and one that was split, lie within their districts.
        ("2024-11", "2024-10", 17, 17),
    ],
)
def test_ground_of_the_eras(reference: Reference, now: str, then: str, units_now: int, units_then: int) -> None:
    found = sides(comparable(scratch_of(reference, [now, then]), [now], [then], FLOW))
    assert (len(found[0]), len(found[1])) == (units_now, units_then)
    regions = {unit.code: str(unit.region) for unit in reference.expected_units(Period.parse(now))}
    if units_now == 77:
        assert {regions[code] for code in found[0]} == {"tay"}


@pytest.mark.parametrize(
    ("now", "then", "units_now", "units_then"),
    [("2025-08", "2025-07", 135, 135), ("2025-07", "2025-06", 77, 17), ("2024-02", "2023-12", 17, 17)],
)
def test_stocks_are_compared_on_the_last_days_alone(
    reference: Reference, now: str, then: str, units_now: int, units_then: int
) -> None:
    database = scratch_of(reference, [now, then])
    database.execute("CREATE TABLE households AS SELECT period, unit, 1 AS poor_close FROM owed")
    database.execute("CREATE TABLE read AS SELECT DISTINCT period FROM owed")
    found = sides(comparable(database, [now], [then], "poor_households"))
    assert (len(found[0]), len(found[1])) == (units_now, units_then)
    unstated = max(found[1])
    database.execute("DELETE FROM households WHERE period = ? AND unit = ?", (then, unstated))
    assert unstated not in sides(comparable(database, [now], [then], "poor_households"))[1]


def test_a_missing_report_takes_all_ground_that_shares_in_it(reference: Reference) -> None:
    whole = comparable(scratch_of(reference, ["2026-07", "2025-07"]), ["2026-07"], ["2025-07"], FLOW)
    [own] = [plot for plot in whole if "630" in plot.then]
    assert own.then == KONG_CHRO | own.now
    for month, unit in (("2025-07", "630"), ("2025-07", max(own.now)), ("2026-07", min(own.now))):
        database = scratch_of(reference, ["2026-07", "2025-07"], (month, unit))
        assert comparable(database, ["2026-07"], ["2025-07"], FLOW) == whole - {own}


def test_a_span_that_begins_before_the_change_leaves_binh_dinh_out(reference: Reference) -> None:
    now, then = ([f"{year}-{month:02d}" for month in range(1, 9)] for year in (2026, 2025))
    found = sides(comparable(scratch_of(reference, [*now, *then]), now, then, FLOW))
    assert (len(found[0]), len(found[1])) == (77, 17 + 77)


@pytest.mark.slow
@settings(max_examples=25)
@given(data=st.data())
def test_what_is_left_out_is_just_what_a_missing_report_touches(reference: Reference, data: st.DataObject) -> None:
    now, then = data.draw(st.sampled_from([("2024-02", "2024-01"), ("2025-08", "2025-07"), ("2026-07", "2025-07")]))
    owed = [
        (month, unit.code)
        for month in (now, then)
        for unit in reference.expected_units(Period.parse(month))
        if str(unit.region) == "tay"
    ]
    missing = data.draw(st.lists(st.sampled_from(owed), max_size=6, unique=True))
    whole = comparable(scratch_of(reference, [now, then]), [now], [then], FLOW)
    left = comparable(scratch_of(reference, [now, then], *missing), [now], [then], FLOW)
    touched = {plot for plot in whole for month, unit in missing if unit in (plot.now if month == now else plot.then)}
    assert left == whole - touched
