"""The service started for real: server, schedule and worker, driven through the API as an operator would."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from domain.editions import EditionRecord, EditionState
from domain.period import Period
from services.settings import PROGRAM, Settings
from tests.commands import status

pytestmark = pytest.mark.slow
WAIT_SECONDS = 240
RELEASE = {"edition": "2024-02-1", "by": "Người Duyệt", "number": "15", "dated": "2024-02-22"}


class Service:
    """A running `ketnghia serve`, spoken to over its API."""

    def __init__(self, port: int) -> None:
        self._api = f"http://127.0.0.1:{port}/api"

    def post(self, path: str, body: dict[str, Any]) -> Any:
        request = urllib.request.Request(
            f"{self._api}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        # A busy server answers 503, or late, and means "again"; Prefect's own client does so too.
        for _ in range(20):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 503:
                    raise
            except TimeoutError:
                pass
            time.sleep(1)
        raise TimeoutError(path)

    def deployments(self) -> dict[str, str]:
        return {entry["name"]: entry["id"] for entry in self.post("deployments/filter", {})}

    def run(self, deployment: str, parameters: dict[str, str]) -> str:
        """Start a run as the UI's button does; gives the state it ends in."""
        made = self.post(
            f"deployments/{self.deployments()[deployment]}/create_flow_run",
            {"parameters": parameters, "idempotency_key": f"{deployment} {parameters}"},
        )
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            [found] = self.post("flow_runs/filter", {"flow_runs": {"id": {"any_": [made["id"]]}}})
            if found["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
                return str(found["state_type"])
            time.sleep(1)
        return "still running"


@pytest.fixture
def service(settings: Settings) -> Iterator[Service]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    log = (settings.home / "serve.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "cli.main", "serve", "--port", str(port)],
        cwd=PROGRAM, stdout=log, stderr=subprocess.STDOUT,
        env=os.environ | {"KETNGHIA_HOME": str(settings.home), "PREFECT_WORKER_QUERY_SECONDS": "2"},
    )  # fmt: skip
    deadline = time.monotonic() + WAIT_SECONDS
    while "Sẵn sàng" not in (text := (settings.home / "serve.log").read_text(encoding="utf-8")):
        assert process.poll() is None, text
        assert time.monotonic() < deadline, text
        time.sleep(0.5)
    yield Service(port)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    log.close()


def test_the_monthly_and_the_backfill_deployments_make_their_editions(
    service: Service, settings: Settings, fill_inbox: Callable[..., None]
) -> None:
    assert set(service.deployments()) == {
        "monthly",
        "collect",
        "send",
        "release",
        "outbox",
        "forms",
        "remind",
        "watch",
        "backfill",
    }
    fill_inbox("2024-01", "2024-02")
    settings.inbox.mkdir()
    (settings.inbox / "ghi-chu.txt").write_text("Kính gửi", encoding="utf-8")

    assert service.run("monthly", {"period": "2024-02"}) == "COMPLETED"
    assert [edition.edition_id for edition in _editions(settings, "2024-02")] == ["2024-02-1"]

    assert service.run("backfill", {"first": "2024-01", "last": "2024-02"}) == "COMPLETED"
    assert [edition.edition_id for edition in _editions(settings, "2024-01")] == ["2024-01-1"]
    assert [edition.edition_id for edition in _editions(settings, "2024-02")] == ["2024-02-1"]
    assert service.run("release", RELEASE) == "COMPLETED"
    [released] = _editions(settings, "2024-02")
    assert (released.state, released.released_by) == (EditionState.RELEASED, "Người Duyệt")
    assert not Path(settings.mail_sink).exists()

    shown = [entry["message"] for entry in service.post("logs/filter", {"sort": "TIMESTAMP_ASC"})]
    assert any(re.match(r"file-arrived receipt=\d+ file=ghi-chu\.txt", line) for line in shown), shown
    screen = (settings.home / "serve.log").read_text(encoding="utf-8")
    assert re.search(r"INFO +\| ketnghia - file-arrived receipt=\d+ file=", screen)
    assert not re.search(r"ketnghia - file-arrived$", screen, re.MULTILINE)

    # With the wrong libraries the server runs and never schedules: a cron run must really be there.
    scheduled = service.post(
        "flow_runs/filter",
        {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}, "deployments": {"name": {"any_": ["monthly"]}}},
    )
    assert [run["expected_start_time"][8:19] for run in scheduled] == ["19T23:30:00"] * len(scheduled)
    assert scheduled


def _editions(settings: Settings, period: str) -> list[EditionRecord]:
    return [each.record for each in status(settings, Period.parse(period)).editions]
