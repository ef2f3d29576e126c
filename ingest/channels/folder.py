"""The folder that workbooks are put into: what lies there, whole and unread."""

import os
import stat
import time
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from domain.text import fits_database, printable
from ingest.channels.arrival import SETTLE_SECONDS, Arrival, is_aside


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, with everything below it; links are left alone."""

    path: Path
    most_bytes: int
    name: str = "folder"

    def arrivals(self, known: Container[str]) -> Iterator[Arrival]:
        """Every new file in the order of arrival; a folder has no other clock than a file's modification time."""
        found = {
            path: entry
            for path in sorted(_files(self.path))
            if (entry := _stat(path)) is not None and self._locator(path, entry) not in known
        }
        youngest = max((before.st_mtime for before in found.values()), default=0.0)
        time.sleep(min(max(youngest + SETTLE_SECONDS - time.time(), 0.0), SETTLE_SECONDS))
        for path, before in sorted(found.items(), key=lambda each: (each[1].st_mtime_ns, each[0].name)):
            content = _read(path, self.most_bytes)
            after = _stat(path)
            if content is None or after is None or _identity(before) != _identity(after):
                continue
            arrived_at = datetime.fromtimestamp(min(before.st_mtime, time.time()), UTC)
            yield Arrival(self.name, self._locator(path, before), printable(path.name), content, arrived_at)

    def _locator(self, path: Path, entry: os.stat_result) -> str:
        return fits_database(f"{path.relative_to(self.path)}@{entry.st_mtime_ns}")


def _files(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(place) / name for name in names if not is_aside(name))


def _stat(path: Path) -> os.stat_result | None:
    """What is known of a plain file; null where it is gone, or a link, a pipe or a device."""
    try:
        entry = path.lstat()
    except OSError:
        return None
    return entry if stat.S_ISREG(entry.st_mode) else None


def _read(path: Path, most_bytes: int) -> bytes | None:
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            return file.read(most_bytes + 1)
    except OSError:
        # Taken away between the look and the reading, or not ours to read; the next run looks again.
        return None


def _identity(entry: os.stat_result) -> tuple[int, int, int]:
    return entry.st_ino, entry.st_mtime_ns, entry.st_size
