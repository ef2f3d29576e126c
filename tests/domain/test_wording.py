from datetime import date
from decimal import Decimal

import pytest

from domain import wording


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
    ],
)
def test_numbers_are_written_the_vietnamese_way(value: Decimal | int | float, decimals: int | None, text: str) -> None:
    assert wording.number(value, decimals) == text


def test_days_are_padded_as_the_decree_says() -> None:
    assert wording.long_day(date(2024, 3, 5)) == "ngày 05 tháng 3 năm 2024"
    assert wording.short_day(date(2024, 2, 14)) == "14/02/2024"
