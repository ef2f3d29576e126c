"""An office with one released report."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from services.settings import Settings
from tests.services.mail.office import Office


@pytest.fixture
def office(tmp_path: Path, released_home: Path) -> Iterator[tuple[Office, Settings]]:
    home = tmp_path / "home"
    shutil.copytree(released_home, home)
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
