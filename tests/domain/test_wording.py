from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import wording
from domain.alphabet import is_printed


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (31502, 0, "31.502"),
        (Decimal("8.1142"), 2, "8,11"),
        (Decimal("2.675"), 2, "2,68"),
        (2.675, 2, "2,68"),
        (Decimal("1234567.5"), 1, "1.234.567,5"),
        (Decimal("-0.04"), 1, "0,0"),
        (Decimal("-2"), 0, "−2"),
        (0, None, "0"),
        (Decimal("4.50"), None, "4,5"),
        (Decimal("100"), None, "100"),
        (1e24, None, "1.000.000.000.000.000.000.000.000"),
        (1e30, None, "1 × 10³⁰"),
        (-1.5e300, 1, "−1,5 × 10³⁰⁰"),
        (5e-324, None, "0"),
        (10**40, 0, "1 × 10⁴⁰"),
        (Decimal("123456789012345678901234567.125"), 2, "123.456.789.012.345.678.901.234.567,13"),
        (float("inf"), None, "∞"),
        (float("nan"), 2, "không phải số"),
    ],
)
def test_numbers_are_written_the_vietnamese_way(value: Decimal | int | float, decimals: int | None, text: str) -> None:
    assert wording.number(value, decimals) == text


@given(st.floats() | st.integers() | st.decimals(), st.none() | st.integers(0, 6))
def test_any_number_can_be_written_and_printed(value: Decimal | int | float, decimals: int | None) -> None:
    assert is_printed(wording.number(value, decimals))


def test_days_are_padded_as_the_decree_says() -> None:
    assert wording.long_day(date(2024, 3, 5)) == "ngày 05 tháng 3 năm 2024"
    assert wording.short_day(date(2024, 2, 14)) == "14/02/2024"
