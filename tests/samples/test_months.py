from datetime import date

import pytest

from domain.period import Period
from domain.reference import Reference
from samples.months import sample_tables

MARCH, APRIL = Period.parse("2024-03"), Period.parse("2024-04")


def test_a_month_is_the_same_whoever_asks(sample_reference: Reference) -> None:
    unit = sample_reference.reporting_unit("622", MARCH)
    assert sample_tables(sample_reference, MARCH, unit) == sample_tables(sample_reference, MARCH, unit)


def test_stocks_carry_over_from_month_to_month_and_close_their_bridge(sample_reference: Reference) -> None:
    unit = sample_reference.reporting_unit("622", MARCH)
    march, april = (
        {str(row["village_id"]): row for row in sample_tables(sample_reference, month, unit)["households"]}
        for month in (MARCH, APRIL)
    )
    assert march
    for village_id, row in march.items():
        steps = [int(str(row[f"poor_{step}"])) for step in ("open", "exit", "relapse", "new", "other", "close")]
        assert steps[0] - steps[1] + sum(steps[2:5]) == steps[5]
        assert april[village_id]["poor_open"] == row["poor_close"]


def test_control_totals_are_the_sums_of_the_activities(sample_reference: Reference) -> None:
    tables = sample_tables(sample_reference, MARCH, sample_reference.reporting_unit("622", MARCH))
    for total in tables["control_totals"]:
        values = [
            int(str(row["value_total_vnd"]))
            for row in tables["activities"]
            if row["activity_code"] == total["activity_code"]
        ]
        assert total["value_total_vnd"] == sum(values)


@pytest.mark.parametrize("month", ["2024-02", "2025-03", "2025-07", "2026-07"])
def test_no_made_up_activity_is_by_an_agency_of_another_time(sample_reference: Reference, month: str) -> None:
    period = Period.parse(month)
    acts = [
        row
        for unit in sample_reference.expected_units(period)
        for row in sample_tables(sample_reference, period, unit)["activities"]
    ]
    assert acts
    for row in acts:
        partner = sample_reference.villages.find_partner(str(row["org_id"]))
        day = row["activity_date"]
        assert partner is not None
        assert isinstance(day, date)
        assert partner.is_valid(day), (partner.name, day)


def test_where_no_twin_is_known_any_more_a_made_up_agency_stands_in_and_says_so(sample_reference: Reference) -> None:
    twins = sample_reference.villages.partners_of(date(2026, 7, 14))
    [stand_in] = twins["23586-01"]
    assert "giả định" in stand_in.name
    # A village of which nobody ever said who its twin is has none here, either.
    assert "23743-01" not in twins
