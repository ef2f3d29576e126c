"""How two figures are compared: points, percent, percent of plan, ceilings. One policy of rounding for all of them.

Differences are taken between the values as printed, so that the reader's own subtraction agrees with the page
(published practice: 17,05 − 12,71 = 4,34; 4,34 ÷ 3 = 144,67%). `Differences.EXACT` compares before rounding; the
setting `KETNGHIA_DIFFERENCES` chooses.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.wording import rounded


class Differences(StrEnum):
    """Between which values differences are taken."""

    PRINTED = "printed"
    EXACT = "exact"


def compared(value: Decimal, decimals: int, of: Differences) -> Decimal:
    """The value that enters a comparison: as printed with `decimals`, or exact."""
    return rounded(value, decimals) if of is Differences.PRINTED else value


def difference(now: Decimal, then: Decimal, decimals: int, of: Differences = Differences.PRINTED) -> Decimal:
    """`now` − `then` with `decimals`; of two rates it is in percentage points."""
    return rounded(compared(now, decimals, of) - compared(then, decimals, of), decimals)


@dataclass(frozen=True, slots=True)
class AgainstCeiling:
    """How a figure stands to a ceiling that it must not pass."""

    is_met: bool
    distance: Decimal
    """How far below the ceiling; negative above it."""


def against_ceiling(
    actual: Decimal, ceiling: Decimal, decimals: int, of: Differences = Differences.PRINTED
) -> AgainstCeiling:
    """Compare a figure with a ceiling."""
    is_met = compared(actual, decimals, of) <= ceiling
    return AgainstCeiling(is_met, difference(ceiling, actual, decimals, of))
