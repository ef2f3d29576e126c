"""Steps as Prefect's tasks give what they give directly, on threads and on processes; a lost worker costs one item."""

import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from domain.errors import BadSettings
from services.run import Run, open_run
from services.settings import Settings, load_settings
from services.steps import Direct
from tests.services.test_steps import codes, die_on_three, fail_on_two

pytestmark = pytest.mark.slow


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    return Settings(home=home, _env_file=None)


@pytest.fixture
def placed(monkeypatch: pytest.MonkeyPatch, home: Settings) -> Callable[[str], None]:
    """The setting that says what places the tasks; who places them elsewhere reads the settings there."""

    def place(runner: str) -> None:
        monkeypatch.setenv("KETNGHIA_RUNNER", runner)
        monkeypatch.setenv("KETNGHIA_HOME", str(home.home))

    return place


@pytest.mark.parametrize("runner", ["threads", "processes", "dask"])
def test_mapped_as_tasks_the_results_are_those_of_a_direct_run(
    server: None, placed: Callable[[str], None], runner: str
) -> None:
    from prefect import flow

    from flows.orchestration import AsTasks, RunnerBySettings

    placed(runner)

    @flow(task_runner=RunnerBySettings())
    def mapped() -> list[tuple[int, str, int]]:
        with open_run(load_settings()) as run:
            return AsTasks(run).map("judge", codes, [1, 2, 3])

    with open_run(load_settings()) as run:
        assert mapped() == Direct(run).map("judge", codes, [1, 2, 3])


def stop_at_once_or_go_on(run: Run, item: int) -> int:
    if item == 1:
        raise BadSettings("one")
    time.sleep(1)
    (run.settings.home / f"done-{item}").touch()
    return item


def test_a_failure_is_raised_once_none_of_the_others_goes_on(
    server: None, placed: Callable[[str], None], home: Settings
) -> None:
    from prefect import flow

    from flows.orchestration import AsTasks, RunnerBySettings

    placed("threads")

    @flow(task_runner=RunnerBySettings())
    def mapped() -> None:
        with open_run(load_settings()) as run:
            with pytest.raises(BadSettings, match="one"):
                AsTasks(run).map("judge", stop_at_once_or_go_on, [1, 2, 3])
            assert sorted(each.name for each in home.home.glob("done-*")) == ["done-2", "done-3"]

    mapped()


@pytest.mark.parametrize("runner", ["processes", "dask"])
def test_a_worker_that_dies_costs_its_own_item(server: None, placed: Callable[[str], None], runner: str) -> None:
    from prefect import flow

    from flows.orchestration import AsTasks, RunnerBySettings

    placed(runner)

    @flow(task_runner=RunnerBySettings())
    def mapped() -> list[int]:
        with open_run(load_settings()) as run:
            return AsTasks(run).map("judge", die_on_three, [1, 2, 3], lambda item: -item)

    assert mapped()[-1] == -3


def test_a_cluster_is_spoken_to_by_tls_alone(home: Settings) -> None:
    """Whoever can speak to a scheduler of Dask's runs what he likes."""
    from flows.task_runner import on_dask

    home.dask_address = "tcp://127.0.0.1:8786"
    with pytest.raises(BadSettings, match="tls://"):
        on_dask(home)
    home.dask_address = ""
    cluster = on_dask(home).client.cluster
    try:
        assert cluster.scheduler_address.startswith("tls://127.0.0.1:")
        page = f"http://127.0.0.1:{cluster.scheduler.http_server.port}"
        pages = [page, *(each["services"]["dashboard"] for each in cluster.scheduler_info["workers"].values())]
        for where in (page, *(f"http://127.0.0.1:{port}" for port in pages[1:])):
            for path in ("/status", "/info/main/workers.html", "/json/counts.json", "/metrics", "/health"):
                with pytest.raises(HTTPError, match="404"):
                    urlopen(where + path, timeout=5)
    finally:
        cluster.close()


def test_a_step_that_speaks_with_a_server_is_tried_again_and_a_bug_is_not(server: None, home: Settings) -> None:
    from prefect import flow

    from flows import orchestration
    from services.policies import POLICIES, Policy

    tried: list[str] = []

    def away_at_first(run: Run) -> str:
        tried.append("away")
        if len(tried) < 3:
            raise ConnectionRefusedError
        return "there"

    def broken(run: Run) -> str:
        tried.append("broken")
        raise ValueError("a bug")

    @flow
    def runs() -> str:
        with open_run(home) as run:
            steps = orchestration.AsTasks(run)
            found = steps.run("deliver", away_at_first)
            with pytest.raises(ValueError, match="a bug"):
                steps.run("deliver", broken)
            with pytest.raises(ValueError, match="a bug"):
                steps.map("deliver", fail_on_two, [1, 2])
            return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(POLICIES, "deliver", Policy("gửi thư", waits_seconds=(0, 0, 0)))
        assert runs() == "there"
    assert tried == ["away"] * 3 + ["broken"]


def test_what_places_the_tasks_is_a_setting_read_when_the_flow_is_run(
    server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from prefect import flow
    from prefect.context import FlowRunContext

    from flows.orchestration import RunnerBySettings

    @flow(task_runner=RunnerBySettings())
    def placed_by() -> str:
        context = FlowRunContext.get()
        assert context is not None
        return type(context.task_runner).__name__

    for setting, expected in (("threads", "ThreadPoolTaskRunner"), ("processes", "ProcessPoolTaskRunner")):
        monkeypatch.setenv("KETNGHIA_RUNNER", setting)
        assert placed_by() == expected
