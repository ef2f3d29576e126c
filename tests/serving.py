"""`ketnghia serve`, started for real and driven over its API as an operator would; and workers of other machines."""

import base64
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from services.settings import PROGRAM, Settings

WAIT_SECONDS = 240


class Service:
    """A running `ketnghia serve`, spoken to over its API."""

    def __init__(self, port: int, home: Path, pid: int = 0) -> None:
        self.address, self.pid = f"http://127.0.0.1:{port}", pid
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
        return self.ended(self.begin(deployment, parameters, **more))

    def begin(self, deployment: str, parameters: dict[str, str], **more: Any) -> str:
        """Start a run as the UI's button does; gives its id."""
        made = self.post(
            f"deployments/{self.deployments()[deployment]}/create_flow_run",
            {"parameters": parameters, "idempotency_key": f"{deployment} {parameters} {more}", **more},
        )
        return str(made["id"])

    def found(self, run_id: str) -> dict[str, Any]:
        """The run as the server knows it."""
        [run] = self.post("flow_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
        return dict(run)

    def worker_of(self, run_id: str) -> str:
        """Which worker has the run, or had it."""
        return str(self.found(run_id)["labels"].get("prefect.worker.name", ""))

    def ended(self, run_id: str) -> str:
        """The state in which the run ends."""
        deadline = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < deadline:
            found = self.found(run_id)
            if found["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
                return str(found["state_type"])
            time.sleep(1)
        return "still running"

    def runs_of(self, deployment: str) -> list[dict[str, Any]]:
        return list(self.post("flow_runs/filter", {"deployments": {"name": {"any_": [deployment]}}}))


def until(has_come: Callable[[], bool]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not has_come():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def free_port() -> int:
    """A port that nobody has yet."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def started_by(pid: int) -> dict[int, str]:
    """Every process that this one started, and those that these did, by what they were called with."""
    parents, called = {}, {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
            called[int(place.name)] = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
    found, new = set[int](), {pid}
    while new:
        new = {each for each, parent in parents.items() if parent in new}
        found |= new
    return {each: called[each] for each in found if each in called}


@contextmanager
def held_up(service: Service) -> Iterator[None]:
    """The worker beside the server takes nothing until the block ends, as one that has no time to."""
    [worker] = [pid for pid, called in started_by(service.pid).items() if " prefect worker start " in called]
    os.kill(worker, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker, signal.SIGCONT)


class Machine:
    """Another machine: a copy of the program, a home, and a folder in which it is started, with its `.env`."""

    def __init__(self, folder: Path, home: Settings, **settings: str) -> None:
        self.folder, self.home, self.program = folder / "etc", home, folder / "program"
        self.log = folder / "worker.log"
        ignored = shutil.ignore_patterns(".venv", ".git", "data", "tests", ".*cache", "__pycache__", ".hypothesis")
        shutil.copytree(PROGRAM, self.program, ignore=ignored)
        self.folder.mkdir()
        said = {"KETNGHIA_HOME": str(home.home), **settings}
        (self.folder / ".env").write_text(
            "".join(f"{name}={value}\n" for name, value in said.items()), encoding="utf-8"
        )
        (self.folder / ".env").chmod(0o600)

    @contextmanager
    def working(self, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Its `ketnghia worker`, until the block ends; what ended it before is the test's own matter."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("KETNGHIA_")}
        with self.log.open("wb") as screen:
            process = subprocess.Popen(
                [sys.executable, "-m", "cli.main", "worker"],
                cwd=self.folder, stdout=screen, stderr=subprocess.STDOUT,
                env=own | {"PYTHONPATH": str(self.program), "PREFECT_WORKER_QUERY_SECONDS": "2"} | environment,
            )  # fmt: skip
        try:
            deadline = time.monotonic() + WAIT_SECONDS
            while "Sẵn sàng: " not in (text := self.log.read_text(encoding="utf-8")):
                assert process.poll() is None, text
                assert time.monotonic() < deadline, text
                time.sleep(0.5)
            yield process
        finally:
            told = process.poll() is None
            process.terminate()
            ended = process.wait(60)
        assert ended == 0 or not told, self.log.read_text(encoding="utf-8")

    @property
    def worker(self) -> str:
        """By what name its worker is known to the server."""
        return (self.home.home / "prefect" / "worker").read_text(encoding="utf-8").partition("\n")[0]


def started(
    settings: Settings, *before: str, port: int = 0, **environment: str
) -> tuple[Service, "subprocess.Popen[bytes]"]:
    """The service once it is ready, and its process, which leads a session of its own; `before` is what it is run by."""
    port = port or free_port()
    log = settings.home / "serve.log"
    known = len(log.read_text(encoding="utf-8")) if log.exists() else 0
    with log.open("ab") as screen:
        process = subprocess.Popen(
            [*before, sys.executable, "-m", "cli.main", "serve", "--port", str(port)],
            cwd=PROGRAM, stdout=screen, stderr=subprocess.STDOUT, start_new_session=True,
            env=os.environ | {"KETNGHIA_HOME": str(settings.home), "PREFECT_WORKER_QUERY_SECONDS": "2"} | environment,
        )  # fmt: skip
    deadline = time.monotonic() + WAIT_SECONDS
    while f"Sẵn sàng: http://127.0.0.1:{port}" not in (text := log.read_text(encoding="utf-8")[known:]):
        if process.poll() is not None or time.monotonic() > deadline:
            process.terminate()
            process.wait(60)
            raise AssertionError(text)
        time.sleep(0.5)
    return Service(port, settings.home, process.pid), process


@contextmanager
def serving(settings: Settings, *before: str, port: int = 0, **environment: str) -> Iterator[Service]:
    """The service, until the block ends."""
    service, process = started(settings, *before, port=port, **environment)
    try:
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        ended = process.wait(60)
    assert ended == 0
