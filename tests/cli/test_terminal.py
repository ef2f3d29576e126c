"""What others wrote reaches the terminal as it really is, and nothing else of it."""

import re

import pytest

from cli import terminal
from services import log
from services.policies import POLICIES
from services.settings import PROGRAM


def test_a_warning_is_one_line_beside_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.show_warnings()
    log.warn("stranger-refused", "Thư của người lạ: a@b.example “\x1b[2Jxóa màn hình”", sender="a@b.example")
    log.note("step-finished", step="read-files")
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == "ketnghia: Thư của người lạ: a@b.example “⟨U+001B⟩[2Jxóa màn hình”\n"


def test_json_is_printed_with_its_lines_and_without_marks(capsys: pytest.CaptureFixture[str]) -> None:
    terminal.say_json({"tên": "a\u202eb", "dòng": "1\n2"})
    assert capsys.readouterr().out == '{\n  "tên": "a⟨U+202E⟩b",\n  "dòng": "1\\n2"\n}\n'


def test_every_step_that_tells_how_far_it_has_come_has_its_vietnamese_name() -> None:
    rooms = [PROGRAM / room for room in ("flows", "services")]
    texts = [path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py")]
    telling = {name for text in texts for name in re.findall(r'(?:steps\.map|on_progress)\(\s*"([^"]*)"', text)}
    assert telling <= set(terminal.STEPS)
    assert set(terminal.STEPS) - set(POLICIES) <= telling
