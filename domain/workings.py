"""How a printed number is worked out of other figures: the operation, its outcome, and the formula with numbers put in."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum

MONTHS_OF_A_YEAR = 12


class Operation(StrEnum):
    """What is done with the operands."""

    SAME = "same"
    """The one operand itself."""
    DIFFERENCE = "difference"
    """How far the first is from the second, whichever is larger."""
    CHANGE_PCT = "change_pct"
    """That distance in percent of the second."""
    SHARE_PCT = "share_pct"
    """The first in percent of the second."""
    RATIO = "ratio"
    """The first by the second, times what the indicator says."""
    BALANCE = "balance"
    """Some added, some taken away, as the indicator says."""
    COUNT = "count"
    """How many there are."""
    TWELFTH = "twelfth"
    """The one operand by the months of a year."""
    PERCENT_OF = "percent_of"
    """So many percent, the first, of the second."""


def outcome(operation: Operation, operands: Sequence[Decimal]) -> Decimal:
    """The exact result; dividing by nothing is a bug of the caller."""
    match operation:
        case Operation.SAME:
            return operands[0]
        case Operation.DIFFERENCE:
            return abs(operands[0] - operands[1])
        case Operation.CHANGE_PCT:
            return 100 * abs(operands[0] - operands[1]) / operands[1]
        case Operation.SHARE_PCT:
            return 100 * operands[0] / operands[1]
        case Operation.COUNT:
            return Decimal(len(operands))
        case Operation.TWELFTH:
            return operands[0] / MONTHS_OF_A_YEAR
        case Operation.PERCENT_OF:
            return operands[0] * operands[1] / 100
        case Operation.RATIO | Operation.BALANCE:
            raise ValueError(f"{operation} is worked out by the catalogue")


def formula(operation: Operation, texts: Sequence[str], result: str, unit: str, added: int = 0) -> str:
    """The working as a reader would write it: `31.502 ÷ 388.231 = 8,11%`.

    Args:
        operation: what was done.
        texts: the operands as they are printed.
        result: the result as it is printed.
        unit: its unit of measure.
        added: of a balance, how many of the operands are added; the others are taken away.
    """
    shown = f"{result}%" if unit == "%" else f"{result} {unit}".rstrip()
    match operation:
        case Operation.SAME:
            return f"= {shown}"
        case Operation.DIFFERENCE:
            return f"chênh lệch giữa {texts[0]} và {texts[1]} = {shown}"
        case Operation.CHANGE_PCT:
            return f"chênh lệch giữa {texts[0]} và {texts[1]}, chia cho {texts[1]} = {shown}"
        case Operation.SHARE_PCT | Operation.RATIO:
            return f"{texts[0]} ÷ {texts[1]} = {shown}"
        case Operation.BALANCE:
            return " ".join([" + ".join(texts[:added]), *(f"− {text}" for text in texts[added:]), "=", shown])
        case Operation.COUNT:
            return f"đếm được {shown}"
        case Operation.TWELFTH:
            return f"{texts[0]} ÷ {MONTHS_OF_A_YEAR} tháng = {shown}"
        case Operation.PERCENT_OF:
            return f"{texts[0]}% × {texts[1]} = {shown}"
