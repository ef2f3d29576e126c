"""A machine with one released month, on which something is wrong."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, released_home: Path) -> Path:
    shutil.copytree(released_home, tmp_path / "home")
    return tmp_path / "home"
