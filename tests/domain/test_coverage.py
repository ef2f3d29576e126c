"""Who owes and who sent, in every basis: a part is never more than the whole, and a unit alone is its part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.coverage import Coverage, cover, owed_over
from domain.period import Period
from domain.reference import Reference

MONTHS = ("2024-01", "2024-02", "2025-06", "2025-07", "2025-08")


def coverage(reference: Reference, period: Period, share: int, unit_code: str | None = None) -> Coverage:
    """As if every `share`-th report had come."""
    spans = reference.spans(period)
    months = sorted({month for span in spans.values() for month in span.months}, key=str)
    reports = [(str(month), unit.code) for month in months for unit in reference.expected_units(month)]
    owed = owed_over(reference, spans)
    return cover(owed if unit_code is None else owed.of_unit(unit_code), set(reports[::share]))


@given(month=st.sampled_from(MONTHS), share=st.integers(1, 7))
def test_units_that_sent_all_are_among_those_that_sent_some_and_those_among_all(
    reference: Reference, month: str, share: int
) -> None:
    found = coverage(reference, Period.parse(month), share)
    for basis, expected in found.expected.items():
        assert found.reporting[basis] <= found.reported[basis] <= expected
        assert found.closing[basis] <= expected
        assert found.opening[basis] <= expected
        assert found.received_reports[basis] <= found.expected_reports[basis]


def test_when_all_have_sent_everything_is_whole(reference: Reference) -> None:
    found = coverage(reference, Period.parse("2024-02"), 1)
    assert found.reporting == found.reported == found.expected
    assert found.received_reports == found.expected_reports
    assert (len(found.expected["period"]), found.months["cumulative"][0]) == (17, "2024-01")


@pytest.mark.parametrize("month", MONTHS)
def test_a_unit_alone_is_its_part_of_the_whole(reference: Reference, month: str) -> None:
    period = Period.parse(month)
    whole = coverage(reference, period, 3)
    for unit in reference.expected_units(period)[:4]:
        alone = coverage(reference, period, 3, unit.code)
        for basis in whole.expected:
            assert alone.expected[basis] == whole.expected[basis] & {unit.code}
            assert alone.reporting[basis] == whole.reporting[basis] & {unit.code}
            assert alone.closing[basis] == whole.closing[basis] & {unit.code}
        for basis, found in whole.blocks.items():
            assert alone.blocks[basis] == [block for block in found if unit.code in block.now]


def test_where_districts_ended_their_stocks_open_and_those_of_the_communes_close(reference: Reference) -> None:
    found = coverage(reference, Period.parse("2025-07"), 1)
    districts, communes = "630", "23575"
    assert {districts, communes} <= found.expected["period"]
    assert (districts in found.opening["period"], communes in found.opening["period"]) == (True, False)
    assert (districts in found.closing["period"], communes in found.closing["period"]) == (False, True)
