"""The demonstration's screen: what the process of the flows says, in Vietnamese."""

import json

import pytest

from cli.commands.demo import _follow
from cli.terminal import progress


def lines(*said: object) -> list[bytes]:
    return [json.dumps(each).encode() + b"\n" for each in said]


def test_progress_and_warnings_are_shown_in_vietnamese_and_the_result_is_given(
    capsys: pytest.CaptureFixture[str],
) -> None:
    said = lines(
        {"progress": {"step": "read-files", "done": 119, "total": 119}},
        {"warning": "hộp thư không trả lời"},
        {"result": {"edition": "2024-02-1"}},
    )
    with progress() as on_progress:
        assert _follow(said, on_progress) == {"edition": "2024-02-1"}
    assert capsys.readouterr().err.splitlines() == ["đọc tệp: 119/119", "ketnghia: hộp thư không trả lời"]


def test_a_line_that_a_library_printed_is_shown_and_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with progress() as on_progress:
        assert _follow([b"hello\n"], on_progress) is None
    assert capsys.readouterr().err == "hello\n"
