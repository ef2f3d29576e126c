"""Server, schedule and worker on one machine: how Prefect is to behave here; started and stopped together."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import Any

from domain.errors import MissingExtra, NoServer
from services.settings import PROGRAM, Settings
from storage.durable import write_durably

DEPLOYMENTS = Path(__file__).with_name("prefect.yaml")
WORKER = Path(__file__).with_name("worker.json")
HERE, POOL = "127.0.0.1", "ketnghia"
START_SECONDS = 120


class _Stop(Exception):
    """Somebody asked the service to end."""


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Environment variables, to be set before Prefect is imported; its folder and its secrets are made."""
    home = settings.home / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    login = settings.prefect_login.get_secret_value() or _made_once(login_place(settings), _new_login)
    return {
        # Both sides of the same door: the server asks for it, whoever is started here shows it.
        "PREFECT_SERVER_API_AUTH_STRING": login,
        "PREFECT_API_AUTH_STRING": login,
        # Else the key would lie in the database whose secrets it locks.
        "PREFECT_SERVER_ENCRYPTION_KEY": _made_once(home / "encryption-key", _new_key),
        # A person's token is no business of what runs by itself.
        "KETNGHIA_TOKEN": "",
        "KETNGHIA_TOKEN_FILE": "",
        "PREFECT_HOME": str(home),
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
        "PREFECT_RESULTS_DEFAULT_SERIALIZER": "json",
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
        "PREFECT_LOGGING_EXTRA_LOGGERS": "ketnghia",
        # What is done between two flows is in our own log; there is no page of Prefect's it belongs to.
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "KETNGHIA_HOME": str(settings.home),
        # Runs begin in the folder of whoever starts them, as `.env` lies there; the rooms are found wherever they lie.
        "PYTHONPATH": os.pathsep.join(filter(None, (str(PROGRAM), os.environ.get("PYTHONPATH")))),
    }


def login_place(settings: Settings) -> Path:
    """The file with what Prefect's page asks for, where no setting says it: `name:password`."""
    return settings.home / "prefect" / "login"


def _made_once(place: Path, make: Callable[[], str]) -> str:
    """What stands in the file, which nobody else may read; made at the first start."""
    try:
        return place.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        write_durably(place, make().encode())
        os.chmod(place, 0o600)
        return place.read_text(encoding="utf-8")


def _new_login() -> str:
    return f"ketnghia:{secrets.token_urlsafe(24)}"


def _new_key() -> str:
    return urlsafe_b64encode(secrets.token_bytes(32)).decode()


def serve(settings: Settings, host: str, port: int, announce: Callable[[str], None]) -> int:
    """Run until told to stop; gives the exit status, and announces in Vietnamese how it goes.

    Whatever address it listens on, it answers only who calls it by this machine's own name, or one that a setting names.

    Raises:
        MissingExtra: if Prefect is not installed.
        NoServer: if the server does not come up, or one of the processes ends by itself.
    """
    if find_spec("prefect") is None:
        raise MissingExtra.of("Máy chủ và lịch", "serve")
    address = f"http://{HERE}:{port}"
    names = [HERE, "localhost", *settings.prefect_names]
    environment = {
        **os.environ,
        **prefect_environment(settings),
        "PREFECT_API_URL": f"{address}/api",
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join(_origins(names, port)),
    }
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    children: list[subprocess.Popen[bytes]] = []
    # The port is ours before the login is shown to whoever answers there.
    listening = _listening(host, port)
    try:
        announce("Khởi động máy chủ Prefect …")
        handle = listening.fileno()
        children.append(_start(["flows.prefect_server", str(handle), *names], environment, handle))
        _wait_for(f"{address}/api/health", children[0])
        # Without a template of ours it would fetch one from a host of the internet, in which a run may name its command.
        pool = ["work-pool", "create", POOL, "--type", "process", "--overwrite", "--base-job-template", str(WORKER)]
        _run(["prefect", *pool], environment)
        _run(["prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(DEPLOYMENTS)], environment)
        _end_cut_runs(f"{address}/api", environment["PREFECT_API_AUTH_STRING"])
        children.append(_start(["prefect", "worker", "start", "--pool", POOL, "--type", "process"], environment))
        # What fell due while nothing ran is not left to the next day.
        _run(["prefect", "deployment", "run", "reconcile/reconcile"], environment)
        announce(
            f"Sẵn sàng: {address} (lịch và lập lại bằng tay ở mục Deployments; trang hỏi mật khẩu ghi trong "
            f"{login_place(settings)}). Dừng bằng Ctrl-C."
        )
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        raise NoServer("Một tiến trình của Prefect đã dừng; xem thông báo ở trên rồi chạy lại “ketnghia serve”.")
    except _Stop:
        announce("Đang dừng …")
        return 0
    finally:
        for child in reversed(children):
            _end(child)
        listening.close()


def _listening(host: str, port: int) -> socket.socket:
    """The socket that the server will answer on, and nobody else."""
    opened = socket.socket()
    try:
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        opened.bind((host, port))
        opened.listen(128)
    except OSError as error:
        opened.close()
        raise NoServer(
            f"Không mở được cổng {port} ở {host} ({error.strerror}); cổng đang bị chiếm thì dùng cổng khác: ketnghia serve "
            "--port SỐ."
        ) from error
    return opened


def _end_cut_runs(api: str, login: str) -> None:
    """End the runs that the last power cut left under way: else they go on for ever, and hold back every later one."""
    going = _ask(api, login, "flow_runs/filter", {"flow_runs": {"state": {"type": {"any_": ["RUNNING", "PENDING"]}}}})
    for run in going if isinstance(going, list) else ():
        crashed = {"type": "CRASHED", "message": "Bị dừng đột ngột trước lần khởi động này."}
        _ask(api, login, f"flow_runs/{run['id']}/set_state", {"state": crashed})


def _ask(api: str, login: str, path: str, body: dict[str, Any]) -> object:
    shown = b64encode(login.encode()).decode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {shown}"}
    with urllib.request.urlopen(
        urllib.request.Request(f"{api}/{path}", json.dumps(body).encode(), headers), timeout=60
    ) as answer:
        return json.load(answer)


def _origins(names: Iterable[str], port: int) -> list[str]:
    """The pages that may call: its own, also behind a proxy with TLS."""
    return [origin for name in names for origin in (f"http://{name}:{port}", f"https://{name}")]


def _start(arguments: list[str], environment: dict[str, str], *handles: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", *arguments], env=environment, pass_fds=handles)


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run([sys.executable, "-m", *arguments], env=environment, capture_output=True, check=False)
    if done.returncode:
        tail = (done.stderr or done.stdout).decode(errors="replace").strip()[-2_000:]
        raise NoServer(f"Lệnh “{' '.join(arguments)}” không thành công:\n{tail}")


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise NoServer("Máy chủ Prefect không lên; xem thông báo ở trên và chạy “ketnghia doctor”.")


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Stop
