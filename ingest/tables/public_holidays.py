"""Vietnam's public holidays, by the package `holidays`; what holidays.csv says goes before it."""

import sys
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from importlib.util import find_spec, module_from_spec


@cache
def public_holidays(year: int) -> Container[date]:
    """The days off of a year, with their substitutes where they fall on a weekend (Bộ luật Lao động, Điều 112)."""
    return frozenset(_vietnam()(years=year))


@cache
def _vietnam() -> Callable[..., Iterable[date]]:
    """The package's calendar of Vietnam, without those of two hundred other countries, which take longer than the answer."""
    # Imported here: most commands ask for no day.
    try:
        with _without_its_contents("holidays.countries"):
            from holidays.countries.vietnam import Vietnam
    except ImportError:
        # A release that is laid out otherwise gives the same days, a little later.
        from holidays.countries import Vietnam  # type: ignore[attr-defined]
    return Vietnam


@contextmanager
def _without_its_contents(package: str) -> Iterator[None]:
    """Importing anything of a package imports all that it names: so its bare folder stands in for it meanwhile."""
    spec = find_spec(package)
    if spec is None:
        raise ImportError(package)
    folder = module_from_spec(spec)
    whole = sys.modules.setdefault(package, folder)
    try:
        yield
    finally:
        if whole is folder:
            del sys.modules[package]
