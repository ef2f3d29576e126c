"""Judging is a step of its own: it stores nothing, and what it found is kept by the next."""

from collections.abc import Callable

import pytest

from ingest.workbook.packed import PackedWorkbook
from services.intake.arrivals import archive_arrivals, find_unjudged
from services.intake.judge_batch import Examined, judge_batch
from services.intake.keep import keep_judged
from services.intake.read import read_batch
from services.run import open_run
from services.settings import Settings

pytestmark = pytest.mark.slow


def test_a_workbook_that_was_judged_waits_until_it_is_kept(settings: Settings, fill_inbox: Callable[..., None]) -> None:
    fill_inbox("2024-01", with_faults=False, only={"622"})
    with open_run(settings) as run:
        archive_arrivals(run)
        waiting = find_unjudged(run)
        arrivals = {entry.arrival.sha256: entry.arrival for entry in waiting}
        books = [book for book in read_batch(run, waiting) if isinstance(book, PackedWorkbook)]
        judged = judge_batch(run, books, arrivals)
        assert [each.verdict.counts for each in judged if isinstance(each, Examined)] == [True]
        assert find_unjudged(run) == waiting
        keep_judged(run, judged, arrivals)
        assert find_unjudged(run) == []
