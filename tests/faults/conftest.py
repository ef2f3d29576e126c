"""A machine with one released month, on which something is wrong."""

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def home(tmp_path: Path, released_home: Path) -> Path:
    """A released month; its copy for Word is lost, so that `report` lays it out again."""
    home = tmp_path / "home"
    shutil.copytree(released_home, home)
    for copy in home.rglob("bao-cao.docx"):
        copy.unlink()
    return home
