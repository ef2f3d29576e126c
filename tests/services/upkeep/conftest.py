"""A month that was made, read, released and mailed, but for one recipient whose server asked to wait."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.period import Period
from services.settings import Settings
from tests.commands import collect_submissions, monthly_report, release, send_report, write_narrative
from tests.services.mail.conftest import office as office
from tests.services.mail.office import EDITION, Office, address

WAITS = "r0001@gialai.example"


@pytest.fixture(scope="module")
def released_home(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Path:
    settings = new_home()
    fill(settings, "2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    address(settings, 3)
    write_narrative(settings, Period.parse("2024-01"), "Nguyễn Văn A")
    monthly_report(settings, Period.parse("2024-01"))
    release(settings, EDITION, "Người Duyệt")
    return settings.home


@pytest.fixture
def sent_month(office: tuple[Office, Settings]) -> tuple[Office, Settings]:
    server, settings = office
    server.odd = {WAITS: ["450 greylisted"]}
    send_report(settings, EDITION)
    return server, settings


@pytest.fixture
def home(tmp_path: Path, released_home: Path) -> Settings:
    """The same month before it was mailed, without a mail server."""
    shutil.copytree(released_home, tmp_path / "home")
    return Settings(home=tmp_path / "home", _env_file=None)
