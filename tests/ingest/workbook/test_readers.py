"""Read in a process apart, a file gives the same cells as here; and what is wrong with us is not told as its fault."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from domain.errors import Interrupted, UnreadableFile
from ingest.apart.bounds import End
from ingest.workbook.control import sound_workbook
from ingest.workbook.limits import Limits
from ingest.workbook.packed import pack
from ingest.workbook.patience import read_alone
from ingest.workbook.read import read_workbook
from ingest.workbook.readers import Readers


@pytest.fixture
def file(tmp_path: Path, pleiku: Any) -> tuple[Path, str]:
    path = tmp_path / "a.xlsx"
    path.write_bytes(pleiku())
    return path, sha256(path.read_bytes()).hexdigest()


def test_apart_and_here_the_same_is_read(file: tuple[Path, str]) -> None:
    with Readers(Limits()) as readers:
        packed = readers.read(*file)
    book = read_workbook(*file)
    assert packed == pack(book)
    assert (packed.period, packed.unit, packed.revision, packed.cells) == ("2024-02", "622", 1, len(book.cells))


def test_bytes_that_are_gone_or_altered_are_our_loss(file: tuple[Path, str]) -> None:
    path, digest = file
    path.write_bytes(path.read_bytes()[:-1])
    with Readers(Limits()) as readers:
        for _ in range(2):
            with pytest.raises(Interrupted) as left:
                read_alone(readers, path, digest)
            assert left.value.end == End.BYTES
            path.unlink(missing_ok=True)


def test_a_machine_that_reads_no_sound_file_either_gives_no_verdict(
    file: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-such-python"))
    with Readers(Limits()) as readers:
        assert not readers.can_read()
        with pytest.raises(Interrupted) as left:
            read_alone(readers, *file)
    assert not left.value.is_suspect


def test_the_file_by_which_readers_are_proven_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "sound.xlsx"
    path.write_bytes(sound_workbook())
    assert [sheet.sheet for sheet in read_workbook(path, "f").sheets if sheet.table is None] == ["Sheet1"]
    with Readers(Limits()) as readers:
        assert readers.can_read()


def test_a_refusal_keeps_its_words(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.7")
    with Readers(Limits()) as readers, pytest.raises(UnreadableFile, match="tài liệu PDF, dù tên có ghi gì"):
        readers.read(path, sha256(b"%PDF-1.7").hexdigest())
