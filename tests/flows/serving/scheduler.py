"""What stands in for Prefect's server where only its answers matter: it is asked over HTTP as the real one is."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from flows.serving.api import Api

LOGIN = "ketnghia:bí mật"


@dataclass
class Scheduler:
    """What the server knows, and what it was told to do."""

    workers: list[dict[str, Any]] = field(default_factory=list)
    runs: list[dict[str, Any]] = field(default_factory=list)
    done: list[dict[str, Any]] = field(default_factory=list)
    """The runs of `reconcile` that have ended, last first."""
    program: str | None = None
    code: int = 200
    busy: int = 0
    """So many calls it has no time for."""
    ended: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    address: str = ""

    @property
    def api(self) -> Api:
        return Api(self.address, LOGIN)

    def heard(self, name: str, at: datetime, every_seconds: int | None = 30) -> None:
        beat = {"name": name, "last_heartbeat_time": at.isoformat(), "heartbeat_interval_seconds": every_seconds}
        self.workers = [each for each in self.workers if each["name"] != name] + [beat]

    def has_under_way(self, run: str, worker: str, since: datetime, deployment: str | None = "any") -> None:
        labels = {"prefect.worker.name": worker} if worker else {}
        state = {"timestamp": since.isoformat()}
        self.runs.append({"id": run, "labels": labels, "state": state, "deployment_id": deployment})

    def answer(self, path: str, body: Any) -> Any:
        match path.removeprefix("/api/").split("/"):
            case ["work_pools", "ketnghia"]:
                return {"description": self.program}
            case ["work_pools", "ketnghia", "workers", "filter"]:
                return self.workers
            case ["flow_runs", "filter"] if "sort" in body:
                return self.done[:1]
            case ["flow_runs", "filter"]:
                return [run for run in self.runs if run["id"] not in self.ended]
            case ["flow_runs", run, "set_state"]:
                assert body["state"]["type"] == "CRASHED"
                self.ended.append(run)
                return {}
            case ["deployments", "filter"]:
                return [{"id": name} for name in body["deployments"]["name"]["any_"]]
            case ["deployments", deployment, "create_flow_run"]:
                self.started.append(deployment)
                return {}
        raise AssertionError(path)


@contextmanager
def scheduling() -> Iterator[Scheduler]:
    """The server, until the block ends."""
    scheduler = Scheduler()

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            known = base64.b64encode(LOGIN.encode()).decode()
            scheduler.busy, is_busy = max(scheduler.busy - 1, 0), scheduler.busy > 0
            if is_busy:
                self.send_error(503)
                return
            code = scheduler.code if self.headers["Authorization"] == f"Basic {known}" else 401
            content = json.dumps(scheduler.answer(self.path, json.loads(body or b"null"))) if code == 200 else "no"
            self.send_response(code)
            self.end_headers()
            self.wfile.write(content.encode())

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        scheduler.address = f"http://127.0.0.1:{server.server_port}"
        yield scheduler
        server.shutdown()
