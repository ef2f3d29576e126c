"""Speaks with the person at the keyboard: progress bars on a terminal, plain lines otherwise."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from services.steps import Tell


def say(text: str = "") -> None:
    """Print a line of the answer."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print a line beside the answer."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def progress() -> Iterator[Tell]:
    """A bar per long step where somebody is watching; else a line when the step begins and when it ends."""
    if not sys.stderr.isatty():
        yield _plainly
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, object] = {}

        def tell(text: str, done: int, total: int) -> None:
            if text not in tasks:
                tasks[text] = bars.add_task(text.capitalize(), total=total)
            bars.update(tasks[text], completed=done, total=total)  # type: ignore[arg-type]

        yield tell


def _plainly(text: str, done: int, total: int) -> None:
    if done in (1, total):
        complain(f"{text}: {done}/{total}")
