"""Runs a command and writes how many lines of each function of ours it went through: what it did, whatever the machine.

`python -m tests.line_counts OUT COMMAND …`. The processes that a command starts are not followed.
"""

import json
import runpy
import sys
import threading
from collections import Counter
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

from reports.pdf import inspect, render
from services.settings import PROGRAM

_OURS, _OTHERS = f"{PROGRAM}/", f"{PROGRAM}/.venv/"
_lines: Counter[CodeType] = Counter()


def _follow(frame: FrameType, event: str, _: object) -> Any:
    file = frame.f_code.co_filename
    if not file.startswith(_OURS) or file.startswith(_OTHERS):
        return None
    _lines[frame.f_code] += 1
    return _follow


def _unfollowed(work: Callable[..., Any]) -> Callable[..., Any]:
    """The work, during which nobody counts: what libraries do there is not ours, and takes three times as long followed."""

    def done(*arguments: Any, **named: Any) -> Any:
        sys.settrace(None)
        try:
            return work(*arguments, **named)
        finally:
            sys.settrace(_follow)

    return done


def main() -> None:
    """Run the command as a person would, and write the lines of each function."""
    out, *sys.argv[1:] = sys.argv[1:]
    render.render_pdf = _unfollowed(render.render_pdf)
    layout = cached_property(_unfollowed(render.Page.document.func))
    layout.__set_name__(render.Page, "document")
    render.Page.document = layout
    inspect.open_pdf = _unfollowed(inspect.open_pdf)
    threading.settrace(_follow)
    sys.settrace(_follow)
    try:
        runpy.run_module("cli.main", run_name="__main__")
    finally:
        sys.settrace(None)
        threading.settrace(None)  # type: ignore[arg-type]
        counts: Counter[str] = Counter()
        for code, lines in _lines.items():
            place = Path(code.co_filename).relative_to(PROGRAM)
            counts[f"{place}:{code.co_firstlineno} {code.co_qualname}"] += lines
        Path(out).write_text(json.dumps(counts), encoding="utf-8")


if __name__ == "__main__":
    main()
