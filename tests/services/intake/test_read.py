"""Files are read beside each other; on a machine that reads nothing the run ends soon, and nobody gets a verdict."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import Interrupted
from ingest.apart.bounds import End
from ingest.workbook.readers import Readers
from services.intake import read
from services.intake.arrivals import find_unjudged
from services.intake.read import NotRead, read_batch
from services.run import open_run
from services.settings import Settings
from tests.commands import collect_submissions


@pytest.mark.slow
def test_a_machine_that_reads_nothing_is_not_asked_for_each_file(
    settings: Settings, fill_inbox: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill_inbox("2024-01", with_faults=False)
    asked: list[Path] = []

    def stuck(_: Readers, path: Path, *__: object) -> None:
        asked.append(path)
        raise Interrupted.of(End.CLOCK, End.CLOCK.label, "")

    monkeypatch.setattr(Readers, "read", stuck)
    monkeypatch.setattr(Readers, "can_read", lambda _: False)
    monkeypatch.setattr(read, "MOST_LEFT_IN_A_ROW", 2)
    with open_run(settings) as run:
        waiting = find_unjudged(run)
        outcomes = read_batch(run, waiting)
    assert len(outcomes) == len(waiting) == 17
    assert all(isinstance(each, NotRead) for each in outcomes)
    assert len(asked) < 8
    assert collect_submissions(settings) == []
    monkeypatch.undo()
    assert len(collect_submissions(settings)) == 17
