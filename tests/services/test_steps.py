"""Steps run here or in several processes give the same; a worker that dies costs its own item at most."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from domain.errors import UnreachableChannel, WorkerLost
from services.run import Run, open_run
from services.settings import Settings
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


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    return Settings(home=home, _env_file=None)


def test_a_step_is_handed_the_run_and_its_arguments(home: Settings) -> None:
    with open_run(home) as run:
        assert Direct(run).run("codes", codes, 7) == (7, run.tables.version, len(run.reference.units.rows))


@pytest.mark.slow
def test_mapped_in_processes_or_here_the_results_are_the_same_and_in_order(home: Settings) -> None:
    heard: list[tuple[str, int, int]] = []
    with open_run(home) as run:
        here = Direct(run).map("codes", codes, [1, 2, 3])
        steps = Direct(run, 2, lambda text, done, total: heard.append((text, done, total)))
        assert steps.map("codes", codes, [1, 2, 3]) == here
    assert heard == [("codes", done, 3) for done in (1, 2, 3)]


@pytest.mark.slow
def test_a_worker_that_dies_costs_its_own_item(home: Settings) -> None:
    with open_run(home) as run:
        steps = Direct(run, 2)
        assert steps.map("die", die_on_three, [1, 2, 3, 4], lambda item: -item) == [10, 20, -3, 40]
        with pytest.raises(WorkerLost, match="die"):
            steps.map("die", die_on_three, [1, 3])


@pytest.mark.slow
def test_a_bug_in_a_mapped_step_is_raised_not_hidden(home: Settings) -> None:
    for jobs in (1, 2):
        with open_run(home) as run, pytest.raises(ValueError, match="a bug"):
            Direct(run, jobs).map("fail", fail_on_two, [1, 2], lambda item: item)


def test_only_what_heals_by_waiting_is_tried_again() -> None:
    assert heals_by_waiting(UnreachableChannel("x"))
    assert heals_by_waiting(ConnectionResetError())
    assert not heals_by_waiting(ValueError())
    assert not heals_by_waiting(WorkerLost("x"))


@pytest.mark.parametrize(("many", "size", "sizes"), [(0, 4, []), (4, 4, [4]), (9, 4, [4, 4, 1])])
def test_items_are_taken_in_batches(many: int, size: int, sizes: Sequence[int]) -> None:
    batches = in_batches(range(many), size)
    assert [len(batch) for batch in batches] == sizes
    assert [item for batch in batches for item in batch] == list(range(many))
