"""An office with one released report."""

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from domain.period import Period
from services.settings import Settings
from tests.commands import (
    collect_submissions,
    monthly_report,
    release,
)
from tests.services.mail.office import EDITION, Office


@pytest.fixture(scope="module")
def printed_home(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Path:
    """One district's January, released."""
    settings = new_home()
    fill(settings, "2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    monthly_report(settings, Period.parse("2024-01"))
    release(settings, EDITION, "Người Duyệt")
    return settings.home


@pytest.fixture
def office(tmp_path: Path, printed_home: Path) -> Iterator[tuple[Office, Settings]]:
    home = tmp_path / "home"
    shutil.copytree(printed_home, home)
    office = Office()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    yield (
        office,
        Settings(
            home=home,
            smtp_host="127.0.0.1",
            smtp_port=port,
            smtp_security="none",
            smtp_timeout_seconds=5,
            _env_file=None,
        ),
    )
    controller.stop()
