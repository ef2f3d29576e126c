"""Speaks with the person at the terminal: lines, progress, warnings; whatever others wrote is made visible first."""

import json
import logging
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from domain.text import visible
from services.log import LIBRARIES, LOGGER
from services.policies import POLICIES
from services.progress import Progress

_LONG_WORK = {
    "forms": "lập biểu mẫu",
    "judge": "kiểm tra và lưu",
    "backup": "sao lưu",
    "restore": "phục hồi",
    "rehearse": "thử quy tắc",
    "rejudge": "kiểm tra lại",
    "samples": "bài nộp giả định",
}
"""What long work is called that is no step of a flow, or only a part of one."""
STEPS = {name: policy.label for name, policy in POLICIES.items()} | _LONG_WORK
"""What a step is called where people read it."""


def say(text: str = "") -> None:
    """Print a line of the answer; whoever read it may have gone, which ends the command as in any shell."""
    try:
        print(visible(text), flush=True)
    except BrokenPipeError:
        # What Python still holds of the answer must not be tried once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(signalled(signal.SIGPIPE))


def signalled(number: signal.Signals) -> int:
    """The exit code of a command that a signal ended, as shells give it."""
    return 128 + number


def say_json(value: object) -> None:
    """Print a value as indented JSON."""
    for line in json.dumps(value, ensure_ascii=False, indent=2, default=str).split("\n"):
        say(line)


def complain(text: str) -> None:
    """Print a line beside the answer."""
    print(visible(text), file=sys.stderr, flush=True)


class OnTerminal(logging.Handler):
    """Shows warnings of the log beside the answer; the error a command ends with is told by whoever ends it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the sentence of the record."""
        complain(f"ketnghia: {record.getMessage()}")


def show_warnings() -> None:
    """From now on warnings of the log are shown here, once each, and none of a library's."""
    LOGGER.propagate = False
    if not any(isinstance(handler, OnTerminal) for handler in LOGGER.handlers):
        handler = OnTerminal(logging.WARNING)
        handler.addFilter(lambda record: record.levelno < logging.ERROR)
        LOGGER.addHandler(handler)
    for library in LIBRARIES:
        # Without a handler of its own a library's warning would be printed by Python itself.
        library.propagate = False
        library.addHandler(logging.NullHandler())


@contextmanager
def progress() -> Iterator[Progress]:
    """A bar per long step where somebody is watching; else a line when the step begins and when it ends."""
    if not sys.stderr.isatty():
        yield _plainly
        return
    from rich.console import Console
    from rich.progress import Progress as Bars

    with Bars(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def on_progress(text: str, done: int, total: int) -> None:
            if text not in tasks:
                tasks[text] = bars.add_task(visible(STEPS.get(text, text)).capitalize(), total=total)
            bars.update(tasks[text], completed=done, total=total)  # type: ignore[arg-type]

        yield on_progress


def _plainly(text: str, done: int, total: int) -> None:
    if done in (1, total):
        complain(f"{STEPS.get(text, text)}: {done}/{total}")
