"""Work in a process apart ends in one of a few ways, and whoever asked is told which; the next piece is none the worse."""

import os
import signal
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from domain.errors import Interrupted
from ingest.apart.bounds import Bounds, End
from ingest.apart.pool import Apart

pytestmark = pytest.mark.slow
WORKS = "tests.ingest.apart.works"
BOUNDS = Bounds(seconds=10, memory_bytes=400_000_000)
BRIEF = replace(BOUNDS, seconds=1)


@pytest.fixture
def apart() -> Iterator[Apart]:
    with closing(Apart([WORKS])) as pool:
        yield pool


def ended(apart: Apart, work: str, *arguments: object, bounds: Bounds = BOUNDS) -> tuple[End, str]:
    with pytest.raises(Interrupted) as interrupted:
        apart.run(f"{WORKS}:{work}", arguments, bounds)
    return End(interrupted.value.end), interrupted.value.detail


def is_well(apart: Apart) -> bool:
    return apart.run(f"{WORKS}:answer", ("làng Pleiku Roh",), BOUNDS).decode() == "làng Pleiku Roh"


def test_each_piece_of_work_starts_from_the_same_untouched_state(apart: Apart) -> None:
    assert [apart.run(f"{WORKS}:count", (), BOUNDS) for _ in range(3)] == [b"1", b"1", b"1"]


def test_of_several_pieces_in_one_fork_the_next_begins_anew_after_so_many_or_any_misfortune() -> None:
    with closing(Apart([WORKS], pieces=3)) as apart:

        def count() -> bytes:
            return apart.run(f"{WORKS}:count", (), BOUNDS)

        assert [count() for _ in range(5)] == [b"1", b"2", b"3", b"1", b"2"]
        assert ended(apart, "raise_panic")[0] is End.RAISED
        assert [count() for _ in range(2)] == [b"1", b"2"]
        assert ended(apart, "end_by", signal.SIGSEGV)[0] is End.CRASHED
        assert count() == b"1"


def test_each_piece_has_its_seconds_though_those_before_it_used_theirs() -> None:
    with closing(Apart([WORKS], pieces=9)) as apart:
        brief = replace(BOUNDS, seconds=2)
        for _ in range(4):
            assert apart.run(f"{WORKS}:compute_for", (1.2,), brief) == b"computed"
        assert ended(apart, "compute", bounds=brief)[0] is End.PROCESSOR


def test_what_work_prints_reaches_nobody(apart: Apart, capfd: pytest.CaptureFixture[str]) -> None:
    assert apart.run(f"{WORKS}:chatter", (), BOUNDS) == b"said"
    assert is_well(apart)
    assert capfd.readouterr() == ("", "")


def test_the_passwords_of_the_office_are_not_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETNGHIA_IMAP_PASSWORD", "bí mật")
    with closing(Apart([WORKS])) as apart:
        assert apart.run(f"{WORKS}:secrets", (), BOUNDS) == b""


def test_an_answer_of_many_megabytes_comes_whole(apart: Apart) -> None:
    assert len(apart.run(f"{WORKS}:much", (30_000_000,), BOUNDS)) == 30_000_000


def test_what_work_raises_is_told_with_where(apart: Apart) -> None:
    end, detail = ended(apart, "raise_panic")
    assert end is End.RAISED
    assert "raise_panic" in detail
    assert "dẫm phải gai" in detail
    assert is_well(apart)


def test_more_memory_than_allowed_is_refused(apart: Apart) -> None:
    assert ended(apart, "eat_memory")[0] is End.MEMORY
    assert is_well(apart)


def test_who_computes_too_long_is_ended_by_what_it_computed(apart: Apart) -> None:
    assert ended(apart, "compute", bounds=BRIEF)[0] is End.PROCESSOR
    assert is_well(apart)


def test_who_idles_is_ended_by_the_clock(apart: Apart) -> None:
    assert ended(apart, "idle", bounds=BRIEF)[0] is End.CLOCK
    assert is_well(apart)


@pytest.mark.parametrize(
    ("number", "end"),
    [
        (signal.SIGSEGV, End.CRASHED),
        (signal.SIGABRT, End.CRASHED),
        (signal.SIGBUS, End.CRASHED),
        (signal.SIGKILL, End.KILLED),
        (signal.SIGTERM, End.KILLED),
        # Sent by somebody: the work had not used up its seconds.
        (signal.SIGXCPU, End.KILLED),
    ],
)
def test_the_signal_says_whether_the_work_did_it_itself(apart: Apart, number: signal.Signals, end: End) -> None:
    assert ended(apart, "end_by", number) == (end, number.name)
    assert end.is_own_doing is (end is End.CRASHED)
    assert is_well(apart)


def test_a_process_that_gives_itself_up_has_crashed(apart: Apart) -> None:
    assert ended(apart, "exit_at_once")[0] is End.CRASHED
    assert is_well(apart)


def test_who_is_stopped_and_not_continued_is_ended(apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ended(apart, "end_by", signal.SIGSTOP)[0] is End.STOPPED
    assert is_well(apart)


def test_a_server_that_is_killed_or_stopped_is_replaced(apart: Apart) -> None:
    assert ended(apart, "end_server")[0] is End.KILLED
    assert is_well(apart)
    assert ended(apart, "stop_server")[0] is End.STOPPED
    assert is_well(apart)


def test_a_request_of_many_megabytes_does_not_wait_for_a_server_that_was_stopped(apart: Apart) -> None:
    content = bytes(5_000_000)
    assert apart.run(f"{WORKS}:length", (content,), BOUNDS) == b"5000000"
    [server] = [each for each in (apart._idle.get(),) if each is not None]
    os.kill(server._process.pid, signal.SIGSTOP)
    apart._idle.put(server)
    assert ended(apart, "length", content)[0] is End.STOPPED
    assert is_well(apart)


def test_no_process_is_left_behind(apart: Apart) -> None:
    assert ended(apart, "end_server")[0] is End.KILLED
    assert is_well(apart)
    apart.close()
    listed = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True).stdout
    assert [line for line in listed.splitlines() if line.split()[0] == str(os.getpid()) and WORKS in line] == []


def test_several_work_at_once_and_none_gets_the_answer_of_another() -> None:
    with closing(Apart([WORKS], 2)) as apart, ThreadPoolExecutor(4) as threads:
        texts = [str(number) for number in range(50)]
        found = threads.map(lambda text: apart.run(f"{WORKS}:answer", (text,), BOUNDS).decode(), texts)
        assert list(found) == texts


def test_a_machine_without_room_for_a_process_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.executable", str(tmp_path / "no-such-python"))
    with closing(Apart([WORKS])) as apart:
        assert ended(apart, "count")[0] is End.UNSTARTED
