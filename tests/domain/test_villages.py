"""Agencies have days: who keeps an agreement, and who is twinned, depends on them."""

from dataclasses import replace
from datetime import date

import pytest

from domain.reference import Reference
from domain.villages import Partner, Villages

LAST_DAY = date(2025, 6, 30)


def with_partners(reference: Reference, *partners: Partner) -> Villages:
    return replace(reference.villages, partners=partners)


def test_everything_of_a_district_ended_with_it_and_enterprises_did_not(reference: Reference) -> None:
    for partner in reference.villages.partners:
        if partner.level == "HUYEN":
            assert partner.valid_to == LAST_DAY, partner.name
        if partner.level == "DN":
            assert (partner.valid_from, partner.valid_to) == (None, None), partner.name
        if partner.level in ("XA", "DIA_PHUONG"):
            assert partner.valid_from == date(2025, 7, 1), partner.name


@pytest.mark.parametrize(("on", "is_there"), [(LAST_DAY, True), (date(2025, 7, 1), False)])
def test_an_agency_is_there_up_to_and_with_its_last_day(reference: Reference, on: date, is_there: bool) -> None:
    found = reference.villages.partner_on("DV-001", on)
    assert (found is not None) is is_there
    assert bool(reference.villages.partners_of(on).get("23586-01")) is is_there


def test_before_its_first_day_an_agency_keeps_no_agreement(reference: Reference) -> None:
    eve, first = date(2025, 2, 28), date(2025, 3, 1)
    register = reference.villages
    assert register.partner_on("DV-016", eve) is None
    assert register.partner_on("DV-016", first) == register.find_partner("DV-016")
    assert register.partner_on("DV-053", eve) == register.find_partner("DV-053")
    assert register.partner_on("DV-053", first) == register.find_partner("DV-016")


def test_between_an_end_and_a_late_beginning_nobody_keeps_the_agreement(reference: Reference) -> None:
    ended = Partner("A", "A", "TINH", valid_to=date(2025, 1, 31), successor_id="B")
    register = with_partners(reference, ended, Partner("B", "B", "TINH", valid_from=date(2025, 3, 1)))
    assert [register.partner_on("A", day) for day in (date(2025, 2, 15), date(2025, 3, 1))] == [
        None,
        register.find_partner("B"),
    ]


def test_the_partners_of_a_month_are_those_of_any_of_its_days_the_latest_first(reference: Reference) -> None:
    names = [
        each.partner_id for each in reference.villages.partners_during(date(2025, 2, 15), date(2025, 3, 14))["23650-01"]
    ]
    assert names == ["DV-016", "DV-017"]
    [only] = reference.villages.partners_during(date(2025, 1, 15), date(2025, 2, 14))["23650-01"]
    assert only.partner_id == "DV-017"


def test_between_two_turns_the_registers_say_the_same(reference: Reference) -> None:
    register = reference.villages
    assert register.unchanged_since(date(2026, 7, 14)) == register.unchanged_since(date(2025, 7, 1)) == date(2025, 7, 1)
    assert register.unchanged_since(LAST_DAY) == date(2025, 3, 1)
    assert register.unchanged_since(date(1999, 1, 1)) == date.min
