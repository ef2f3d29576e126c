"""The months of every basis that runs by the calendar are worked out alike, and from the calendar alone."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.period import Period, PeriodKind
from domain.reference import Reference
from services.queries.recount.spans import months_of_basis, year_gone_pct
from tests.services.queries.recount.registers import scratch_of

BASES = ("period", "previous", "same_last_year", "cumulative", "year_start", "programme")
_LENGTHS = {
    PeriodKind.MONTH: 12,
    PeriodKind.QUARTER: 4,
    PeriodKind.HALF: 2,
    PeriodKind.NINE_MONTHS: 1,
    PeriodKind.YEAR: 1,
}
_PERIODS = st.sampled_from(list(PeriodKind)).flatmap(
    lambda kind: st.builds(Period, st.integers(2015, 2030), st.just(kind), st.integers(1, _LENGTHS[kind]))
)


@given(period=_PERIODS)
def test_the_months_are_those_of_the_spans(reference: Reference, period: Period) -> None:
    spans = reference.spans(period)
    for basis in BASES:
        expected: Sequence[str] | None = [str(month) for month in spans[basis].months] if basis in spans else None
        assert months_of_basis(reference, period, basis) == expected, basis
    assert months_of_basis(reference, period, "tet") is None


@pytest.mark.parametrize(("period", "percent"), [("2024-02", "16.9"), ("2024-12", "100.0"), ("2024-Q1", "24.9")])
def test_the_part_of_the_year_that_has_gone_is_one_of_days(reference: Reference, period: str, percent: str) -> None:
    months = [f"2024-{number:02d}" for number in range(1, 13)]
    assert f"{year_gone_pct(scratch_of(reference, months), Period.parse(period)):.1f}" == percent
