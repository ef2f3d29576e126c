"""What the log says is readable where a flow is watched."""

import io
import json
import logging

import pytest

from flows.records import ToParent, WithFields, show_records
from services.log import LOGGER, note, warn


@pytest.fixture(autouse=True)
def _nobody_watches_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LOGGER, "handlers", [])
    LOGGER.setLevel(logging.INFO)


@pytest.fixture
def shown() -> io.StringIO:
    screen = io.StringIO()
    handler = logging.StreamHandler(screen)
    handler.setFormatter(WithFields())
    show_records(handler)
    return screen


@pytest.fixture
def told() -> io.StringIO:
    screen = io.StringIO()
    show_records(ToParent(screen))
    return screen


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
