"""The process that forks one child per piece of work: `python -m ingest.apart.server MODULE…`.

It imports the modules once, and lets each warm up, so that a child costs milliseconds; each child starts from the same untouched state, works
within its bounds and is gone. The names of files with requests come in at standard input, answers go out at standard output.
"""

import gc
import json
import os
import pickle
import resource
import signal
import sys
import tempfile
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import BinaryIO, NoReturn

from ingest.apart.bounds import Bounds, End

_RAISED, _OUT_OF_MEMORY = 70, 71
_OWN_FAULTS = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGXFSZ)
STOPPED_SECONDS = 5.0
"""So long a stopped child may wait for somebody to continue it."""


def main() -> None:
    """Serve until whoever asks is gone."""
    # A key pressed at the terminal goes to whole groups of processes; whoever started this one ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in sys.argv[1:]:
        module = import_module(name)
        if hasattr(module, "warm_up"):
            module.warm_up()
    # Nothing that lives by now will ever be garbage; children share it untouched.
    gc.collect()
    gc.freeze()
    while request := sys.stdin.readline().rstrip("\n"):
        function, arguments, bounds = pickle.loads(Path(request).read_bytes())
        _serve(function, arguments, bounds, sys.stdout.buffer)


def _serve(function: str, arguments: tuple[object, ...], bounds: Bounds, answers: BinaryIO) -> None:
    with tempfile.TemporaryFile() as written:
        child = os.fork()
        if child == 0:
            _work(function, arguments, bounds, written.fileno())
        end, detail = _wait(child, bounds)
        content = os.pread(written.fileno(), os.fstat(written.fileno()).st_size, 0)
    head = {"end": end, "detail": detail, "size": len(content)}
    answers.write(json.dumps(head).encode() + b"\n" + content)
    answers.flush()


def _work(function: str, arguments: tuple[object, ...], bounds: Bounds, written: int) -> NoReturn:
    """What the child does; it never comes back."""
    code = _RAISED
    try:
        # Neither what it prints nor what it reads may come between the server and whoever asked.
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
        resource.setrlimit(resource.RLIMIT_CPU, (bounds.seconds, bounds.seconds + 1))
        resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.answer_bytes, bounds.answer_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        module, _, name = function.partition(":")
        _write(written, getattr(import_module(module), name)(*arguments))
        code = 0
    except MemoryError:
        code = _OUT_OF_MEMORY
    except BaseException:
        # A reader's panic is no `Exception`; whatever it is, the parent hears of it.
        _write(written, traceback.format_exc().encode(errors="replace"))
    finally:
        os._exit(code)


def _write(file: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]


def _wait(child: int, bounds: Bounds) -> tuple[End, str]:
    """How the child ended; one that lasts too long, or is stopped and not continued, is ended here."""
    until = time.monotonic() + bounds.clock_seconds
    stopped_since: float | None = None
    pause = 0.0005
    while True:
        found, status, usage = os.wait4(child, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
        now = time.monotonic()
        if found and os.WIFSTOPPED(status):
            stopped_since = now
        elif found and os.WIFCONTINUED(status):
            stopped_since = None
        elif found:
            return _end_of(status, usage.ru_utime + usage.ru_stime, bounds)
        is_left_stopped = stopped_since is not None and now > stopped_since + STOPPED_SECONDS
        if is_left_stopped or now > until:
            os.kill(child, signal.SIGKILL)
            os.wait4(child, 0)
            return (End.STOPPED if is_left_stopped else End.CLOCK), ""
        time.sleep(pause)
        pause = min(2 * pause, 0.02)


def _end_of(status: int, seconds: float, bounds: Bounds) -> tuple[End, str]:
    if os.WIFEXITED(status):
        ends = {0: End.DONE, _RAISED: End.RAISED, _OUT_OF_MEMORY: End.MEMORY}
        return ends.get(os.WEXITSTATUS(status), End.CRASHED), ""
    ended_by = signal.Signals(os.WTERMSIG(status))
    # Whoever lowers the bounds from outside sends the same signal early; that is none of the work's doing.
    if seconds >= 0.9 * bounds.seconds and ended_by in (signal.SIGXCPU, signal.SIGKILL):
        return End.PROCESSOR, ended_by.name
    return (End.CRASHED if ended_by in _OWN_FAULTS else End.KILLED), ended_by.name


if __name__ == "__main__":
    main()
