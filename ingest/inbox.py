"""The folder that workbooks are put into: what lies there, whole and unread."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.text import fits_database

SETTLE_SECONDS = 2.0
"""A file that changes within this time is still being written; it waits for the next run."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file as it arrived: by which way, from whom, its bytes, its name, and when the channel says it came."""

    channel: str
    locator: str
    """Tells this arrival from every other of its channel."""
    name: str
    content: bytes
    arrived_at: datetime
    sender: str | None = None


def arrivals(folder: Path) -> Iterator[Arrival]:
    """Every file in the folder and below, in the order of arrival; links and hidden files are left alone.

    The folder has no other clock than a file's modification time, so that is when it arrived.
    """
    found = {path: path.stat() for path in folder.rglob("*") if path.is_file() and not _is_aside(path, folder)}
    youngest = max((before.st_mtime for before in found.values()), default=0.0)
    time.sleep(min(max(youngest + SETTLE_SECONDS - time.time(), 0.0), SETTLE_SECONDS))
    for path, before in sorted(found.items(), key=lambda entry: (entry[1].st_mtime_ns, entry[0].name)):
        content = path.read_bytes()
        after = path.stat()
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size):
            continue
        arrived_at = datetime.fromtimestamp(min(before.st_mtime, time.time()), UTC)
        locator = fits_database(f"{path.relative_to(folder)}@{before.st_mtime_ns}")
        yield Arrival("folder", locator, fits_database(path.name), content, arrived_at)


def _is_aside(path: Path, folder: Path) -> bool:
    parts = path.relative_to(folder).parts
    return any(part.startswith((".", "~$")) for part in parts) or any(
        (folder / Path(*parts[:depth])).is_symlink() for depth in range(1, len(parts) + 1)
    )
