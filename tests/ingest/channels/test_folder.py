"""The inbox as a shared folder is: junk, links, odd names, files put there again, and what was taken moved aside."""

import errno
import os
import threading
import time
from collections.abc import Container
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from domain.errors import UnreachableChannel
from domain.text import is_utf8
from ingest.channels import folder as module
from ingest.channels.arrival import Arrival
from ingest.channels.folder import TAKEN, Folder
from ingest.channels.left_alone import LeftAlone, Why

DAY = date(2026, 11, 26)
NOTHING: frozenset[str] = frozenset()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def look(inbox: Path, known: Container[str] = NOTHING) -> tuple[list[Arrival], dict[Why, tuple[str, ...]]]:
    arrived, left = [], {}
    for found in Folder(inbox, 1_000).arrivals(known):
        if isinstance(found, LeftAlone):
            left[found.why] = found.names
        else:
            arrived.append(found)
    return arrived, left


def names(arrived: list[Arrival]) -> list[str]:
    return [each.name for each in arrived]


def take(inbox: Path) -> list[Arrival]:
    """What a run does: take everything, then move it aside."""
    arrived, _ = look(inbox)
    assert Folder(inbox, 1_000).set_aside({each.locator for each in arrived}, DAY) == []
    return arrived


def test_a_files_own_time_is_no_moment_of_arrival_and_is_kept_to_be_shown(inbox: Path) -> None:
    (inbox / "a.xlsx").write_bytes(b"a")
    os.utime(inbox / "a.xlsx", (1_546_300_800, 1_546_300_800))
    [[found], _] = look(inbox)
    assert (found.arrived_at, found.own_time) == (None, datetime(2019, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("seconds", [-62_135_596_800 * 2, 0, 253_402_300_800 * 3])
def test_a_clock_far_outside_of_all_years_hinders_nothing(seconds: int) -> None:
    assert module._moment(seconds) in (None, datetime(1970, 1, 1, tzinfo=UTC))


def test_files_come_in_the_order_of_their_names_whatever_times_they_bear(inbox: Path) -> None:
    for age, name in enumerate(("v1.xlsx", "v2.xlsx", "v3.xlsx")):
        (inbox / name).write_bytes(name.encode())
        os.utime(inbox / name, (1_700_000_000 - age, 1_700_000_000 - age))
    assert names(look(inbox)[0]) == ["v1.xlsx", "v2.xlsx", "v3.xlsx"]


def test_what_is_taken_lies_in_the_folder_of_the_day_at_its_place_and_is_not_seen_again(inbox: Path) -> None:
    (inbox / "622").mkdir()
    (inbox / "622" / "a.xlsx").write_bytes(b"a")
    assert names(take(inbox)) == ["a.xlsx"]
    assert (inbox / TAKEN / "2026-11-26" / "622" / "a.xlsx").read_bytes() == b"a"
    assert look(inbox) == ([], {})


def test_the_same_file_put_there_again_with_its_own_time_is_another_arrival(inbox: Path) -> None:
    arrived = []
    for _ in range(3):
        (inbox / "a.xlsx").write_bytes(b"a")
        os.utime(inbox / "a.xlsx", (1_700_000_000, 1_700_000_000))
        arrived += take(inbox)
    assert len({each.locator for each in arrived}) == 3
    kept = sorted(str(path.relative_to(inbox / TAKEN)) for path in inbox.rglob("*.xlsx"))
    assert kept == ["2026-11-26 (2)/a.xlsx", "2026-11-26 (3)/a.xlsx", "2026-11-26/a.xlsx"]


def test_a_file_that_cannot_be_moved_stays_known_and_is_told(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (inbox / "a.xlsx").write_bytes(b"a")
    [[found], _] = look(inbox)

    def read_only(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(module.os, "rename", read_only)
    assert Folder(inbox, 1_000).set_aside({found.locator}, DAY) == ["a.xlsx (Read-only file system)"]
    assert look(inbox, {found.locator}) == ([], {})


def test_a_run_stopped_before_it_could_move_is_finished_by_the_next(inbox: Path) -> None:
    (inbox / "a.xlsx").write_bytes(b"a")
    [[found], _] = look(inbox)
    assert look(inbox, {found.locator}) == ([], {})
    Folder(inbox, 1_000).set_aside({found.locator}, DAY)
    assert [path.name for path in inbox.iterdir()] == [TAKEN]


def test_what_is_put_in_the_place_of_a_taken_file_is_not_moved_unseen(inbox: Path) -> None:
    (inbox / "a.xlsx").write_bytes(b"a")
    [[found], _] = look(inbox)
    (inbox / "a.xlsx").write_bytes(b"another")
    Folder(inbox, 1_000).set_aside({found.locator}, DAY)
    assert [each.content for each in look(inbox, {found.locator})[0]] == [b"another"]


def test_a_file_taken_by_an_earlier_program_does_not_come_twice(inbox: Path) -> None:
    (inbox / "a.xlsx").write_bytes(b"a")
    known = {f"a.xlsx@{(inbox / 'a.xlsx').stat().st_mtime_ns}"}
    assert look(inbox, known) == ([], {})
    assert Folder(inbox, 1_000).set_aside(known, DAY) == []
    assert (inbox / TAKEN / "2026-11-26" / "a.xlsx").is_file()


def test_a_copy_that_keeps_an_old_time_while_it_is_written_waits(inbox: Path) -> None:
    place = inbox / "a.xlsx"
    place.write_bytes(b"half")
    os.utime(place, (1_546_300_800, 1_546_300_800))

    def go_on() -> None:
        time.sleep(0.03)
        place.write_bytes(b"half and half")
        os.utime(place, (1_546_300_800, 1_546_300_800))

    writer = threading.Thread(target=go_on)
    writer.start()
    arrived, left = look(inbox)
    writer.join()
    assert (arrived, left) == ([], {Why.CHANGING: ("a.xlsx",)})
    assert [each.content for each in look(inbox)[0]] == [b"half and half"]


@pytest.mark.parametrize(
    "name",
    ["Thumbs.db", "THUMBS.DB", "desktop.ini", "Desktop.ini", ".DS_Store", "._KN_622.xlsx", "~$KN_622.xlsx", "~WRL0001.TMP",
     "KN.xlsx.tmp", "KN.xlsx.PART", "KN.xlsx.crdownload", "KN.xlsx.filepart", "KN.xlsx.partial", "KN.download",
     ".~lock.KN_622.xlsx#", ".KN_622.xlsx.swp", "KN_622.xlsx~", "KN_622.xlsx:Zone.Identifier", "ehthumbs.db"],
)  # fmt: skip
def test_what_systems_leave_in_shares_is_passed_over(inbox: Path, name: str) -> None:
    (inbox / name).write_bytes(b"x")
    (inbox / "KN_623.xlsx").write_bytes(b"x")
    arrived, left = look(inbox)
    assert (names(arrived), left) == (["KN_623.xlsx"], {Why.JUNK: (name,)})


@pytest.mark.parametrize(
    "name", ["$RECYCLE.BIN", "System Volume Information", "@eaDir", "#recycle", "__MACOSX", ".Trash-0"]
)
def test_the_folders_of_systems_are_passed_over_whole(inbox: Path, name: str) -> None:
    (inbox / name).mkdir()
    (inbox / name / "KN_622.xlsx").write_bytes(b"x")
    assert look(inbox)[0] == []


@pytest.mark.parametrize(
    "name",
    ["KN_622 (Máy A's conflicted copy 2024-02-15).xlsx", "KN_622 (conflicted copy 2024-02-15 101500).xlsx",
     "KN_622.sync-conflict-20240215-101500-ABCDEFG.xlsx", "KN_622 (SFConflict an@gialai 2024-02-15-10-15-00).xlsx",
     "KN_622_CONFLICT-20240215.xlsx", "KN_622-DESKTOP-AB12CD3.xlsx", "KN_622-LAPTOP-AB12CD34-2.xlsx",
     "KN_622-PC-NAME.xlsx", "KN_622-VANTHU-PC.xlsx", "KN_622 (Bản sao xung đột).xlsx"],
)  # fmt: skip
def test_a_copy_of_two_machines_that_disagree_is_left_for_people_to_decide(inbox: Path, name: str) -> None:
    (inbox / name).write_bytes(b"x")
    arrived, left = look(inbox)
    assert (arrived, left) == ([], {Why.CONFLICT: (name,)})


@pytest.mark.parametrize(
    "name",
    [
        "KN_622_2024-02_v1.xlsx",
        "KN-622-IA PA.xlsx",
        "Báo cáo (1).xlsx",
        "tmp.xlsx",
        "KN_622 - Copy.xlsx",
        "desktop.xlsx",
    ],
)
def test_a_name_that_somebody_may_give_a_workbook_is_taken(inbox: Path, name: str) -> None:
    (inbox / name).write_bytes(b"x")
    assert names(look(inbox)[0]) == [name]


def test_links_pipes_and_closed_files_are_named_and_the_others_taken(
    inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "link.xlsx").symlink_to(tmp_path / "elsewhere")
    (inbox / "folder").symlink_to(tmp_path)
    os.mkfifo(inbox / "pipe.xlsx")
    for name in ("closed.xlsx", "sound.xlsx"):
        (inbox / name).write_bytes(b"x")
    read = module._read

    def refuse(path: Path, most: int) -> bytes:
        if path.name == "closed.xlsx":
            raise PermissionError(errno.EACCES, "Permission denied")
        return read(path, most)

    monkeypatch.setattr(module, "_read", refuse)
    arrived, left = look(inbox)
    assert names(arrived) == ["sound.xlsx"]
    assert left == {
        Why.NO_FILE: ("folder", "link.xlsx", "pipe.xlsx"),
        Why.UNREADABLE: ("closed.xlsx (Permission denied)",),
    }


def test_a_folder_that_nobody_may_enter_is_named_and_the_others_are_walked(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("closed", "open"):
        (inbox / name).mkdir()
        (inbox / name / f"{name}.xlsx").write_bytes(b"x")
    scan = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("closed"):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(module.os, "scandir", refuse)
    arrived, left = look(inbox)
    assert (names(arrived), left) == (["open.xlsx"], {Why.UNREADABLE: ("closed (Permission denied)",)})


def test_no_room_for_another_handle_stops_all_and_is_no_file_of_theirs(
    inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (inbox / "a.xlsx").write_bytes(b"x")

    def no_handle(*_: object) -> bytes:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(module, "_read", no_handle)
    with pytest.raises(OSError, match="Too many open files"):
        look(inbox)


def test_names_of_any_bytes_are_taken_told_apart_and_moved(inbox: Path) -> None:
    odd = [b"a\xff.xlsx", b"a\xfe.xlsx", b"hai\ndong.xlsx", ("a" + "ộ" * 83 + ".xlsx").encode()]
    for name in odd:
        with open(os.fsencode(inbox) + b"/" + name, "wb") as file:
            file.write(b"same bytes")
    arrived = take(inbox)
    assert len({each.locator for each in arrived}) == len(odd)
    assert all(is_utf8(each.locator) and each.name.isprintable() for each in arrived)
    assert sorted(os.listdir(os.fsencode(inbox / TAKEN / "2026-11-26"))) == sorted(odd)


def test_a_path_as_long_as_the_system_allows_has_a_locator_that_an_index_holds(inbox: Path) -> None:
    deep = inbox.joinpath(*(letter * 200 for letter in "abcdefghijklm"))
    deep.mkdir(parents=True)
    for name in ("1.xlsx", "2.xlsx"):
        (deep / name).write_bytes(b"x")
    arrived = take(inbox)
    assert len({each.locator for each in arrived}) == 2
    assert all(len(each.locator.encode()) < 2_700 for each in arrived)


def test_what_lies_among_the_taken_by_mistake_is_told(inbox: Path) -> None:
    (inbox / TAKEN / "Pleiku").mkdir(parents=True)
    (inbox / TAKEN / "a.xlsx").write_bytes(b"x")
    (inbox / TAKEN / "2026-11-25").mkdir()
    (inbox / TAKEN / "2026-11-25" / "b.xlsx").write_bytes(b"x")
    assert look(inbox) == ([], {Why.MISPLACED: (f"{TAKEN}/Pleiku", f"{TAKEN}/a.xlsx")})


def test_a_missing_inbox_is_made(tmp_path: Path) -> None:
    assert look(tmp_path / "new" / "inbox") == ([], {})
    assert (tmp_path / "new" / "inbox").is_dir()


def test_an_inbox_that_is_a_file_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "inbox").write_bytes(b"")
    with pytest.raises(UnreachableChannel, match="Không lập được hộp nhận"):
        look(tmp_path / "inbox")


def test_an_inbox_that_nobody_may_look_into_is_told_in_a_sentence(inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(module.os, "scandir", refuse)
    with pytest.raises(UnreachableChannel, match="Không mở được hộp nhận"):
        look(inbox)


def test_a_copy_that_goes_on_after_it_was_moved_aside_comes_in_again(tmp_path: Path) -> None:
    inbox, kept = tmp_path / "inbox", set[bytes]()
    inbox.mkdir()
    folder = Folder(inbox, 1_000, is_kept=lambda content: content in kept)
    with (inbox / "a.xlsx").open("wb") as slow:
        slow.write(b"half")
        slow.flush()
        [first] = [each for each in folder.arrivals(set()) if isinstance(each, Arrival)]
        kept.add(first.content)
        assert folder.set_aside({first.locator}, DAY) == []
        assert [each for each in folder.arrivals({first.locator}) if isinstance(each, Arrival)] == []
        slow.write(b" and whole")
    [second] = [each for each in folder.arrivals({first.locator}) if isinstance(each, Arrival)]
    assert (first.content, second.content) == (b"half", b"half and whole")
    kept.add(second.content)
    assert [each for each in folder.arrivals({first.locator, second.locator}) if isinstance(each, Arrival)] == []
