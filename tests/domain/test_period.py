import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadPeriod
from domain.period import Period, month_range, tidy_month

months = st.builds(Period.month, st.integers(2013, 2040), st.integers(1, 12))


@pytest.mark.parametrize("text", ["2024-02", "2024-Q1", "2024-H2", "2024-9M", "2024"])
def test_a_period_reads_back_as_it_is_written(text: str) -> None:
    assert str(Period.parse(text)) == text


@pytest.mark.parametrize("text", ["", "2024-13", "2024-00", "2024-Q5", "02-2024", "2024-2", "2024-6M", "2024-02-1"])
def test_what_is_no_period_is_refused_with_the_five_forms(text: str) -> None:
    with pytest.raises(BadPeriod, match="2024-Q1"):
        Period.parse(text)


@pytest.mark.parametrize("text", ["1999", "1990-01", "2101-Q1"])
def test_a_year_that_is_out_of_range_is_named_as_such(text: str) -> None:
    with pytest.raises(BadPeriod, match=f"năm {text[:4]} nằm ngoài khoảng 2000–2100"):
        Period.parse(text)


@pytest.mark.parametrize(
    ("text", "first", "last", "count"),
    [
        ("2024-Q2", "2024-04", "2024-06", 3),
        ("2024-H2", "2024-07", "2024-12", 6),
        ("2024-9M", "2024-01", "2024-09", 9),
        ("2024", "2024-01", "2024-12", 12),
    ],
)
def test_longer_periods_are_made_of_months(text: str, first: str, last: str, count: int) -> None:
    of = Period.parse(text).months()
    assert (str(of[0]), str(of[-1]), len(of)) == (first, last, count)


@given(months)
def test_the_month_before_the_next_is_the_month_itself(month: Period) -> None:
    assert Period.month(month.year, month.number + 1).previous() == month


@given(months, st.integers(0, 40))
def test_a_range_holds_every_month_once(first: Period, length: int) -> None:
    last = Period.month(first.year, first.number + length)
    of = month_range(first, last)
    assert len(of) == len(set(of)) == length + 1
    assert (of[0], of[-1]) == (first, last)


def test_january_and_february_alone_are_padded() -> None:
    assert Period.parse("2024-02").label() == "tháng 02 năm 2024"
    assert Period.parse("2024-03").label() == "tháng 3 năm 2024"
    assert Period.parse("2026-Q1").label() == "quý I/2026"


@pytest.mark.parametrize(
    "text", ["02/2024", "2/2024", "2-2024", "tháng 02 năm 2024", "Tháng 2/2024", "2024/2", "2024-02"]
)
def test_a_month_is_understood_however_it_is_written(text: str) -> None:
    assert tidy_month(text) == "2024-02"


@pytest.mark.parametrize("text", ["2024", "2024-Q1", "quý 1/2024", "1/2/2024", "tháng hai"])
def test_what_names_no_month_is_left_alone(text: str) -> None:
    assert tidy_month(text) == text
