"""However a command ends, the sentence says where."""

import errno
import os
from pathlib import Path

import pytest

from cli.ending import told
from domain.errors import Ending


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), RuntimeError(f"io: {os.strerror(errno.ENOSPC)}")]
)
def test_that_there_is_no_room_is_told_with_the_places_and_what_is_left(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KETNGHIA_HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/")
    ending, sentence = told(error)
    assert ending is Ending.MACHINE
    assert f"{tmp_path} còn " in sentence
    assert "/ còn " in sentence


def test_other_refusals_name_no_disk() -> None:
    assert told(OSError(errno.EIO, "x")) == (
        Ending.MACHINE,
        "Máy không làm được việc này: ổ đĩa có lỗi; kiểm tra ổ đĩa trước khi chạy lại.",
    )
