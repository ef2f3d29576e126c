"""A number is worked out, and its working is written as a reader would."""

from decimal import Decimal

import pytest

from domain.workings import Operation, formula, outcome

D = Decimal


@pytest.mark.parametrize(
    ("operation", "operands", "expected"),
    [
        (Operation.SAME, ["7"], "7"),
        (Operation.DIFFERENCE, ["8.11", "6.07"], "2.04"),
        (Operation.DIFFERENCE, ["6.07", "8.11"], "2.04"),
        (Operation.CHANGE_PCT, ["6", "5"], "20"),
        (Operation.CHANGE_PCT, ["4", "5"], "20"),
        (Operation.SHARE_PCT, ["5", "20"], "25"),
        (Operation.COUNT, ["1", "1", "1"], "3"),
        (Operation.TWELFTH, ["36"], "3"),
    ],
)
def test_outcomes(operation: Operation, operands: list[str], expected: str) -> None:
    assert outcome(operation, [D(each) for each in operands]) == D(expected)


@pytest.mark.parametrize(
    ("operation", "texts", "result", "unit", "added", "expected"),
    [
        (Operation.RATIO, ["31.502", "388.231"], "8,11", "%", 0, "31.502 ÷ 388.231 = 8,11%"),
        (Operation.BALANCE, ["40", "3", "38", "1"], "4", "hộ", 2, "40 + 3 − 38 − 1 = 4 hộ"),
        (Operation.SAME, ["5"], "5", "", 0, "= 5"),
        (Operation.TWELFTH, ["36.000"], "3.000", "lượt", 0, "36.000 ÷ 12 tháng = 3.000 lượt"),
    ],
)
def test_workings(operation: Operation, texts: list[str], result: str, unit: str, added: int, expected: str) -> None:
    assert formula(operation, texts, result, unit, added) == expected
