"""Vietnam's public holidays, by the package `holidays`; what holidays.csv says goes before it."""

import sys
from collections.abc import Callable, Container, Iterable
from datetime import date
from functools import cache
from importlib.util import find_spec, module_from_spec


@cache
def public_holidays(year: int) -> Container[date]:
    """The days off of a year, with their substitutes where they fall on a weekend (Bộ luật Lao động, Điều 112)."""
    return frozenset(_vietnam()(years=year))


@cache
def _vietnam() -> Callable[..., Iterable[date]]:
    """The package's calendar of Vietnam, without those of two hundred other countries, which take longer than the answer.

    Importing any of them imports all: so the folder stands in for the package while ours is imported.
    """
    # Imported here: most commands ask for no day.
    spec = find_spec("holidays.countries")
    assert spec is not None
    folder = module_from_spec(spec)
    whole = sys.modules.setdefault(spec.name, folder)
    try:
        from holidays.countries.vietnam import Vietnam
    finally:
        if whole is folder:
            sys.modules.pop(spec.name, None)
    return Vietnam
