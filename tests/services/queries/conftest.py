"""A home with printed editions, to be altered and asked."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.period import Period
from domain.reference import Reference
from services.settings import Settings
from storage import editions
from storage.database import open_database
from storage.edition_files import pdf_path
from tests.commands import collect_submissions, monthly_report
from tests.services.queries.recount.small_months import put_small_months


@pytest.fixture(scope="session")
def printed_months(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Path:
    """Two districts' January and February, with an edition of each."""
    settings = new_home()
    fill(settings, "2024-01", "2024-02", with_faults=False, only={"622", "630"})
    collect_submissions(settings)
    for period in ("2024-01", "2024-02"):
        monthly_report(settings, Period.parse(period))
    return settings.home


@pytest.fixture
def pdf(settings: Settings) -> Path:
    database = open_database(settings.ledger_url)
    with database.write() as session:
        edition = editions.find_edition(session, "2024-02-1")
    database.close()
    return pdf_path(settings.editions, edition.sha256)


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory, reference: Reference) -> Path:
    """Three small months of a few districts, collected through the real gates."""
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
