"""Server, schedule and worker on one machine: how Prefect is to behave here; started and stopped together."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from types import FrameType

from domain.errors import KetnghiaError, MissingExtra
from services.settings import PROGRAM, Settings

DEPLOYMENTS = Path(__file__).with_name("prefect.yaml")
HOST, POOL = "127.0.0.1", "ketnghia"
START_SECONDS = 120


class _Stop(Exception):
    """Somebody asked the service to end."""


def prefect_environment(settings: Settings) -> dict[str, str]:
    """Environment variables, to be set before Prefect is imported; its folder is made."""
    home = settings.home / "prefect"
    home.mkdir(parents=True, exist_ok=True)
    return {
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


def serve(settings: Settings, port: int, announce: Callable[[str], None]) -> int:
    """Run until told to stop; gives the exit status, and announces in Vietnamese how it goes.

    Raises:
        MissingExtra: if Prefect is not installed.
        KetnghiaError: if the server does not come up, or one of the processes ends by itself.
    """
    if find_spec("prefect") is None:
        raise MissingExtra.of("Máy chủ và lịch", "serve")
    api = f"http://{HOST}:{port}/api"
    environment = os.environ | prefect_environment(settings) | {"PREFECT_API_URL": api, "PREFECT_LOGGING_LEVEL": "INFO"}
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stop)
    children: list[subprocess.Popen[bytes]] = []
    try:
        announce("Khởi động máy chủ Prefect …")
        children.append(_start(["server", "start", "--host", HOST, "--port", str(port)], environment))
        _wait_for(f"{api}/health", children[0])
        _run(["work-pool", "create", POOL, "--type", "process", "--overwrite"], environment)
        _run(["--no-prompt", "deploy", "--all", "--prefect-file", str(DEPLOYMENTS)], environment)
        children.append(_start(["worker", "start", "--pool", POOL, "--type", "process"], environment))
        announce(
            f"Sẵn sàng: http://{HOST}:{port} (lịch tháng và lập lại bằng tay ở mục Deployments). Dừng bằng Ctrl-C."
        )
        while all(child.poll() is None for child in children):
            time.sleep(0.5)
        raise KetnghiaError("Một tiến trình của Prefect đã dừng; xem thông báo ở trên rồi chạy lại “ketnghia serve”.")
    except _Stop:
        announce("Đang dừng …")
        return 0
    finally:
        for child in reversed(children):
            _end(child)


def _start(arguments: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "prefect", *arguments], env=environment)


def _run(arguments: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "prefect", *arguments], env=environment, capture_output=True, check=False
    )
    if done.returncode:
        tail = (done.stderr or done.stdout).decode(errors="replace").strip()[-2_000:]
        raise KetnghiaError(f"Lệnh “prefect {' '.join(arguments)}” không thành công:\n{tail}")


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise KetnghiaError("Máy chủ Prefect không lên; kiểm tra cổng có bị chiếm không (ketnghia serve --port).")


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
