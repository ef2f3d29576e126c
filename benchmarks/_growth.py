"""How the cost of work grows with its size: 1 is in proportion to it, 0 not at all."""

import math
from collections.abc import Sequence
from itertools import pairwise


def growth(sizes: Sequence[float], costs: Sequence[float]) -> str:
    """The exponent between each size and the next, `log(c2 / c1) / log(n2 / n1)`, in words; empty for a single size.

    Between sizes that are the same, or where a cost is not above 0, there is a dash.
    """
    if len(sizes) < 2:
        return ""
    points = list(zip(sizes, costs, strict=True))
    return "grows with exponent " + ", ".join(_between(*before, *after) for before, after in pairwise(points))


def _between(size: float, cost: float, next_size: float, next_cost: float) -> str:
    if size == next_size or min(cost, next_cost) <= 0:
        return "-"
    return f"{math.log(next_cost / cost) / math.log(next_size / size):.2f}"
