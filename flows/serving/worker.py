"""A worker: it runs, with the program, the settings and the data folder of its own machine, what the server has due."""

import fcntl
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from domain.errors import KetnghiaError, MissingExtra, NoServer
from flows.serving.api import POOL, Api
from flows.serving.lost_runs import end_runs_of
from flows.serving.processes import Stopped, end, start, stop_when_told
from flows.serving.surroundings import login_at_server, prefect_environment
from services.editions.version import code_version
from services.settings import Settings
from storage.durable import write_durably

LOOK_SECONDS = 15
"""How often a worker asks whether the server still runs its own program."""


@dataclass(frozen=True, slots=True)
class Place:
    """The one worker that a data folder may have: its name at the server, and the open file that says it is there."""

    name: str
    handle: int


@contextmanager
def place_of_worker(home: Path) -> Iterator[Place]:
    """Be the worker of the data folder; the place is free again when its process is gone.

    Raises:
        NoServer: if another process is.
    """
    folder = home / "prefect"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "worker.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield Place(_name_of_worker(folder / "worker"), handle)
    except BlockingIOError as error:
        raise NoServer(
            f"Thư mục dữ liệu {home} đã có một tiến trình làm việc (ketnghia serve hoặc worker); dừng nó rồi chạy lại."
        ) from error
    finally:
        os.close(handle)


def _name_of_worker(kept: Path) -> str:
    """By what the server knows the worker of this folder, kept with the machine that it is of: a copy on another has its own."""
    machine = _machine_id()
    name, _, of = kept.read_text(encoding="utf-8").partition("\n") if kept.exists() else ("", "", "")
    if not name or of != machine:
        # Machines may bear one name, and containers another one each time.
        name = f"{socket.gethostname()}-{secrets.token_hex(4)}"
        write_durably(kept, f"{name}\n{machine}".encode())
    return name


def _machine_id() -> str:
    try:
        return Path("/etc/machine-id").read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def start_worker(place: Place, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Prefect's worker, holding the place for as long as it lives."""
    begun_in = {**environment, "KETNGHIA_RUNS_BEGIN_IN": os.getcwd()}
    return start(
        ["prefect", "worker", "start", "--pool", POOL, "--type", "process", "--name", place.name],
        begun_in,
        place.handle,
    )


def own_program() -> str:
    """Which program this is, told by its version and its text: another one may print other bytes."""
    return f"ketnghia {version('ketnghia')} ({code_version()[:12]})"


def work(settings: Settings, announce: Callable[[str], None]) -> int:
    """Work for the server of another machine until told to stop; gives the exit status.

    Raises:
        MissingExtra: if Prefect is not installed.
        KetnghiaError: if no setting says where the server is, or what it asks for.
        NoServer: if it does not answer, refuses, is of another program, or the worker ends by itself.
    """
    if find_spec("prefect") is None:
        raise MissingExtra.of("Làm việc cho máy chủ Prefect", "serve")
    if not settings.prefect_server.startswith(("http://", "https://")):
        raise KetnghiaError(
            "Chưa ghi KETNGHIA_PREFECT_SERVER: địa chỉ của máy chạy “ketnghia serve”, như https://prefect.gialai.example."
        )
    api = Api(settings.prefect_server.rstrip("/"), login_at_server(settings))
    stop_when_told()
    try:
        with place_of_worker(settings.home) as place:
            _refuse_other_program(api)
            # What it was at when it last ended is done again, here or elsewhere.
            if end_runs_of(api, place.name):
                api.start_run("reconcile")
            environment = {
                **os.environ,
                **prefect_environment(settings, api.login),
                "PREFECT_API_URL": f"{api.address}/api",
                "PREFECT_LOGGING_LEVEL": "INFO",
            }
            child = start_worker(place, environment)
            try:
                announce(f"Sẵn sàng: làm việc cho {api.address} với tên {place.name}. Dừng bằng Ctrl-C.")
                _stay(api, child)
            finally:
                end(child)
        raise NoServer("Tiến trình làm việc đã dừng; xem thông báo ở trên rồi chạy lại “ketnghia worker”.")
    except Stopped:
        announce("Đã dừng.")
        return 0


def _stay(api: Api, child: subprocess.Popen[bytes]) -> None:
    """Until the worker ends; raises where the server has another program now."""
    looked = time.monotonic()
    while child.poll() is None:
        time.sleep(0.5)
        if time.monotonic() - looked >= LOOK_SECONDS:
            looked = time.monotonic()
            _refuse_other_program(api, is_started=True)


def _refuse_other_program(api: Api, *, is_started: bool = False) -> None:
    try:
        theirs = api.ask(f"work_pools/{POOL}", method="GET")["description"]
    except NoServer:
        if is_started:
            # Prefect's worker waits for the server by itself.
            return
        raise
    if theirs is None and is_started:
        return
    if theirs != own_program():
        raise NoServer(
            f"Máy chủ Prefect {api.address} chạy {theirs or 'bản chương trình khác'}, máy này {own_program()}; cài cùng một bản ở "
            "cả hai máy rồi chạy lại."
        )
