"""Clears what processes left that died while they wrote; what a living one is writing stays."""

import tempfile
from pathlib import Path

from services.settings import Settings
from storage.left_overs import clear_left_overs, parts_below

_APART = ("prefect", "log")
"""Folders of the data folder in which others write."""


def clear_left_overs_of(settings: Settings) -> int:
    """Clear the data folder, and folders of fonts in the temporary folder; gives how many there were."""
    faces = Path(tempfile.gettempdir()).glob("ketnghia-fonts-*")
    return clear_left_overs(parts_below(settings.home, _APART)) + clear_left_overs(faces)
