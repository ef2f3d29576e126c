"""Writes a file that is whole or absent, also after a power cut."""

import os
import tempfile
from pathlib import Path

from storage.left_overs import hold, part_name


def write_durably(place: Path, content: bytes) -> None:
    """Put the content under that name, durably: whole or not at all."""
    place.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=part_name())
    try:
        with os.fdopen(handle, "wb") as file:
            hold(handle)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, place)
    except BaseException:
        os.unlink(name)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
