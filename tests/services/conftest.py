"""A home whose alarms reach somebody."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.accounts import Duty, RoleName
from services.settings import Settings
from tests.commands import give


@pytest.fixture
def watched(new_home: Callable[[], Settings]) -> Settings:
    """A home with somebody who hears when the machine needs a hand."""
    settings = new_home()
    give(settings, "Trực máy", Duty(RoleName.OPERATOR, date(2020, 1, 1)), email="it@gialai.example")
    return settings
