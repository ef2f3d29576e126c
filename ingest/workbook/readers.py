"""Reads workbooks in processes apart, each file within its limits; a bad file is told from one that was not read now."""

import hashlib
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from domain import form
from domain.errors import Interrupted, UnreadableFile
from ingest.apart.bounds import Bounds, End
from ingest.apart.pool import Apart
from ingest.workbook.control import sound_workbook
from ingest.workbook.limits import Limits
from ingest.workbook.packed import PackedWorkbook, fold, unfolded
from ingest.workbook.read import NO_ALIASES, read_workbook
from ingest.workbook.table_layout import Captions, captions_of

_READ = f"{__name__}:read_folded"
_MODULES = (__name__, "python_calamine", "ingest.workbook.xls_records")
_READ_WELL, _REFUSED, _NOT_HAD = b"+", b"-", b"?"


class Readers:
    """A few warmed processes that read files, one file each at a time, and after so many files in a new fork."""

    def __init__(self, limits: Limits, size: int = 1, files: int = 1) -> None:
        self._limits = limits
        self._bounds = Bounds(limits.seconds, limits.memory_bytes)
        self._control_limits = Limits(seconds=limits.seconds, memory_bytes=limits.memory_bytes)
        self._apart = Apart(_MODULES, size, files)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._apart.close()

    def read(self, path: Path, sha256: str, aliases: Mapping[str, Captions] = NO_ALIASES) -> PackedWorkbook:
        """Read the file at `path`, whose bytes have this hash.

        Raises:
            UnreadableFile: if no workbook can be made of the bytes; the text says why.
            Interrupted: if it could not be read now; that says nothing of the file, or not yet.
        """
        return self._read(path, sha256, aliases, self._limits)

    def _read(self, path: Path, sha256: str, aliases: Mapping[str, Captions], limits: Limits) -> PackedWorkbook:
        content = self._apart.run(_READ, (path, sha256, aliases, limits), self._bounds)
        outcome, told = content[:1], content[1:]
        if outcome == _REFUSED:
            raise UnreadableFile(told.decode())
        if outcome == _NOT_HAD:
            raise Interrupted.of(End.BYTES, End.BYTES.label, told.decode())
        return unfolded(sha256, told)

    def can_read(self) -> bool:
        """Whether a file that is certainly sound is read now."""
        with _sound_file() as (path, sha256):
            try:
                self._read(path, sha256, {}, self._control_limits)
            except (Interrupted, UnreadableFile):
                return False
        return True


def warm_up() -> None:
    """Read what is certainly sound, and look at every caption of the form: what is remembered of it, every child has."""
    for sheet in form.SHEETS:
        captions_of(sheet, {})
    with _sound_file() as (path, sha256):
        read_folded(path, sha256, {}, Limits())


@contextmanager
def _sound_file() -> Iterator[tuple[Path, str]]:
    """A file that is certainly sound, and its hash."""
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(sound_workbook())
        file.flush()
        yield Path(file.name), hashlib.sha256(sound_workbook()).hexdigest()


def read_folded(path: Path, sha256: str, aliases: Mapping[str, Captions], limits: Limits) -> bytes:
    """What the process apart does: the workbook folded, or why there is none."""
    try:
        found = _digest(path, limits.file_bytes)
    except OSError as error:
        return _NOT_HAD + str(error).encode(errors="replace")
    if found != sha256:
        return _NOT_HAD + f"{path}: {found}".encode(errors="replace")
    try:
        return _READ_WELL + fold(read_workbook(path, sha256, aliases, limits))
    except UnreadableFile as reason:
        return _REFUSED + str(reason).encode(errors="replace")


def _digest(path: Path, most_bytes: int) -> str:
    """The hash by which the file goes; of one that is refused by its size anyway, that of its beginning."""
    with path.open("rb") as file:
        return hashlib.sha256(file.read(most_bytes + 1)).hexdigest()
