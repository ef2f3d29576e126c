"""Whatever befalls the processes that read and mark, every sound file ends accepted, and no unit is told otherwise.

`KETNGHIA_TEST_COLLECTS` says how many months are collected so, `KETNGHIA_TEST_SEED` how the dice fall.
"""

import io
import os
import random
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from domain.findings import Verdict
from domain.period import Period
from domain.reference import Reference
from ingest.apart import pool
from samples.months import sample_month
from services.intake.outcome import Collected
from services.settings import Settings
from tests.commands import arrive, collect_submissions

pytestmark = pytest.mark.slow
COLLECTS = int(os.environ.get("KETNGHIA_TEST_COLLECTS", "2"))
SEED = int(os.environ.get("KETNGHIA_TEST_SEED", "0")) or random.SystemRandom().randrange(10**6)
MOST_RUNS = 8


def children(process: int) -> list[int]:
    """The processes that this one started, by the tables of the system."""
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1]
            if parent == str(process):
                found.append(int(place.parent.name))
    return found


def readers() -> list[int]:
    """The warmed processes of this one, and what they have forked."""
    servers = []
    for each in children(os.getpid()):
        with suppress(OSError):
            if b"ingest.apart.server" in Path(f"/proc/{each}/cmdline").read_bytes():
                servers.append(each)
    return [*servers, *(fork for each in servers for fork in children(each))]


def strike(dice: random.Random, process: int) -> None:
    """Kill, stop, starve or slow the process."""
    with suppress(ProcessLookupError, PermissionError, OSError):
        match dice.randrange(5):
            case 0:
                os.kill(process, signal.SIGKILL)
            case 1:
                os.kill(process, signal.SIGTERM)
            case 2:
                os.kill(process, signal.SIGSTOP)
            case 3:
                resource.prlimit(process, resource.RLIMIT_AS, (50_000_000, 50_000_000))
            case _:
                os.kill(process, signal.SIGSTOP)
                threading.Timer(0.3, lambda: _go_on(process)).start()


def _go_on(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGCONT)


@contextmanager
def misfortune(dice: random.Random) -> Iterator[None]:
    """Something befalls one of the readers every few tenths of a second."""
    over = threading.Event()

    def go() -> None:
        while not over.wait(dice.uniform(0.05, 0.6)):
            found = readers()
            if found:
                strike(dice, dice.choice(found))

    thread = threading.Thread(target=go)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def with_a_hidden_row(content: bytes) -> bytes:
    """A sound workbook that is asked about, so that it is marked."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["02_HoatDong"].row_dimensions[8].hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_sound_files_end_accepted_whatever_befalls_their_readers(
    new_home: Callable[[], Settings], sample_reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    print(f"seed {SEED}")
    dice = random.Random(SEED)
    # Stopped processes are given up sooner, so that many months can be tried.
    monkeypatch.setattr(pool, "STOPPED_SECONDS", 1.0)
    for _ in range(COLLECTS):
        settings = new_home()
        files = list(sample_month(sample_reference, Period.parse("2024-01"), with_faults=False))
        assert len(files) == 17
        asked = {each.name for each in files[::4]}
        arrive(
            settings,
            *(replace(each, content=with_a_hidden_row(each.content)) if each.name in asked else each for each in files),
        )
        collected: list[Collected] = []
        for run in range(MOST_RUNS):
            if len(collected) == len(files):
                break
            if run < MOST_RUNS - 2:
                with misfortune(dice):
                    collected += collect_submissions(settings)
            else:
                collected += collect_submissions(settings)
        assert {each.verdict for each in collected} <= {Verdict.ACCEPTED, Verdict.ACCEPTED_WITH_WARNINGS}, SEED
        assert len(collected) == len(files), SEED
        told = [path.read_text(encoding="utf-8") for path in (settings.home / "findings").rglob("*.txt")]
        assert len(told) == len(files)
        assert [text for text in told if "không đọc được" in text or "bị trả lại" in text] == []
