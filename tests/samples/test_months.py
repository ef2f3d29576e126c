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
