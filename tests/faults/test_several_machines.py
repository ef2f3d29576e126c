"""What goes on elsewhere outlives a restart of the server; a worker of another program than the server's does not."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from time import sleep

import pytest

from domain.errors import Ending
from domain.turns import Work
from flows.serving.api import POOL, Api
from services.run import open_run
from services.settings import Settings
from services.turns import turn
from tests.serving import Machine, free_port, held_up, serving, until

pytestmark = pytest.mark.slow
BEAT_SECONDS = 5


def test_a_run_of_another_machine_outlives_a_restart_of_the_server(
    postgres_ledger: str, new_home: Callable[[], Settings], tmp_path: Path
) -> None:
    first, second = (new_home().model_copy(update={"database_url": postgres_ledger}) for _ in range(2))
    port, login = free_port(), first.home / "prefect" / "login"
    machine = Machine(
        tmp_path, second, KETNGHIA_DATABASE_URL=postgres_ledger,
        KETNGHIA_PREFECT_SERVER=f"http://127.0.0.1:{port}", KETNGHIA_PREFECT_LOGIN_FILE=str(login),
    )  # fmt: skip
    with ExitStack() as elsewhere, ExitStack() as waited_for:
        with serving(first, port=port, KETNGHIA_DATABASE_URL=postgres_ledger) as service:
            [begun] = [run["id"] for run in service.runs_of("reconcile") if not run["auto_scheduled"]]
            assert service.ended(begun) == "COMPLETED"
            worker = elsewhere.enter_context(machine.working(PREFECT_WORKER_HEARTBEAT_SECONDS=str(BEAT_SECONDS)))
            waited_for.enter_context(turn(waited_for.enter_context(open_run(first)), Work.COLLECT))
            with held_up(service):
                going = service.begin("collect", {})
                until(lambda: service.found(going)["state_type"] == "RUNNING")
            assert service.worker_of(going) == machine.worker

        with serving(first, port=port, KETNGHIA_DATABASE_URL=postgres_ledger) as service:
            sleep(8 * BEAT_SECONDS)
            assert service.found(going)["state_type"] == "RUNNING", machine.log.read_text(encoding="utf-8")
            waited_for.close()
            assert service.ended(going) == "COMPLETED", machine.log.read_text(encoding="utf-8")

            api = Api(service.address, login.read_text(encoding="utf-8"))
            api.ask(f"work_pools/{POOL}", {"description": "ketnghia 9.9.9 (0123456789ab)"}, method="PATCH")
            assert worker.wait(60) == Ending.MACHINE
            said = machine.log.read_text(encoding="utf-8").splitlines()[-1]
            assert said.startswith("ketnghia: ")
            assert "chạy ketnghia 9.9.9 (0123456789ab), máy này ketnghia " in said
