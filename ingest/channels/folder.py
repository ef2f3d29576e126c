"""The folder that workbooks are put into: what lies there, whole and unread; what was taken is moved aside."""

import os
import re
import stat
import time
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from unicodedata import normalize

from domain.errors import UnreachableChannel
from domain.text import fits_database, printable
from ingest.channels.arrival import SETTLE_SECONDS, Arrival, locator
from ingest.channels.faults import is_of_machine
from ingest.channels.left_alone import Aside, LeftAlone, Why, is_junk_folder, why_by_name

TAKEN = "ĐÃ NHẬN"
"""The folder, in the inbox, of what was taken: one folder per day, each file at the place below that it had."""
_MAY_GROW_SECONDS = 86_400
"""So long what was taken is looked at again."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d( \(\d+\))?")
Entry = os.stat_result


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of this machine, with everything below it; links are left alone."""

    path: Path
    most_bytes: int
    name: str = "folder"
    is_kept: Callable[[bytes], bool] = lambda _: True
    """Whether these bytes are in the archive."""

    def arrivals(self, known: Container[str]) -> Iterator[Arrival | LeftAlone]:
        """Every new file in the order of its name, then what was left alone.

        Raises:
            UnreachableChannel: if there is no such folder, or nobody may look into it.
        """
        _make(self.path)
        aside = Aside()
        found = {path: entry for path, entry in self._files(aside) if not self._is_known(path, entry, known)}
        found |= {path: entry for path, entry in self._grown() if not self._is_known(path, entry, known)}
        if found:
            time.sleep(SETTLE_SECONDS)
        for path, before in found.items():
            try:
                content = _read(path, self.most_bytes)
                after = path.lstat()
            except FileNotFoundError:
                # Taken away again between the look and the reading.
                continue
            except OSError as error:
                if is_of_machine(error):
                    raise
                aside.leave(Why.UNREADABLE, self._shown(path), error.strerror)
                continue
            if _identity(before) != _identity(after):
                aside.leave(Why.CHANGING, self._shown(path))
                continue
            yield Arrival(
                self.name, self._locator(path, before), printable(path.name), content, own_time=_moment(before.st_mtime)
            )
        yield from aside.told()

    def set_aside(self, known: Container[str], day: date) -> list[str]:
        """Move what is known into the folder of the day; gives the name and the reason of each that cannot be moved."""
        stuck = []
        for path, before in self._files(Aside()):
            if self._is_known(path, before, known):
                try:
                    self._move(path, before, day)
                except OSError as error:
                    stuck.append(f"{self._shown(path)} ({error.strerror})")
        return stuck

    def _grown(self) -> Iterator[tuple[Path, Entry]]:
        """What was moved aside of late and has other bytes than were taken: a slow copy went on writing into it."""
        lately = time.time() - _MAY_GROW_SECONDS
        for path in sorted((self.path / TAKEN).glob("*/**/*")):
            try:
                entry = path.lstat()
                is_lately_taken = stat.S_ISREG(entry.st_mode) and entry.st_ctime > lately
                if is_lately_taken and not self.is_kept(_read(path, self.most_bytes)):
                    yield path, entry
            except OSError as error:
                if is_of_machine(error):
                    raise

    def _move(self, path: Path, before: Entry, day: date) -> None:
        """Move one file, over no other; one that is written to at that very moment comes back."""
        place = next(place for place in self._places(path, day) if not os.path.lexists(place))
        place.parent.mkdir(parents=True, exist_ok=True)
        os.rename(path, place)
        after = place.lstat()
        if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, after.st_size) and not os.path.lexists(path):
            os.rename(place, path)

    def _places(self, path: Path, day: date) -> Iterator[Path]:
        """Where the file may go: a name that is taken there already goes into another folder of the same day."""
        for number in count(1):
            folder = str(day) if number == 1 else f"{day} ({number})"
            yield self.path / TAKEN / folder / path.relative_to(self.path)

    def _files(self, aside: Aside) -> Iterator[tuple[Path, Entry]]:
        """Every plain file that somebody may have handed in, by its name."""
        for path in sorted(_walk(self.path, aside)):
            why = why_by_name(path.name)
            try:
                entry = path.lstat()
            except FileNotFoundError:
                continue
            except OSError as error:
                aside.leave(Why.UNREADABLE, self._shown(path), error.strerror)
                continue
            if why is not None:
                aside.leave(why, self._shown(path))
            elif path.parent.parent == self.path and _is_taken(path.parent.name):
                aside.leave(Why.MISPLACED, self._shown(path))
            elif not stat.S_ISREG(entry.st_mode):
                aside.leave(Why.NO_FILE, self._shown(path))
            else:
                yield path, entry

    def _is_known(self, path: Path, entry: Entry, known: Container[str]) -> bool:
        # Until November 2026 a file was told by its place and its own time alone; such a one must not come twice.
        by_own_time = fits_database(f"{path.relative_to(self.path)}@{entry.st_mtime_ns}")
        return self._locator(path, entry) in known or by_own_time in known

    def _locator(self, path: Path, entry: Entry) -> str:
        """The change time is the system's own: it tells a file from the same one put there again, own time and all."""
        return locator(os.fsencode(path.relative_to(self.path)).decode("utf-8", "backslashreplace"),
                       f"{entry.st_mtime_ns}.{entry.st_ctime_ns}.{entry.st_size}")  # fmt: skip

    def _shown(self, path: Path) -> str:
        return printable(str(path.relative_to(self.path)))


def _walk(folder: Path, aside: Aside) -> Iterator[Path]:
    """What lies in the folder and below, but for what was taken; links to folders are given, not followed."""

    def closed(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise UnreachableChannel(
                f"Không mở được hộp nhận {folder} ({error.strerror}); sẽ thử lại lần sau."
            ) from error
        aside.leave(Why.UNREADABLE, printable(str(Path(error.filename).relative_to(folder))), error.strerror)

    for place, folders, names in os.walk(folder, onerror=closed):
        here = Path(place)
        folders[:] = [name for name in folders if not is_junk_folder(name)]
        yield from (here / name for name in names)
        if here.parent == folder and _is_taken(here.name):
            yield from (here / name for name in folders if not _DAY.fullmatch(name))
            folders.clear()
        yield from (here / name for name in folders if (here / name).is_symlink())


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        if is_of_machine(error):
            raise
        raise UnreachableChannel(
            f"Không lập được hộp nhận {folder} ({error.strerror}): có tệp mang tên ấy hoặc thiếu quyền ghi; "
            "sẽ thử lại lần sau."
        ) from error


def _is_taken(name: str) -> bool:
    # A share may write names in other case, or letters and their marks apart.
    return normalize("NFC", name).casefold() == TAKEN.casefold()


def _read(path: Path, most_bytes: int) -> bytes:
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        return file.read(most_bytes + 1)


def _identity(entry: Entry) -> tuple[int, ...]:
    return entry.st_ino, entry.st_mtime_ns, entry.st_ctime_ns, entry.st_size


def _moment(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        # A clock far outside what anybody writes: there is nothing to show.
        return None
