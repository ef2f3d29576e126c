"""Files that the ledger names: here, and in the store that several machines share."""

from hashlib import sha256
from pathlib import Path

import pytest

from storage.kept import KeptFiles
from storage.store import MARK, FolderStore

CONTENT = b"bytes of a unit"
DIGEST = sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    (tmp_path / "shared").mkdir(mode=0o700)
    made = FolderStore(tmp_path / "shared")
    made.write(MARK, b"x")
    return made


@pytest.fixture
def here(tmp_path: Path, store: FolderStore) -> KeptFiles:
    return KeptFiles(tmp_path / "here", lambda: store)


@pytest.fixture
def there(tmp_path: Path, store: FolderStore) -> KeptFiles:
    return KeptFiles(tmp_path / "there", lambda: store)


def place(kept: KeptFiles) -> Path:
    return kept.home / "archive" / DIGEST[:2] / DIGEST


def given(kept: KeptFiles, folder: Path, *, is_thorough: bool = True) -> list[Path]:
    def refuse(_: Path, error: OSError) -> None:
        raise error

    return list(kept.hand_over(folder, refuse, is_thorough=is_thorough))


def test_what_one_machine_keeps_another_reads_and_has_from_then_on(here: KeptFiles, there: KeptFiles) -> None:
    here.keep(place(here), CONTENT)
    assert not place(there).exists()
    assert there.has(place(there))
    assert there.read(place(there), DIGEST) == CONTENT
    assert there.bring(place(there)).read_bytes() == CONTENT


def test_other_bytes_than_the_name_says_are_never_brought(
    here: KeptFiles, there: KeptFiles, store: FolderStore
) -> None:
    here.keep(place(here), CONTENT)
    store.write(f"archive/{DIGEST[:2]}/{DIGEST}", b"altered")
    assert not there.bring(place(there)).exists()
    assert there.read(place(there), DIGEST) is None
    assert here.fault(place(here), DIGEST) == "đã bị sửa trong kho chung"
    assert given(here, here.home / "archive") == [place(here)]
    assert here.fault(place(here), DIGEST) == ""
    store.remove(f"archive/{DIGEST[:2]}/{DIGEST}")
    assert here.fault(place(here), DIGEST) == "không có trong kho chung"
    assert given(here, here.home / "archive") == [place(here)]
    assert here.fault(place(here), DIGEST) == ""


@pytest.mark.parametrize("damaged", [b"", b"Bytes of a unit", b"longer than before, by far"])
def test_what_was_damaged_here_comes_back_from_the_store(here: KeptFiles, damaged: bytes) -> None:
    here.keep(place(here), CONTENT)
    place(here).write_bytes(damaged)
    assert here.fault(place(here), DIGEST) == "đã bị sửa ở máy này"
    assert here.read(place(here), DIGEST) == CONTENT
    assert given(here, here.home / "archive") == [place(here)]
    assert place(here).read_bytes() == CONTENT


def test_what_was_damaged_here_does_not_go_into_the_store(here: KeptFiles, store: FolderStore) -> None:
    place(here).parent.mkdir(parents=True)
    place(here).write_bytes(b"damaged")
    assert given(here, here.home / "archive") == []
    assert list(store.names("archive")) == []


def test_places_are_those_of_both(here: KeptFiles, there: KeptFiles) -> None:
    here.keep(place(here), CONTENT)
    there.keep(there.home / "archive" / "ab" / "x", b"x")
    assert here.places(here.home / "archive") == sorted([place(here), here.home / "archive" / "ab" / "x"])


def test_what_has_gone_is_gone_for_all(here: KeptFiles, there: KeptFiles) -> None:
    here.keep(place(here), CONTENT)
    there.remove(there.bring(place(there)))
    assert not place(there).exists()
    assert there.read(place(there)) is None
    there.remove(place(there))


def test_without_a_store_the_home_is_all_there_is(tmp_path: Path) -> None:
    alone = KeptFiles(tmp_path)
    assert alone.fault(place(alone), DIGEST) == "đã mất"
    alone.keep(place(alone), CONTENT)
    assert alone.fault(place(alone), DIGEST) == ""
    place(alone).write_bytes(b"altered")
    assert alone.bring(place(alone)).read_bytes() == b"altered"
    assert alone.fault(place(alone), DIGEST) == "đã bị sửa"
    assert alone.read(place(alone), DIGEST) is None
    assert given(alone, tmp_path / "archive") == []


def test_at_a_meeting_only_what_the_store_lacks_is_read(
    here: KeptFiles, there: KeptFiles, store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.keep(place(here), CONTENT)
    there.home.joinpath("archive", "ab").mkdir(parents=True)
    (there.home / "archive" / "ab" / "x").write_bytes(b"x")
    there.bring(place(there))
    asked = []
    read = FolderStore.read

    def noting(self: FolderStore, name: str) -> bytes | None:
        asked.append(name)
        return read(self, name)

    monkeypatch.setattr(FolderStore, "read", noting)
    assert given(there, there.home / "archive", is_thorough=False) == [there.home / "archive" / "ab" / "x"]
    assert set(asked) == {"archive/ab/x"}


@pytest.mark.parametrize("is_thorough", [False, True])
def test_a_file_that_cannot_be_read_is_told_and_the_others_go(
    here: KeptFiles, store: FolderStore, monkeypatch: pytest.MonkeyPatch, is_thorough: bool
) -> None:
    folder = here.home / "archive" / "ab"
    folder.mkdir(parents=True)
    for name in "xyz":
        (folder / name).write_bytes(name.encode())
    read = Path.read_bytes

    def failing(self: Path) -> bytes:
        if self == folder / "y":
            raise OSError(5, "Input/output error")
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", failing)
    told = []
    moved = list(here.hand_over(folder, lambda place, _: told.append(place), is_thorough=is_thorough))
    assert (moved, told) == ([folder / "x", folder / "z"], [folder / "y"])
    assert sorted(store.names("archive")) == ["archive/ab/x", "archive/ab/z"]
