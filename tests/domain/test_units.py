from collections import Counter
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.errors import UnknownUnit
from domain.period import Period
from domain.reference import Reference


@pytest.mark.parametrize(
    ("day", "count"),
    [(date(2024, 2, 14), 17), (date(2025, 6, 30), 17), (date(2025, 7, 1), 135), (date(2026, 7, 14), 135)],
)
def test_districts_report_until_their_end_and_communes_since(reference: Reference, day: date, count: int) -> None:
    assert len(reference.units.reporting(day)) == count


@pytest.mark.parametrize(("day", "count"), [(date(2024, 10, 31), 220), (date(2024, 11, 1), 218)])
def test_the_old_province_has_its_communes_of_each_era(reference: Reference, day: date, count: int) -> None:
    communes = [u for u in reference.units.rows if u.level == "commune" and u.region == "tay" and u.is_valid(day)]
    assert len(communes) == count


def test_the_same_code_is_another_unit_on_another_day(reference: Reference) -> None:
    names = [reference.units.find("23586", day).name for day in (date(2024, 2, 1), date(2026, 2, 1))]  # type: ignore[union-attr]
    assert names == ["Phường Chi Lăng", "Phường Hội Phú"]


def test_new_communes_know_their_side_of_the_province(reference: Reference) -> None:
    sides = Counter(unit.region for unit in reference.units.reporting(date(2025, 7, 1)))
    assert sides == {"tay": 77, "dong": 58}


@pytest.mark.parametrize(
    ("code", "successors"),
    [("21634", {"21628", "21622"}), ("21997", {"21997", "22006"}), ("22000", {"22006", "21994"})],
)
def test_the_divided_communes_have_two_successors(reference: Reference, code: str, successors: set[str]) -> None:
    unit = reference.units.find(code, date(2025, 6, 30))
    assert unit is not None
    assert {successor.code for successor in reference.units.successors(unit)} == successors


def test_every_closed_commune_has_a_successor(reference: Reference) -> None:
    closed = [unit for unit in reference.units.rows if unit.valid_to and unit.level == "commune"]
    assert [unit.unit_id for unit in closed if not reference.units.successors(unit)] == []


@settings(max_examples=60)
@given(day=st.dates(date(2020, 2, 1), date(2027, 12, 31)))
def test_no_two_units_share_a_code_on_any_day(reference: Reference, day: date) -> None:
    codes = Counter(unit.code for unit in reference.units.rows if unit.is_valid(day))
    assert [code for code, count in codes.items() if count > 1] == []


@pytest.mark.parametrize(
    ("day", "reporter"), [(date(2024, 2, 14), "622"), (date(2024, 12, 14), "622"), (date(2026, 2, 14), "23590")]
)
def test_a_village_follows_its_commune_to_whoever_reports(reference: Reference, day: date, reporter: str) -> None:
    found = {village.name: unit.code for village, unit in reference.villages.with_reporter(reference.units, day)}
    assert found["làng Têng 2"] == reporter


def test_a_district_code_reports_nothing_after_the_abolition(reference: Reference) -> None:
    with pytest.raises(UnknownUnit, match="622"):
        reference.reporting_unit("622", Period.parse("2026-07"))


@settings(max_examples=60)
@given(day=st.dates(date(2020, 2, 1), date(2027, 12, 31)))
def test_on_every_day_every_valid_unit_resolves_to_one_that_reports(reference: Reference, day: date) -> None:
    reporting = {unit.unit_id for unit in reference.units.reporting(day)}
    for unit in reference.units.communes(day):
        reporter = reference.units.reporting_unit(unit.code, day, day)
        # The communes of Bình Định had no reporting unit here before the provinces were merged.
        assert (reporter is not None and reporter.unit_id in reporting) or (
            unit.region == "dong" and day < date(2025, 7, 1)
        )


def test_every_closed_district_is_succeeded_on_its_ground_and_never_as_a_sum(reference: Reference) -> None:
    for unit in reference.units.rows:
        if unit.level == "district":
            assert unit.valid_to == date(2025, 6, 30)
            assert reference.units.successors(unit) == []
            assert reference.units.heirs(unit.code, date(2025, 7, 1))


@pytest.mark.parametrize("period", ["2024-02", "2025-06", "2025-07", "2025-08", "2025", "2026-Q1"])
def test_whoever_is_looked_up_by_code_is_the_one_in_the_list(reference: Reference, period: str) -> None:
    span = Period.parse(period)
    listed = {unit.code: unit for unit in reversed(reference.expected_units(span))}
    codes = {unit.code for unit in reference.units.rows}
    assert {code: found for code in codes if (found := reference.find_reporting_unit(code, span))} == listed
