"""The catalogue holds together: every entry can be counted, named, defined and added up, or says that it cannot."""

import re

import pytest

from domain import form
from domain.catalogue import INDICATOR_BY_CODE, INDICATORS
from domain.indicators import Aggregate, Counting, Indicator, Kind
from domain.schemas import COUNTABLE


def test_no_two_entries_share_a_code_or_a_name() -> None:
    assert len(INDICATOR_BY_CODE) == len(INDICATORS)
    names = [entry.name for entry in INDICATORS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("entry", INDICATORS, ids=lambda entry: entry.code)
def test_an_entry_is_complete_and_can_be_counted(entry: Indicator) -> None:
    assert re.fullmatch(r"[a-z_]+", entry.code)
    assert entry.definition.endswith(".")
    assert entry.legal_basis
    assert entry.group
    assert re.fullmatch(r"\d{4}-\d{2}", entry.first_period)
    if entry.kind in (Kind.RATIO, Kind.BALANCE):
        assert entry.parts
        assert all(part in INDICATOR_BY_CODE for part in entry.parts)
        assert not entry.table
    else:
        assert entry.column in COUNTABLE[entry.table]
        assert not entry.parts


def test_money_and_shares_say_so_in_their_code() -> None:
    for entry in INDICATORS:
        assert entry.code.endswith("_pct") == (entry.unit_of_measure == "%"), entry.code
        assert entry.code.endswith("_vnd") == (entry.unit_of_measure == "triệu đồng"), entry.code


def test_what_cannot_be_added_says_so() -> None:
    assert not INDICATOR_BY_CODE["poverty_rate_pct"].adds_over_units
    assert not INDICATOR_BY_CODE["villages_active"].adds_over_units
    assert not INDICATOR_BY_CODE["poor_households"].adds_over_time
    assert INDICATOR_BY_CODE["value_total_vnd"].adds_over_time
    assert INDICATOR_BY_CODE["poor_corrected"].adds_over_units


def test_commitments_and_works_begun_are_in_no_result() -> None:
    results = [entry for entry in INDICATORS if entry.table == "activities" and entry.group in ("Kết quả", "Nguồn lực")]
    assert {entry.counting for entry in results} == {Counting.COMPLETED, Counting.PAID}


def test_the_money_of_twinned_agencies_and_of_others_are_all_the_money_and_never_overlap() -> None:
    own, others = (set(INDICATOR_BY_CODE[code].funding_sources) for code in ("twinning_value_vnd", "other_value_vnd"))
    every = {choice.code for choice in form.ACTIVITIES.field("funding_source").choices}
    assert own | others == every
    assert not own & others


def test_every_count_of_sheet_04_is_an_indicator() -> None:
    counted = {field.name for field in form.POLITICS_SECURITY.fields if field.type is form.CellType.WHOLE}
    assert counted == {entry.column for entry in INDICATORS if entry.table == "politics_security"}


@pytest.mark.parametrize("prefix", ["poor", "nearpoor"])
def test_the_bridge_closes(prefix: str) -> None:
    corrected = INDICATOR_BY_CODE[f"{prefix}_corrected"]
    # closing = opening − exits + relapses + arrivals + moved + corrected
    assert corrected.plus == (f"{prefix}_households", f"{prefix}_exits")
    assert corrected.minus == tuple(f"{prefix}_{step}" for step in ("opening", "relapses", "arrivals", "moved"))
    assert all(INDICATOR_BY_CODE[code].aggregate is Aggregate.SUM for code in corrected.parts)
