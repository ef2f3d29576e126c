"""`ketnghia serve`, started for real and driven over its API as an operator would."""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from services.settings import PROGRAM, Settings

WAIT_SECONDS = 240


class Service:
    """A running `ketnghia serve`, spoken to over its API."""

    def __init__(self, port: int, home: Path) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._login = base64.b64encode((home / "prefect" / "login").read_bytes()).decode()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Basic {self._login}"}
        request = urllib.request.Request(f"{self.address}/api/{path}", json.dumps(body).encode(), headers)
        # A busy server answers 503, or late, and means "again"; Prefect's own client does so too.
        for _ in range(20):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                error.close()
                if error.code != 503:
                    raise
            except TimeoutError:
                pass
            time.sleep(1)
        raise TimeoutError(path)

    def deployments(self) -> dict[str, str]:
        return {entry["name"]: entry["id"] for entry in self.post("deployments/filter", {})}

    def run(self, deployment: str, parameters: dict[str, str], **more: Any) -> str:
        """Start a run as the UI's button does; gives the state it ends in."""
        made = self.post(
            f"deployments/{self.deployments()[deployment]}/create_flow_run",
            {"parameters": parameters, "idempotency_key": f"{deployment} {parameters} {more}", **more},
        )
        return self.ended(made["id"])

    def ended(self, run_id: str) -> str:
        """The state in which the run ends."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            [found] = self.post("flow_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
            if found["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
                return str(found["state_type"])
            time.sleep(1)
        return "still running"

    def runs_of(self, deployment: str) -> list[dict[str, Any]]:
        return list(self.post("flow_runs/filter", {"deployments": {"name": {"any_": [deployment]}}}))


def started(settings: Settings, *before: str, **environment: str) -> tuple[Service, "subprocess.Popen[bytes]"]:
    """The service once it is ready, and its process, which leads a session of its own; `before` is what it is run by."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    log = settings.home / "serve.log"
    with log.open("ab") as screen:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "cli.main", "serve", "--port", str(port)],
            cwd=PROGRAM, stdout=screen, stderr=subprocess.STDOUT, start_new_session=True,
            env=os.environ | {"KETNGHIA_HOME": str(settings.home), "PREFECT_WORKER_QUERY_SECONDS": "2"} | environment,
        )  # fmt: skip
    deadline = time.monotonic() + WAIT_SECONDS
    while f"Sẵn sàng: http://127.0.0.1:{port}" not in (text := log.read_text(encoding="utf-8")):
        if process.poll() is not None or time.monotonic() > deadline:
            process.terminate()
            process.wait(60)
            raise AssertionError(text)
        time.sleep(0.5)
    return Service(port, settings.home), process


@contextmanager
def serving(settings: Settings, *before: str, **environment: str) -> Iterator[Service]:
    """The service, until the block ends."""
    service, process = started(settings, *before, **environment)
    try:
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        ended = process.wait(60)
    assert ended == 0
