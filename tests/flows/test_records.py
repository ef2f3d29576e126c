"""What the log says is readable where a flow is watched."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from flows.records import ToParent, WithFields, show_records
from services.log import LOGGER, note, warn


@pytest.fixture
def shown() -> Iterator[io.StringIO]:
    yield from _shown_by(lambda screen: logging.StreamHandler(screen), WithFields())


@pytest.fixture
def told() -> Iterator[io.StringIO]:
    yield from _shown_by(ToParent)


def _shown_by(make, formatter: logging.Formatter | None = None) -> Iterator[io.StringIO]:  # type: ignore[no-untyped-def]
    screen = io.StringIO()
    handler = make(screen)
    handler.setFormatter(formatter)
    before = LOGGER.propagate, LOGGER.level
    LOGGER.setLevel(logging.INFO)
    show_records(handler)
    yield screen
    LOGGER.removeHandler(handler)
    LOGGER.propagate, LOGGER.level = before


def test_a_record_shown_by_prefect_bears_its_fields(shown: io.StringIO) -> None:
    note("file-arrived", receipt=3, file="Xã A (2).xlsx")
    warn("redraft-failed", "chưa lập lại được dự thảo", period="2024-02")
    assert shown.getvalue().splitlines() == [
        'file-arrived receipt=3 file="Xã A (2).xlsx"',
        "chưa lập lại được dự thảo event=redraft-failed period=2024-02",
    ]


def test_a_name_with_a_line_break_makes_no_second_line(shown: io.StringIO) -> None:
    note("file-arrived", file="một\nhai\x1b[2J")
    assert len(shown.getvalue().splitlines()) == 1


def test_a_parent_hears_of_progress_and_warnings_and_of_nothing_else(told: io.StringIO) -> None:
    note("file-arrived", receipt=3)
    note("progress", step="read-files", done=2, total=9)
    warn("redraft-failed", "chưa lập lại được dự thảo", period="2024-02")
    assert [json.loads(line) for line in told.getvalue().splitlines()] == [
        {"progress": {"step": "read-files", "done": 2, "total": 9}},
        {"warning": "chưa lập lại được dự thảo"},
    ]


def test_records_are_shown_once_however_often_a_run_is_opened(shown: io.StringIO) -> None:
    show_records(logging.StreamHandler(shown))
    note("once")
    assert shown.getvalue() == "once\n"
