"""A home with three small months, collected through the real gates."""

import shutil
from pathlib import Path

import pytest

from domain.reference import Reference
from services.settings import Settings
from tests.commands import collect_submissions
from tests.services.queries.recount.small_months import put_small_months


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> Path:
    home = tmp_path_factory.mktemp("small") / "home"
    home.mkdir()
    settings = Settings(home=home, _env_file=None)
    put_small_months(settings, reference)
    collect_submissions(settings)
    return home


@pytest.fixture
def small(tmp_path: Path, small_home: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(small_home, home)
    return Settings(home=home, _env_file=None)
