"""A machine with one released month, on which something is wrong."""

import shutil
from pathlib import Path

import pytest

from tests.services.mail.conftest import printed_home as printed_home


@pytest.fixture
def home(tmp_path: Path, printed_home: Path) -> Path:
    shutil.copytree(printed_home, tmp_path / "home")
    return tmp_path / "home"
