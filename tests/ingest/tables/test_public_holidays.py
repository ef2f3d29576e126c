"""The days off of Vietnam are those of the package, whose other countries stay where they are."""

import subprocess
import sys

import pytest

from services.settings import PROGRAM

pytestmark = pytest.mark.slow

_ASKED = """
import sys
from ingest.tables.public_holidays import public_holidays

ours = [public_holidays(year) for year in range(2000, 2040)]
print([name for name in sys.modules if name.startswith("holidays.countries")])
from holidays import country_holidays
from holidays.countries import Iran
print(ours == [frozenset(country_holidays("VN", years=year)) for year in range(2000, 2040)], bool(Iran(years=2024)))
"""


def printed_by(script: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", script], cwd=PROGRAM, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_the_days_are_those_of_the_package_and_of_one_country_alone() -> None:
    assert printed_by(_ASKED) == ["['holidays.countries.vietnam']", "True True"]


def test_a_package_that_is_there_already_is_left_alone() -> None:
    asked = (
        "from datetime import date\n"
        "import sys, holidays.countries as whole\n"
        "from ingest.tables.public_holidays import public_holidays\n"
        "print(date(2031, 9, 2) in public_holidays(2031), sys.modules['holidays.countries'] is whole)"
    )
    assert printed_by(asked) == ["True True"]


def test_a_package_that_is_laid_out_otherwise_gives_the_same_days() -> None:
    asked = (
        "from datetime import date\n"
        "from ingest.tables import public_holidays as ours\n"
        "def refuse(package): raise ImportError(package)\n"
        "ours._without_its_contents = refuse\n"
        "print(date(2031, 9, 2) in ours.public_holidays(2031))"
    )
    assert printed_by(asked) == ["True"]
