from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.period import Period
from domain.reference import Reference


def months(*names: str) -> list[Period]:
    return [Period.parse(name) for name in names]


def test_within_one_era_every_district_is_compared_with_itself(reference: Reference) -> None:
    found = reference.blocks(months("2023-10"), months("2024-12"))
    assert len(found) == 17
    assert not any(block.is_reorganised for block in found)


def test_a_district_is_compared_only_where_its_communes_lie_in_no_other_block(reference: Reference) -> None:
    found = reference.blocks(months("2024-09"), months("2025-09"))
    then = {tuple(sorted(block.then)): block.now for block in found}
    # Six new communes straddle old districts: Biển Hồ, Gào, Mang Yang; An Bình; Ia Ko, Ia Hrú.
    assert set(then) == {
        ("622", "626", "627", "628", "629"), ("623", "634"), ("633", "639"),
        *((code,) for code in ("624", "625", "630", "631", "632", "635", "637", "638")),
    }  # fmt: skip
    west = {unit.code for unit in reference.units.reporting(date(2025, 9, 14)) if unit.region == "tay"}
    assert set().union(*then.values()) == west
    assert len(west) == 77


def test_the_former_binh_dinh_has_no_ground_to_be_compared_with(reference: Reference) -> None:
    east = {unit.code for unit in reference.units.reporting(date(2025, 9, 14)) if unit.region == "dong"}
    compared = set().union(*(block.now for block in reference.blocks(months("2024-09"), months("2025-09"))))
    assert compared & east == set()


def test_a_half_year_across_the_change_ties_both_kinds_of_units_to_their_ground(reference: Reference) -> None:
    found = reference.blocks(Period.parse("2024-H2").months(), Period.parse("2025-H2").months())
    for block in found:
        assert block.then == {code for code in block.now if len(code) == 3}


def test_july_2025_has_two_stretches_and_the_day_decides_the_unit(reference: Reference) -> None:
    july = Period.parse("2025-07")
    assert [(s.first_day, s.last_day) for s in reference.subperiods(july)] == [
        (date(2025, 6, 15), date(2025, 6, 30)), (date(2025, 7, 1), date(2025, 7, 14)),
    ]  # fmt: skip
    assert len(reference.expected_units(july)) == 17 + 135
    assert reference.subperiod_of("622", july).last_day == date(2025, 6, 30)
    assert reference.subperiod_of("23575", july).first_day == date(2025, 7, 1)


@pytest.mark.parametrize("name", ["2024-11", "2025-06", "2025-08"])
def test_other_months_are_one_stretch(reference: Reference, name: str) -> None:
    assert len(reference.subperiods(Period.parse(name))) == 1


@given(pair=st.tuples(*[st.dates(date(2020, 2, 1), date(2027, 12, 31))] * 2))
def test_no_unit_lies_in_two_blocks(reference: Reference, pair: tuple[date, date]) -> None:
    then, now = sorted(pair)
    found = reference.blocks([Period.month(then.year, then.month)], [Period.month(now.year, now.month)])
    for side in ("then", "now"):
        codes = [code for block in found for code in getattr(block, side)]
        assert len(codes) == len(set(codes))
