"""The power goes while a run is under way: the next start ends it, does what it left, and no run is held back by it."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from domain.period import Period
from services.settings import Settings
from tests.commands import status
from tests.serving import WAIT_SECONDS, Service, serving, started

pytestmark = pytest.mark.slow


@pytest.fixture
def silent_server() -> Iterator[int]:
    """Takes calls and never answers: whoever calls is under way until the power goes."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield listening.getsockname()[1]


def ran(service: Service, deployment: str, state: str) -> list[dict[str, object]]:
    return [run for run in service.runs_of(deployment) if run["state_type"] == state]


def test_after_the_power_came_back_everything_goes_on(
    settings: Settings, silent_server: int, fill_inbox: Callable[..., None]
) -> None:
    service, power = started(
        settings,
        KETNGHIA_IMAP_HOST="127.0.0.1",
        KETNGHIA_IMAP_PORT=str(silent_server),
        KETNGHIA_IMAP_USER="nhan",
    )
    try:
        deadline = time.monotonic() + WAIT_SECONDS
        while not (under_way := ran(service, "reconcile", "RUNNING")):
            assert time.monotonic() < deadline
            time.sleep(0.5)
    finally:
        _kill_all_of(power)
    cut = under_way[0]["id"]
    fill_inbox("2024-02", with_faults=False, only={"622"})

    with serving(settings) as service:
        assert service.ended(str(cut)) == "CRASHED"
        [again] = [run for run in service.runs_of("reconcile") if not run["auto_scheduled"] and run["id"] != cut]
        assert service.ended(str(again["id"])) == "COMPLETED"
        assert [each.record.edition_id for each in status(settings, Period.parse("2024-02")).editions] == ["2024-02-1"]
        for deployment in ("reconcile", "collect"):
            assert service.run(deployment, {}, name="after") == "COMPLETED"


def _kill_all_of(process: "subprocess.Popen[bytes]") -> None:
    """Every process of the session, at once and without a word."""
    for _ in range(3):
        for place in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = place.read_text().rpartition(")")[2].split()
                if int(fields[3]) == process.pid:
                    os.kill(int(place.parent.name), signal.SIGKILL)
            except (OSError, IndexError):
                continue
    process.wait()
