"""Received bytes, kept under their SHA-256 before anything reads them, and never changed."""

import hashlib
from pathlib import Path

from storage.kept import KeptFiles


def keep(kept: KeptFiles, folder: Path, content: bytes) -> tuple[str, Path]:
    """Keep the bytes durably; the same bytes are kept once, unless those that lie there have become others.

    Returns:
        Their SHA-256 and where they lie.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    place = place_of(folder, sha256)
    kept.keep(place, content)
    return sha256, place


def holds(kept: KeptFiles, folder: Path, content: bytes) -> bool:
    """Whether these bytes are kept."""
    return kept.has(place_of(folder, hashlib.sha256(content).hexdigest()))


def place_of(folder: Path, sha256: str) -> Path:
    """Where the bytes with this hash lie."""
    return folder / sha256[:2] / sha256


def brought(kept: KeptFiles, folder: Path, sha256: str) -> Path:
    """Where the bytes with this hash lie on this machine, once they have been brought here if they were not."""
    return kept.bring(place_of(folder, sha256))


def kept_files(kept: KeptFiles, folder: Path) -> dict[str, Path]:
    """Everything in the archive, by the name it lies under."""
    return {path.name: path for path in kept.places(folder)}
