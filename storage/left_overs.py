"""What a process leaves that dies while it writes: its name bears the process, and a living one holds a lock on it."""

import fcntl
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from storage.processes import is_alive

PART = ".part-"
"""How the name begins of what is not yet whole."""
_PROCESS = re.compile(r"^[^\d]*-(\d+)-")
_NAMELESS_SECONDS = 86_400
"""What names no process, as those of earlier programs, is taken for living for so long."""


def part_name(name: str = "") -> str:
    """What something is called by this process while it is not yet whole."""
    return f"{PART}{os.getpid()}-{name}"


def hold(handle: int) -> None:
    """Lock what is being written until its handle is closed, which the system does for a process that dies."""
    # Some network drives know no locks; there the process in the name must do.
    with suppress(OSError):
        fcntl.flock(handle, fcntl.LOCK_EX)


def hold_folder(folder: Path) -> int:
    """Lock a folder of this process; gives the handle, which keeps the lock until it is closed."""
    handle = os.open(folder, os.O_RDONLY)
    hold(handle)
    return handle


def parts_below(root: Path, apart_from: Iterable[str] = ()) -> Iterator[Path]:
    """Everything below `root` that is not whole; the folders of `root` that are named are not looked into."""
    for folder, folders, files in os.walk(root):
        yield from (Path(folder, name) for name in (*files, *folders) if name.startswith(PART))
        left_out = set(apart_from) if Path(folder) == root else set()
        folders[:] = [name for name in folders if not name.startswith(PART) and name not in left_out]


def clear_left_overs(places: Iterable[Path]) -> int:
    """Remove those whose process is dead; gives how many there were. What belongs to another account stays."""
    return sum(_is_removed(place) for place in places)


def _is_removed(place: Path) -> bool:
    try:
        handle = os.open(place, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        if _may_live(place.name, os.fstat(handle).st_mtime):
            return False
        # Its process may live on another machine, or in another container.
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink()
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _may_live(name: str, written: float) -> bool:
    """Whether the process that the name bears is on this machine; of a name without one, whether it is young."""
    found = _PROCESS.match(name)
    if found is None:
        return time.time() - written < _NAMELESS_SECONDS
    return is_alive(int(found[1]))
