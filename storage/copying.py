"""Copies a file to another disk: durably, hashed on the way, and read back."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import FileIO
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1 << 20
_TRIES = 3


class Altered(Exception):
    """What lies there is not what was written, or not what was to be there."""


@dataclass(frozen=True, slots=True)
class Copied:
    """The bytes that were copied."""

    sha256: str
    size: int


def copy_file(source: Path, target: Path) -> Copied:
    """Copy the bytes and their time; the folder of the target is made. Read once more if they change meanwhile.

    Raises:
        FileNotFoundError: if the source is gone; then there is no target.
        OSError: if the source cannot be read or the target not be written; names the one that it was.
        Altered: if the disk gives other bytes than were written.
    """
    make_folder(target.parent)
    for _ in range(_TRIES):
        copied, is_still = _copied(source, target)
        if is_still:
            break
    if hash_of(target) != copied.sha256:
        raise Altered(str(target))
    return copied


def _copied(source: Path, target: Path) -> tuple[Copied, bool]:
    """What was copied, and whether the source stayed as it was meanwhile."""
    with source.open("rb") as read:
        digest, size, before = sha256(), 0, os.fstat(read.fileno())
        # Unbuffered: what the disk refuses is refused here, and not once more while the file is closed.
        with _named(target), open(target, "wb", buffering=0, opener=_private) as written:
            while chunk := _chunk_of(read, source):
                digest.update(chunk)
                size += len(chunk)
                _write_all(written, chunk)
            os.fsync(written.fileno())
        after = os.fstat(read.fileno())
    os.utime(target, ns=(before.st_atime_ns, before.st_mtime_ns))
    return Copied(digest.hexdigest(), size), (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns)


def _private(place: str, flags: int) -> int:
    return os.open(place, flags, 0o600)


def _chunk_of(read: BinaryIO, source: Path) -> bytes:
    with _named(source):
        return read.read(_CHUNK)


def _write_all(written: FileIO, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[written.write(rest) :]


@contextmanager
def _named(place: Path) -> Iterator[None]:
    """What the system refuses to an open file bears no name; here it gets that of the file."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(place)
        raise


def hash_of(place: Path) -> str:
    """The SHA-256 of what the disk gives, not of what the system remembers of it."""
    digest = sha256()
    with _named(place), place.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def make_folder(folder: Path) -> None:
    """Make the folder, and those above it that are missing, for this account alone."""
    if not folder.is_dir():
        make_folder(folder.parent)
        # By itself `parents=True` leaves those above to the habit of the account.
        folder.mkdir(mode=0o700, exist_ok=True)


def sync_folders(root: Path) -> None:
    """Make the names of everything below `root` durable."""
    for folder, _, _ in os.walk(root):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
