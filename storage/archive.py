"""Received bytes, kept under their SHA-256 before anything reads them, and never changed."""

import hashlib
from pathlib import Path

from storage.durable import write_durably
from storage.left_overs import PART


def keep(folder: Path, content: bytes) -> tuple[str, Path]:
    """Keep the bytes durably; the same bytes are kept once, unless those that lie there have become others.

    Returns:
        Their SHA-256 and where they lie.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    place = place_of(folder, sha256)
    if not _holds(place, content):
        write_durably(place, content)
    return sha256, place


def holds(folder: Path, content: bytes) -> bool:
    """Whether these bytes are kept."""
    return place_of(folder, hashlib.sha256(content).hexdigest()).is_file()


def _holds(place: Path, content: bytes) -> bool:
    # The length first: most files that were damaged need not be read.
    return place.is_file() and place.stat().st_size == len(content) and place.read_bytes() == content


def place_of(folder: Path, sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return folder / sha256[:2] / sha256


def kept_files(folder: Path) -> dict[str, Path]:
    """Everything in the archive, by the name it lies under."""
    return {path.name: path for path in sorted(folder.glob("??/*")) if not path.name.startswith(PART)}
