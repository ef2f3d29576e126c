"""A month on a cluster of Dask's is the month of one process, though a worker is killed in the middle."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from domain.period import Period
from services.run import open_run
from services.settings import Settings
from storage import arrivals, submissions
from storage.edition_files import pdf_path
from tests.commands import collect_submissions, monthly_report, verify_ledger

pytestmark = [pytest.mark.slow, pytest.mark.prints_anew]
JANUARY = Period.parse("2024-01")
UNITS = {"622", "623", "624", "625", "626", "627"}


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """The month of a district is one batch; to be spread it must be several."""
    from flows import collect_submissions as flow

    monkeypatch.setattr(flow, "FILES_IN_A_BATCH", 2)
    monkeypatch.setattr(flow, "REPLIES_IN_A_BATCH", 2)


def workers_of_dask() -> Iterator[psutil.Process]:
    for process in psutil.Process().children(recursive=True):
        try:
            if "distributed.nanny" in " ".join(process.cmdline()) or "spawn_main" in " ".join(process.cmdline()):
                yield process
        except psutil.NoSuchProcess:
            continue


def kill_one(killed: list[int], enough: threading.Event) -> None:
    """Kill a worker soon after there is one that works."""
    while not enough.is_set():
        busy = [each for each in workers_of_dask() if each.cpu_times().user > 2.5]
        if busy:
            os.kill(busy[-1].pid, signal.SIGKILL)
            killed.append(busy[-1].pid)
            return
        time.sleep(0.05)


def findings_of(settings: Settings) -> dict[str, list[str]]:
    with open_run(settings) as run, run.ledger.read() as session:
        known = submissions.all_submissions(session, [str(JANUARY)])
        found = submissions.findings_of(session, [each.submission_id for each in known])
        return {each.sha256: [str(one) for one in found[each.submission_id].found] for each in known}


def judged_in(settings: Settings) -> set[int]:
    with open_run(settings) as run, run.ledger.read() as session:
        return {len(submissions.judgements_of(session, sha256)) for sha256 in arrivals.arrived_files(session)}


@pytest.mark.parametrize("is_killed", [False, True])
def test_a_month_on_two_workers_is_the_month_of_one_process(
    server: None,
    small_batches: None,
    new_home: Callable[[], Settings],
    fill: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    is_killed: bool,
) -> None:
    from flows import orchestration

    alone, spread = new_home(), new_home()
    for home in (alone, spread):
        fill(home, str(JANUARY), only=UNITS)
    collect_submissions(alone)
    expected = monthly_report(alone, JANUARY).edition

    for name, value in (("HOME", str(spread.home)), ("RUNNER", "dask"), ("WORKERS", "2")):
        monkeypatch.setenv(f"KETNGHIA_{name}", value)
    killed: list[int] = []
    enough = threading.Event()
    killer = threading.Thread(target=kill_one, args=(killed, enough))
    if is_killed:
        killer.start()
    made = orchestration.monthly_report(str(JANUARY))
    enough.set()
    assert bool(killed) is is_killed
    assert made == expected.edition_id
    assert (
        pdf_path(spread.editions, expected.sha256).read_bytes()
        == pdf_path(alone.editions, expected.sha256).read_bytes()
    )
    assert findings_of(spread) == findings_of(alone)
    assert judged_in(spread) == {1}
    assert verify_ledger(spread).faults == []
