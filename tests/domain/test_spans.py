from datetime import date

import pytest

from domain.period import Period
from domain.reference import Reference
from domain.spans import lunar_year_name, tet_season


def months(reference: Reference, period: str, basis: str) -> list[str]:
    return [str(month) for month in reference.spans(Period.parse(period))[basis].months]


@pytest.mark.parametrize(
    ("period", "months_of_gifts"),
    [
        ("2023-02", ["2023-01", "2023-02"]),
        ("2024-02", ["2024-02"]),
        ("2025-02", ["2025-01", "2025-02"]),
        ("2026-03", ["2026-02", "2026-03"]),
        ("2027-02", ["2027-01", "2027-02"]),
    ],
)
def test_the_gifts_of_tet_fall_into_the_months_of_its_25_days(
    reference: Reference, period: str, months_of_gifts: list[str]
) -> None:
    assert months(reference, period, "tet") == months_of_gifts


def test_tet_is_compared_with_the_tet_of_the_lunar_year_before(reference: Reference) -> None:
    assert months(reference, "2024-02", "tet_last_year") == ["2023-01", "2023-02"]
    assert months(reference, "2026-Q1", "tet_last_year") == ["2025-01", "2025-02"]


def test_an_unfinished_season_is_compared_up_to_the_same_day_before_tet(reference: Reference) -> None:
    # The month of February 2026 ends on the 14th, three days before Tết Bính Ngọ.
    spans = reference.spans(Period.parse("2026-02"))
    assert spans["tet_last_year"].until == date(2025, 1, 26)
    assert reference.spans(Period.parse("2026-03"))["tet_last_year"].until is None


@pytest.mark.parametrize("period", ["2024-03", "2024-06", "2024-12", "2023-11"])
def test_other_months_speak_of_no_tet(reference: Reference, period: str) -> None:
    assert tet_season(Period.parse(period), reference.calendar, reference.tet_days) is None


def test_lunar_years_bear_their_names() -> None:
    assert [lunar_year_name(year) for year in (2023, 2024, 2025, 2026)] == ["Quý Mão", "Giáp Thìn", "Ất Tỵ", "Bính Ngọ"]


def test_the_programme_is_cumulated_from_the_month_in_which_it_began(reference: Reference) -> None:
    assert months(reference, "2024-02", "programme") == ["2023-12", "2024-01", "2024-02"]
    assert "programme" not in reference.spans(Period.parse("2023-10"))


def test_the_year_begins_with_what_december_closed_with(reference: Reference) -> None:
    assert months(reference, "2024-09", "year_start") == ["2023-12"]


@pytest.mark.parametrize(
    ("then", "now", "same"),
    [(date(2021, 12, 14), date(2022, 1, 14), False), (date(2025, 12, 31), date(2026, 12, 31), True),
     (date(2026, 12, 31), date(2027, 1, 1), False)],
)  # fmt: skip
def test_the_standard_of_poverty_changes_on_its_days(reference: Reference, then: date, now: date, same: bool) -> None:
    assert (reference.poverty_standard(then) == reference.poverty_standard(now)) is same
