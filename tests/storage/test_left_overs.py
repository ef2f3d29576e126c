"""What a dead process left is cleared; what a living one is writing, on this machine or another, stays."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from storage.durable import write_durably
from storage.left_overs import clear_left_overs, hold_folder, part_name, parts_below


@pytest.fixture
def dead() -> int:
    """The number of a process that was."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def cleared(root: Path) -> int:
    return clear_left_overs(parts_below(root))


def test_what_a_dead_process_left_is_cleared_wherever_it_lies(tmp_path: Path, dead: int) -> None:
    file, folder = tmp_path / "a" / "b" / f".part-{dead}-x", tmp_path / f".part-{dead}-folder"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"half")
    folder.mkdir()
    (folder / "x").write_bytes(b"half")
    whole = file.with_name("whole")
    whole.write_bytes(b"whole")
    assert cleared(tmp_path) == 2
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [whole]


def test_what_a_living_process_writes_stays(tmp_path: Path) -> None:
    (tmp_path / part_name("x")).write_bytes(b"half")
    (tmp_path / ".part-1-x").write_bytes(b"half")
    assert cleared(tmp_path) == 0


def test_what_is_locked_stays_though_its_process_is_on_no_machine_that_we_know(tmp_path: Path, dead: int) -> None:
    with (tmp_path / f".part-{dead}-x").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        folder = tmp_path / f".part-{dead}-y"
        folder.mkdir()
        handle = hold_folder(folder)
        assert cleared(tmp_path) == 0
        os.close(handle)
        assert cleared(tmp_path) == 1
    assert cleared(tmp_path) == 1


def test_what_names_no_process_is_cleared_after_a_day(tmp_path: Path) -> None:
    young, old = tmp_path / ".part-abcdefgh", tmp_path / ".part-12345678"
    for file in (young, old):
        file.write_bytes(b"half")
    os.utime(old, (1_700_000_000, 1_700_000_000))
    assert cleared(tmp_path) == 1
    assert young.exists()


def test_folders_of_others_are_not_looked_into(tmp_path: Path, dead: int) -> None:
    (tmp_path / "prefect").mkdir()
    (tmp_path / "prefect" / f".part-{dead}-x").write_bytes(b"")
    assert clear_left_overs(parts_below(tmp_path, ("prefect",))) == 0


def test_a_file_is_written_under_the_name_of_its_process_and_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []

    def look(handle: int) -> None:
        for part in tmp_path.glob(f".part-{os.getpid()}-*"):
            with part.open("rb") as other, pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            held.append(True)

    monkeypatch.setattr("storage.durable.os.fsync", look)
    write_durably(tmp_path / "x", b"x")
    assert held == [True]
