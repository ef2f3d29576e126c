"""A file is held to be bad for what it does itself, three times, beside a sound file; never for what befell its reader."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from domain.codes import KN_01
from domain.errors import Interrupted, UnreadableFile
from ingest.apart.bounds import End
from ingest.workbook.limits import Limits
from ingest.workbook.packed import PackedWorkbook
from ingest.workbook.patience import read_again
from ingest.workbook.readers import Readers

SOUND = PackedWorkbook("f", "xlsx", KN_01, "2024-02", "622", 1, False, {}, 0, b"")


def interrupted(end: End) -> Interrupted:
    return Interrupted.of(end, end.label, "")


class Scripted(Readers):
    """Readers to which happens what is written down; a sound file is read well, or not."""

    def __init__(self, ends: list[End | None], sound: Callable[[], bool] = lambda: True) -> None:
        super().__init__(Limits())
        self._ends, self._sound = iter(ends), sound

    def read(self, path: Path, sha256: str, aliases: Mapping[str, Mapping[str, str]] = {}) -> PackedWorkbook:
        end = next(self._ends)
        if end is not None:
            raise interrupted(end)
        return SOUND

    def can_read(self) -> bool:
        return self._sound()


def read(ends: list[End | None], occasions: Mapping[str, int] | None = None, **readers: Callable[[], bool]) -> object:
    first, *others = ends
    assert first is not None
    with Scripted(others, **readers) as scripted:
        return read_again(scripted, Path("f"), "f", {}, interrupted(first), occasions or {})


@pytest.mark.parametrize("end", [end for end in End if end is not End.DONE])
def test_one_misfortune_says_nothing(end: End) -> None:
    assert read([end, None]) is SOUND


@pytest.mark.parametrize("end", [end for end in End if end.is_own_doing])
def test_what_a_file_does_three_times_it_does(end: End) -> None:
    with pytest.raises(UnreadableFile) as reason:
        read([end] * 3)
    assert isinstance(reason.value.__cause__, Interrupted)


@pytest.mark.parametrize("end", [end for end in End if not end.is_own_doing and end is not End.DONE])
def test_what_befalls_its_reader_counts_once_on_each_occasion(end: End) -> None:
    for before in (0, 1):
        with pytest.raises(Interrupted) as left:
            read([end] * 3, {end: before})
        assert left.value.is_suspect
    with pytest.raises(UnreadableFile):
        read([end] * 3, {end: 2})
    with pytest.raises(Interrupted):
        read([end] * 3, {End.MEMORY: 2})


@pytest.mark.parametrize("end", [end for end in End if end is not End.DONE])
def test_where_a_sound_file_is_not_read_either_the_machine_is_at_fault(end: End) -> None:
    with pytest.raises(Interrupted) as left:
        read([end] * 9, {end: 9}, sound=lambda: False)
    assert not left.value.is_suspect


def test_different_ends_are_not_the_same_end() -> None:
    turns = [End.CRASHED, End.MEMORY, End.CRASHED, End.KILLED, End.CRASHED, End.MEMORY, End.CRASHED]
    with pytest.raises(Interrupted):
        read([*turns])


def test_a_sound_file_that_fails_once_spoils_the_proof() -> None:
    turns: Iterator[bool] = iter([True, True, False])
    with pytest.raises(Interrupted) as left:
        read([End.CRASHED] * 3, sound=lambda: next(turns))
    assert not left.value.is_suspect
