"""Received bytes are kept once, and are those bytes."""

from pathlib import Path

import pytest

from storage import archive
from storage.kept import KeptFiles


@pytest.mark.parametrize("damaged", [b"", b"Bytes", b"longer than before"])
def test_bytes_that_lie_damaged_in_the_archive_are_kept_anew_when_they_come_again(
    tmp_path: Path, damaged: bytes
) -> None:
    _, place = archive.keep(KeptFiles(tmp_path), tmp_path, b"bytes")
    place.write_bytes(damaged)
    assert archive.keep(KeptFiles(tmp_path), tmp_path, b"bytes")[1] == place
    assert place.read_bytes() == b"bytes"


def test_sound_bytes_are_not_written_again(tmp_path: Path) -> None:
    _, place = archive.keep(KeptFiles(tmp_path), tmp_path, b"bytes")
    before = place.stat()
    archive.keep(KeptFiles(tmp_path), tmp_path, b"bytes")
    assert (place.stat().st_ino, place.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
