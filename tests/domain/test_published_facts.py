"""Published figures that cannot all be true are found, whatever their ids; those that can are left alone."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.period import Period, month_range
from domain.published_facts import PublishedFact, contradictions, contradictions_in
from domain.reference import Reference

D = Decimal
JANUARY, FEBRUARY, JULY = (Period.parse(month) for month in ("2024-01", "2024-02", "2026-07"))


def fact(indicator: str, value: str, **odd: object) -> PublishedFact:
    """A fact of the province at the end of 2023, printed in February; named as its indicator."""
    sound = PublishedFact(
        indicator, indicator, indicator, "64", "tỉnh Gia Lai", "2023-12-31", D(value), "hộ", "=", "STOCK", "", FEBRUARY,
        FEBRUARY, "UBND tỉnh",
    )  # fmt: skip
    return replace(sound, **odd)  # type: ignore[arg-type]


def with_value(facts: Sequence[PublishedFact], fact_id: str, value: str) -> list[PublishedFact]:
    return [replace(each, value=D(value)) if each.fact_id == fact_id else each for each in facts]


def pairs(facts: Sequence[PublishedFact]) -> list[tuple[str, ...]]:
    return [tuple(fact.fact_id for fact in found.facts) for found in contradictions(facts)]


def test_the_shipped_facts_do_not_contradict_each_other_in_any_month(reference: Reference) -> None:
    assert contradictions(reference.published_facts) == []
    for month in month_range(Period.parse("2023-12"), Period.parse("2025-02")):
        assert contradictions_in(reference.published_facts, month) == []


def test_the_bases_of_the_rates_are_kept_and_never_printed(reference: Reference) -> None:
    by_id = {each.fact_id: each for each in reference.published_facts}
    assert [(by_id[key].value, by_id[key].print_from) for key in ("S21", "S22")] == [(388_231, None), (165_278, None)]


@pytest.mark.parametrize(
    ("fact_id", "value", "with_ids", "says"),
    [
        ("S08", "38173", ("S08", "S06"), "38.173 hộ) nhiều hơn S06 (hộ nghèo: 31.502 hộ)"),
        ("S13", "132", ("S13", "S12"), "132 thôn, làng) nhiều hơn S12"),
        ("S22", "388232", ("S22", "S21"), "nhiều hơn S21"),
        ("S06", "388232", ("S06", "S21"), "nhiều hơn S21"),
        ("S06", "31602", ("S07", "S06", "S21"), "là 8,14%, không phải S07"),
        ("S07", "8.12", ("S07", "S06", "S21"), "là 8,11%, không phải S07"),
        ("S09", "17.06", ("S09", "S08", "S22"), "là 17,05%, không phải S09"),
        ("S16", "6.31", ("S07", "S17", "S16"), "còn 6,11%, không phải S16"),
        ("S17", "3", ("S07", "S17", "S16"), "còn 5,11%, không phải S16"),
    ],
)
def test_one_wrong_number_is_told_with_its_counterparts(
    reference: Reference, fact_id: str, value: str, with_ids: tuple[str, ...], says: str
) -> None:
    found = contradictions(with_value(reference.published_facts, fact_id, value))
    told = {tuple(fact.fact_id for fact in each.facts): each.sentence for each in found}
    assert says in told[with_ids], told


def test_without_published_bases_the_implied_ones_must_be_possible(reference: Reference) -> None:
    facts = [each for each in reference.published_facts if each.fact_id not in ("S21", "S22")]
    assert contradictions(facts) == []
    [more_than_all] = contradictions(with_value(facts, "S09", "7.05"))
    assert {each.fact_id for each in more_than_all.facts} == {"S06", "S07", "S08", "S09"}
    assert "nhiều hơn tất cả (nhiều nhất 388.674 hộ)" in more_than_all.sentence
    # 3.329 of the poor are not DTTS: there must be as many households that are not.
    assert contradictions(with_value(facts, "S09", "7.32")) == []
    [too_few_others] = contradictions(with_value(facts, "S09", "7.28"))
    assert "ngoài phần ấy có 3.329 hộ nghèo trong nhiều nhất" in too_few_others.sentence


def test_what_is_of_another_scope_or_moment_is_not_compared() -> None:
    whole = fact("poor_households", "10")
    for odd in ({"scope_code": "622"}, {"about": "2022-12-31"}):
        assert contradictions([whole, fact("poor_households_dtts", "11", **odd)]) == []


@pytest.mark.parametrize(
    ("part", "whole", "is_found"),
    [("=", "=", True), (">", "=", True), ("=", "<=", True), ("=", ">", False), ("<", "=", False), ("~", "=", False)],
)
def test_a_qualifier_leaves_open_what_it_says(part: str, whole: str, is_found: bool) -> None:
    facts = [fact("poor_households_dtts", "11", qualifier=part), fact("poor_households", "10", qualifier=whole)]
    assert bool(contradictions(facts)) is is_found


def test_two_values_of_one_figure_contradict_each_other_only_where_both_are_printed() -> None:
    preliminary = fact("poor_households", "31000", fact_id="A", print_from=JANUARY, print_to=JANUARY)
    final = fact("poor_households", "31502", fact_id="B")
    assert pairs([preliminary, final]) == [("A", "B")]
    assert contradictions_in([preliminary, final], FEBRUARY) == []
    assert contradictions_in([preliminary, replace(final, print_from=JANUARY)], JANUARY) != []


def test_only_what_is_printed_stops_a_report_and_the_background_speaks_where_nothing_is(reference: Reference) -> None:
    wrong = with_value(reference.published_facts, "S08", "38173")
    assert contradictions_in(wrong, FEBRUARY) != []
    assert contradictions_in(wrong, JULY) == []
    unprinted = [replace(each, print_from=None, print_to=None) if each.fact_id == "S08" else each for each in wrong]
    mended = [*unprinted, fact("poor_households_dtts", "28173", print_to=Period.parse("2024-12"))]
    assert contradictions_in(mended, FEBRUARY) == []


@given(base=st.integers(1, 10**6), share=st.floats(0, 1), decimals=st.integers(0, 3))
def test_a_rate_rounded_from_its_own_count_and_base_is_never_doubted(base: int, share: float, decimals: int) -> None:
    count = round(base * share)
    rate = (D(100) * count / base).quantize(D(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    facts = [
        fact("poor_households", str(count)),
        fact("households", str(base)),
        fact("poverty_rate_pct", str(rate), unit_of_measure="%"),
    ]
    assert contradictions(facts) == []


@given(base=st.integers(1_000, 10**6), share=st.floats(0.01, 0.99), slip=st.sampled_from(["0.02", "-0.02", "1"]))
def test_a_rate_off_by_more_than_its_rounding_is_always_found(base: int, share: float, slip: str) -> None:
    count = round(base * share)
    rate = (D(100) * count / base).quantize(D("0.01"), rounding=ROUND_HALF_UP) + D(slip)
    facts = [
        fact("poor_households", str(count)),
        fact("households", str(base)),
        fact("poverty_rate_pct", str(rate), unit_of_measure="%"),
    ]
    assert pairs(facts) == [("poverty_rate_pct", "poor_households", "households")]
