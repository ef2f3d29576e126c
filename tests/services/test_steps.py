"""Steps run here or in several processes give the same; a worker that dies costs its own item at most."""

import errno
import json
import os
import re
import socket
from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.errors import UnreachableChannel, WorkerLost
from services.log import note, warn
from services.policies import POLICIES
from services.run import Run, open_run
from services.settings import PROGRAM, Settings
from services.steps import Direct, heals_by_waiting, in_batches


def codes(run: Run, item: int) -> tuple[int, str, int]:
    return item, run.tables.version, len(run.reference.units.rows)


def die_on_three(run: Run, item: int) -> int:
    if item == 3:
        os._exit(9)
    return item * 10


def fail_on_two(run: Run, item: int) -> int:
    if item == 2:
        raise ValueError("a bug")
    return item


class Stuck(Exception):
    """An error that cannot be made again from its message."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one)
        self.two = two


def stick_on_two(run: Run, item: int) -> int:
    if item == 2:
        raise Stuck("a bug", "with two arguments")
    return item


def tell_of_two(run: Run, item: int) -> int:
    note("item-done", item=item)
    if item == 2:
        warn("item-odd", "số \x1b[2Jlạ", item=item)
    return item


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    return Settings(home=home, _env_file=None)


def test_a_step_is_handed_the_run_and_its_arguments(home: Settings) -> None:
    with open_run(home) as run:
        assert Direct(run).run("judge", codes, 7) == (7, run.tables.version, len(run.reference.units.rows))


@pytest.mark.slow
def test_mapped_in_processes_or_here_the_results_are_the_same_and_in_order(home: Settings) -> None:
    heard: list[tuple[str, int, int]] = []
    with open_run(home) as run:
        here = Direct(run).map("judge", codes, [1, 2, 3])
        steps = Direct(run, 2, lambda text, done, total: heard.append((text, done, total)))
        assert steps.map("judge", codes, [1, 2, 3]) == here
    assert heard == [("judge", done, 3) for done in (1, 2, 3)]


@pytest.mark.slow
def test_a_worker_that_dies_costs_its_own_item(home: Settings) -> None:
    with open_run(home) as run:
        steps = Direct(run, 2)
        assert steps.map("judge", die_on_three, [1, 2, 3, 4], lambda item: -item) == [10, 20, -3, 40]
        with pytest.raises(WorkerLost, match="judge"):
            steps.map("judge", die_on_three, [1, 3])


@pytest.mark.slow
def test_a_bug_in_a_mapped_step_is_raised_not_hidden(home: Settings) -> None:
    for jobs in (1, 2):
        with open_run(home) as run, pytest.raises(ValueError, match="a bug"):
            Direct(run, jobs).map("judge", fail_on_two, [1, 2], lambda item: item)


@pytest.mark.slow
def test_an_error_that_cannot_be_handed_over_does_not_pass_for_a_dead_worker(home: Settings) -> None:
    with open_run(home) as run, pytest.raises(RuntimeError, match=r"Stuck: a bug"):
        Direct(run, 2).map("read-files", stick_on_two, [1, 2, 3], lambda item: item)


@pytest.mark.slow
def test_workers_keep_the_log_and_their_warnings_are_seen(home: Settings, capfd: pytest.CaptureFixture[str]) -> None:
    with open_run(home) as run:
        Direct(run, 2).map("read-files", tell_of_two, [1, 2, 3])
    kept = [json.loads(line) for line in (home.home / "log" / "ketnghia.jsonl").read_text("utf-8").splitlines()]
    assert sorted(line["item"] for line in kept if line["event"] == "item-done") == [1, 2, 3]
    assert "ketnghia: số ⟨U+001B⟩[2Jlạ\n" in capfd.readouterr().err


@pytest.mark.parametrize(
    "error",
    [
        UnreachableChannel("x"),
        ConnectionResetError(),
        TimeoutError(),
        socket.gaierror(),
        OSError(errno.ENOSPC, "full"),
        OSError(errno.EIO, "the disk"),
    ],
)
def test_what_heals_by_waiting_is_tried_again(error: Exception) -> None:
    assert heals_by_waiting(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        WorkerLost("x"),
        FileNotFoundError(),
        FileExistsError(),
        NotADirectoryError(),
        IsADirectoryError(),
        PermissionError(),
    ],
)
def test_a_bug_a_wrong_path_and_wrong_rights_are_not_waited_for(error: Exception) -> None:
    assert not heals_by_waiting(error)


def test_a_step_that_nobody_knows_is_a_bug_not_a_step_done_once(home: Settings) -> None:
    with open_run(home) as run:
        with pytest.raises(LookupError, match="delivr"):
            Direct(run).run("delivr", codes, 7)
        with pytest.raises(LookupError, match="delivr"):
            Direct(run).map("delivr", codes, [7])


def test_every_step_that_the_flows_name_has_a_policy_and_every_policy_a_step() -> None:
    flows = (path.read_text(encoding="utf-8") for path in (PROGRAM / "flows").glob("*.py"))
    named = {name for text in flows for name in re.findall(r'steps\.(?:run|map)\(\s*"([^"]*)"', text)}
    assert named == set(POLICIES)


def test_every_step_that_prints_ends_some_time() -> None:
    printing = {"redraft", "report", "unit-sheets"}
    assert {name for name, policy in POLICIES.items() if policy.timeout_seconds} == printing


@pytest.mark.parametrize(("many", "size", "sizes"), [(0, 4, []), (4, 4, [4]), (9, 4, [4, 4, 1])])
def test_items_are_taken_in_batches(many: int, size: int, sizes: Sequence[int]) -> None:
    batches = in_batches(range(many), size)
    assert [len(batch) for batch in batches] == sizes
    assert [item for batch in batches for item in batch] == list(range(many))
