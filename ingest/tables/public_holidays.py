"""Vietnam's public holidays, by the package `holidays`; what holidays.csv says goes before it."""

from collections.abc import Container
from datetime import date
from functools import cache


@cache
def public_holidays(year: int) -> Container[date]:
    """The days off of a year, with their substitutes where they fall on a weekend (Bộ luật Lao động, Điều 112)."""
    # Imported here: most commands ask for no day.
    from holidays import country_holidays

    return frozenset(country_holidays("VN", years=year))
