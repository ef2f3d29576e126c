"""A village's made-up households and politics of a month: stocks that carry over, so that bridges close."""

import random
from functools import cache

from domain.period import Period
from domain.villages import Village

_FIRST_YEARS = (2022, 2013)
"""Years in which households were counted again: made-up stocks begin there."""


@cache
def _stock(village_id: str, prefix: str, households: int, month_number: int) -> tuple[int, int, int, int]:
    """Opening stock of a month counted from the first year, and who left, fell back and fell in during it."""
    dice = random.Random(f"{village_id} {prefix} {month_number}")
    if month_number == 0:
        start = random.Random(f"{village_id} {prefix}").randint(households // 8, households // 4)
    else:
        opening, left, back, fell_in = _stock(village_id, prefix, households, month_number - 1)
        start = opening - left + back + fell_in
    return start, dice.choice((0, 0, 1)) if start > 3 else 0, dice.choice((0,) * 9 + (1,)), dice.choice((0,) * 8 + (1,))


def politics_row(village: Village, period: Period) -> dict[str, object]:
    """A village's counts of the month; its party members only grow."""
    dice = random.Random(f"{village.village_id} {period} 04")
    months = (period.year - _FIRST_YEARS[-1]) * 12 + period.number
    received = dice.choice((0, 0, 0, 1, 2))
    return {
        "village_id": village.village_id,
        "village_name": village.name,
        "party_cells_dtts": 1,
        "party_members": random.Random(village.village_id).randint(6, 18) + months // 24,
        "party_members_new": int(months % 24 == 0),
        "organisations_strengthened": dice.choice((0, 0, 0, 1)),
        "joint_meetings": dice.choice((0, 0, 1)),
        "cases_received": received,
        "cases_resolved": dice.randint(0, received),
        "security_models": 1,
        "elders_visited": dice.choice((0, 0, 1, 2)),
    }


def household_row(village: Village, period: Period, *, takes_over: bool) -> dict[str, object]:
    """A village's row; a unit that takes over within the month finds the month's changes reported already."""
    dice = random.Random(village.village_id)
    households = village.households or dice.randint(80, 220)
    persons = village.persons or round(households * (4.1 + dice.random() * 0.7))
    dtts = village.hh_dtts or households * 9 // 10
    row: dict[str, object] = {
        "village_id": village.village_id,
        "village_name": village.name,
        "households": households,
        "persons": persons,
        "hh_dtts": dtts,
        "bhyt_pct": 85 + dice.randint(0, 13),
        "ntm": "Không",
    }
    for prefix in ("poor", "nearpoor"):
        began = next(year for year in _FIRST_YEARS if year <= period.year)
        number = (period.year - began) * 12 + period.number
        opening, left, back, fell_in = _stock(village.village_id, prefix, households, number)
        close = opening - left + back + fell_in
        if takes_over:
            opening, left, back, fell_in = close, 0, 0, 0
        row |= {
            f"{prefix}_open": opening,
            f"{prefix}_exit": left,
            f"{prefix}_relapse": back,
            f"{prefix}_new": fell_in,
            f"{prefix}_other": 0,
            f"{prefix}_close": close,
            f"{prefix}_dtts_close": min(close * 9 // 10, dtts),
        }
    return row
