"""Server, schedule and worker on one machine, started and stopped together; other machines may have workers, too."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from importlib.util import find_spec
from pathlib import Path

from domain.errors import MissingExtra, NoServer
from flows.serving.api import POOL, Api
from flows.serving.lost_runs import end_runs_of
from flows.serving.overseer import Overseer
from flows.serving.processes import Stopped, end, run, start, stop_when_told
from flows.serving.surroundings import login_of_server, login_place, prefect_environment
from flows.serving.worker import own_program, place_of_worker, start_worker
from services.settings import Settings
from storage.faults import scheduler_url

DEPLOYMENTS = Path(__file__).parents[1] / "prefect.yaml"
WORKER = Path(__file__).with_name("worker.json")
HERE = "127.0.0.1"
START_SECONDS = 120


def serve(settings: Settings, host: str, port: int, announce: Callable[[str], None]) -> int:
    """Run until told to stop; gives the exit status, and announces in Vietnamese how it goes.

    Whatever address it listens on, it answers only who calls it by this machine's own name, or one that a setting names.

    Raises:
        MissingExtra: if Prefect is not installed.
        BadSettings: if Prefect's database is none that it may have.
        NoServer: if the server does not come up, or one of the processes ends by itself.
    """
    if find_spec("prefect") is None:
        raise MissingExtra.of("Máy chủ và lịch", "serve")
    api = Api(f"http://{HERE}:{port}", login_of_server(settings))
    names = [HERE, "localhost", *settings.prefect_names]
    environment = {
        **os.environ,
        **prefect_environment(settings, api.login),
        "PREFECT_API_URL": f"{api.address}/api",
        "PREFECT_LOGGING_LEVEL": "INFO",
        "PREFECT_SERVER_CORS_ALLOWED_ORIGINS": ",".join(_origins(names, port)),
        # What a run of another machine holds must outlive this server: it could not renew what is forgotten here, and would end.
        "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
    }
    own_database = settings.prefect_database_url.get_secret_value()
    of_server = (
        {"PREFECT_API_DATABASE_CONNECTION_URL": scheduler_url(own_database, settings.ledger_url)}
        if own_database
        else {}
    )
    stop_when_told()
    children: list[subprocess.Popen[bytes]] = []
    # The port is ours before the login is shown to whoever answers there.
    listening = _listening(host, port)
    try:
        with place_of_worker(settings.home) as place:
            announce("Khởi động máy chủ Prefect …")
            handle = listening.fileno()
            children.append(
                start(["flows.serving.prefect_server", str(handle), *names], environment | of_server, handle)
            )
            _wait_for(f"{api.address}/api/health", children[0])
            # Without a template of ours it would fetch one from a host of the internet, in which a run may name its command.
            pool = ["work-pool", "create", POOL, "--type", "process", "--overwrite", "--base-job-template", str(WORKER)]
            run(["prefect", *pool], environment)
            # By this a worker elsewhere knows whether it has the same program.
            api.ask(f"work_pools/{POOL}", {"description": own_program()}, method="PATCH")
            run(["prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(DEPLOYMENTS)], environment)
            # What a power cut left under way here; what goes on elsewhere is left alone.
            end_runs_of(api, place.name)
            children.append(start_worker(place, environment))
            # What fell due while nothing ran is not left to the next day.
            api.start_run("reconcile")
            announce(
                f"Sẵn sàng: {api.address} (lịch và lập lại bằng tay ở mục Deployments; trang hỏi mật khẩu ghi trong "
                f"{login_place(settings)}). Dừng bằng Ctrl-C."
            )
            overseer = Overseer(api, settings, place.name)
            while all(child.poll() is None for child in children):
                time.sleep(0.5)
                overseer.look()
            raise NoServer("Một tiến trình của Prefect đã dừng; xem thông báo ở trên rồi chạy lại “ketnghia serve”.")
    except Stopped:
        announce("Đang dừng …")
        return 0
    finally:
        for child in reversed(children):
            end(child)
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


def _origins(names: Iterable[str], port: int) -> list[str]:
    """The pages that may call: its own, also behind a proxy with TLS."""
    return [origin for name in names for origin in (f"http://{name}:{port}", f"https://{name}")]


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    raise NoServer(
        "Máy chủ Prefect không lên; xem thông báo ở trên, KETNGHIA_PREFECT_DATABASE_URL (nếu có), và chạy “ketnghia doctor”."
    )
