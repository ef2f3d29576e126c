"""Steps as Prefect's tasks give what they give directly, on threads and on processes; a lost worker costs one item."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.run import Run, open_run
from services.settings import Settings
from services.steps import Direct
from tests.services.test_steps import codes, die_on_three, fail_on_two

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Prefect's own test server, in a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PREFECT_HOME", str(tmp_path_factory.mktemp("prefect")))
        patch.setenv("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
        patch.setenv("DO_NOT_TRACK", "1")
        from prefect.testing.utilities import prefect_test_harness

        with prefect_test_harness(server_startup_timeout=120):
            yield


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    return Settings(home=home, _env_file=None)


@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_mapped_as_tasks_the_results_are_those_of_a_direct_run(server: None, home: Settings, kind: str) -> None:
    from prefect import flow
    from prefect.task_runners import ProcessPoolTaskRunner, ThreadPoolTaskRunner

    from flows.orchestration import AsTasks

    runner = ThreadPoolTaskRunner(max_workers=2) if kind == "threads" else ProcessPoolTaskRunner(max_workers=2)

    @flow(task_runner=runner)
    def mapped() -> list[tuple[int, str, int]]:
        with open_run(home) as run:
            return AsTasks(run).map("judge", codes, [1, 2, 3])

    with open_run(home) as run:
        assert mapped() == Direct(run).map("judge", codes, [1, 2, 3])


def test_a_worker_that_dies_costs_its_own_item(server: None, home: Settings) -> None:
    from prefect import flow
    from prefect.task_runners import ProcessPoolTaskRunner

    from flows.orchestration import AsTasks

    @flow(task_runner=ProcessPoolTaskRunner(max_workers=1))
    def mapped() -> list[int]:
        with open_run(home) as run:
            return AsTasks(run).map("judge", die_on_three, [1, 2, 3], lambda item: -item)

    assert mapped()[-1] == -3


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
