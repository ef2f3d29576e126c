"""A home whose alarms reach somebody."""

from collections.abc import Callable

import pytest

from services.settings import Settings


@pytest.fixture
def watched(new_home: Callable[[], Settings]) -> Settings:
    """A home with somebody who hears when the machine needs a hand."""
    settings = new_home()
    roles = "name,role,email,valid_from,valid_to\nTrực máy,operator,it@gialai.example,2020-01-01,\n"
    (settings.home / "reference" / "roles.csv").write_text(roles, encoding="utf-8")
    return settings
