"""What is refused while something is copied is told of the place that refused it."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from domain.errors import LedgerFault
from storage.copying import copy_file
from storage.database import open_database
from storage.snapshot import put_back, take_snapshot


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """As on a disk that is full after so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_full_disk_is_told_with_the_file_that_it_has_no_room_for(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"x" * 3_000_000)
    (tmp_path / "full").symlink_to("/dev/full")
    with pytest.raises(OSError, match="No space left") as told:
        copy_file(tmp_path / "source", tmp_path / "full")
    assert told.value.filename == str(tmp_path / "full")
    with files_of_at_most(1_500_000), pytest.raises(OSError, match="too large") as told:
        copy_file(tmp_path / "source", tmp_path / "part")
    assert told.value.filename == str(tmp_path / "part")


def test_a_source_that_cannot_be_read_is_told_with_its_own_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "source").mkdir()
    with pytest.raises(IsADirectoryError) as told:
        copy_file(tmp_path / "source", tmp_path / "target")
    assert told.value.filename == str(tmp_path / "source")
    # Memory that was never mapped: the system opens the file, and refuses what is read of it, without a name.
    with pytest.raises(OSError, match="Input/output error") as told:
        copy_file(Path("/proc/self/mem"), tmp_path / "target")
    assert told.value.filename == "/proc/self/mem"
    assert os.path.getsize(tmp_path / "target") == 0


@pytest.mark.parametrize("way", ["out", "in"])
def test_a_copy_of_a_ledger_that_finds_no_room_is_not_told_of_its_source(tmp_path: Path, way: str) -> None:
    ledger, copy = tmp_path / "ledger.sqlite3", tmp_path / "copy" / "ledger.sqlite3"
    open_database(f"sqlite:///{ledger}").close()
    # More than SQLite's companion of a ledger that is read, less than a ledger.
    with files_of_at_most(50_000), pytest.raises(LedgerFault) as told:
        take_snapshot(f"sqlite:///{ledger}", copy) if way == "out" else put_back(ledger, f"sqlite:///{copy}")
    assert str(copy) in str(told.value)
    assert str(ledger) not in str(told.value)
