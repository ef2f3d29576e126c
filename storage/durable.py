"""Writes a file that is whole or absent, also after a power cut, and as open to others as the folder it is put into."""

import os
import stat
import tempfile
from pathlib import Path

from storage.left_overs import hold, part_name

_READABLE, _ENTERABLE = 0o644, 0o755
"""What a file, and a folder, may at most be open to: nobody else ever writes there."""


def write_durably(place: Path, content: bytes) -> None:
    """Put the content under that name, durably: whole or not at all.

    Below the data folder nobody else reads it; in a folder that others may read, they may read it too.
    """
    _make_folder(place.parent)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=part_name())
    try:
        with os.fdopen(handle, "wb") as file:
            hold(handle)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, stat.S_IMODE(place.parent.stat().st_mode) & _READABLE)
        os.replace(name, place)
    except BaseException:
        os.unlink(name)
        raise
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def make_private(folder: Path) -> None:
    """Close a folder of ours to every other account of the machine; one that belongs to another account stays as it is.

    Where there is no such folder, none is made.
    """
    if not folder.is_dir():
        return
    found = folder.stat()
    if found.st_mode & 0o077 and found.st_uid == os.geteuid():
        os.chmod(folder, 0o700)


def _make_folder(folder: Path) -> None:
    """Make the folder and those above it, each as open as the one it lies in."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir(exist_ok=True)
        os.chmod(each, stat.S_IMODE(each.parent.stat().st_mode) & _ENTERABLE)
