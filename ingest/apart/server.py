"""The process that forks children to do pieces of work: `python -m ingest.apart.server PIECES MODULE…`.

It imports the modules once, and lets each warm up, so that a child costs milliseconds. A child does so many pieces, each
within its own bounds, and is gone; after any misfortune it is gone at once, and the next piece begins in a new one. The
names of files with requests come in at standard input, answers go out at standard output.
"""

import gc
import json
import math
import os
import pickle
import resource
import select
import signal
import struct
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from ingest.apart.bounds import Bounds, End

_RAISED, _OUT_OF_MEMORY = 70, 71
_OWN_FAULTS = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGXFSZ)
_LOOK_SECONDS = 0.2
_LEAST_SHARE = {signal.SIGXCPU: 0.5, signal.SIGKILL: 0.9}
"""What part of its seconds a piece has used at the least when the system ends it for them; the system's own clock of a
process runs by ticks, and on a busy machine fast."""
STOPPED_SECONDS = 5.0
"""So long a stopped child may wait for somebody to continue it."""


def main() -> None:
    """Serve until whoever asks is gone."""
    # A key pressed at the terminal goes to whole groups of processes; whoever started this one ends it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pieces, *names = sys.argv[1:]
    for name in names:
        module = import_module(name)
        if hasattr(module, "warm_up"):
            module.warm_up()
    # Nothing that lives by now will ever be garbage; children share it untouched.
    gc.collect()
    gc.freeze()
    child: _Child | None = None
    while request := sys.stdin.readline().rstrip("\n"):
        child = child or _Child()
        end, detail, content = child.do(request)
        head = {"end": end, "detail": detail, "size": len(content)}
        sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + content)
        sys.stdout.buffer.flush()
        if end is not End.DONE or child.done >= int(pieces):
            child.dismiss()
            child = None


class _Child:
    """A fork, the pipe by which it hears of work, and the one by which it tells that a piece is done."""

    def __init__(self) -> None:
        self.done = 0
        self._seconds = 0.0
        self._written = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the child
        orders, self._orders = os.pipe()
        self._reports, reports = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._orders)
            _work(orders, reports, self._written.fileno())
        os.close(orders)
        os.close(reports)

    def do(self, request: str) -> tuple[End, str, bytes]:
        """Have it do a piece of work: how that ended, what else is known, and what it wrote."""
        with Path(request).open("rb") as file:
            bounds: Bounds = pickle.load(file)
        with suppress(BrokenPipeError):
            # One that somebody ended in the meantime is found to be gone.
            os.write(self._orders, request.encode() + b"\n")
        end, detail = self._wait(bounds)
        self.done += 1
        size = os.fstat(self._written.fileno()).st_size
        return end, detail, os.pread(self._written.fileno(), size, 0)

    def dismiss(self) -> None:
        """Let it go: it has ended, or has nothing to do."""
        if self._pid:
            os.kill(self._pid, signal.SIGKILL)
            os.wait4(self._pid, 0)
        os.close(self._orders)
        os.close(self._reports)
        self._written.close()

    def _wait(self, bounds: Bounds) -> tuple[End, str]:
        """How the piece ended; one that lasts too long, or whose process is stopped and not continued, is ended here."""
        until = time.monotonic() + bounds.clock_seconds
        stopped_since: float | None = None
        while True:
            if select.select([self._reports], [], [], _LOOK_SECONDS)[0] and (told := os.read(self._reports, 8)):
                [self._seconds] = struct.unpack("<d", told)
                return End.DONE, ""
            found, status, usage = os.wait4(self._pid, os.WNOHANG | os.WUNTRACED | os.WCONTINUED)
            now = time.monotonic()
            if found and os.WIFSTOPPED(status):
                stopped_since = now
            elif found and os.WIFCONTINUED(status):
                stopped_since = None
            elif found:
                self._pid = 0
                return _end_of(status, usage.ru_utime + usage.ru_stime - self._seconds, bounds)
            is_left_stopped = stopped_since is not None and now > stopped_since + STOPPED_SECONDS
            if is_left_stopped or now > until:
                os.kill(self._pid, signal.SIGKILL)
                return (End.STOPPED if is_left_stopped else End.CLOCK), ""


def _work(orders: int, reports: int, written: int) -> NoReturn:
    """What the child does, piece by piece; it never comes back."""
    code = _RAISED
    try:
        # Neither what it prints nor what it reads may come between the server and whoever asked.
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        for request in os.fdopen(orders, encoding="utf-8"):
            with Path(request.rstrip("\n")).open("rb") as file:
                bounds, (function, arguments) = pickle.load(file), pickle.load(file)
            _confine(bounds)
            os.ftruncate(written, 0)
            os.lseek(written, 0, os.SEEK_SET)
            module, _, name = function.partition(":")
            _write(written, getattr(import_module(module), name)(*arguments))
            os.write(reports, struct.pack("<d", time.process_time()))
        code = 0
    except MemoryError:
        code = _OUT_OF_MEMORY
    except BaseException:
        # A reader's panic is no `Exception`; whatever it is, the parent hears of it.
        _write(written, traceback.format_exc().encode(errors="replace"))
    finally:
        os._exit(code)


def _confine(bounds: Bounds) -> None:
    """Set what the next piece may take."""
    resource.setrlimit(resource.RLIMIT_AS, (bounds.memory_bytes, bounds.memory_bytes))
    # Of the processor each piece has seconds of its own, beyond what those before it have used.
    seconds = math.ceil(time.process_time()) + bounds.seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.getrlimit(resource.RLIMIT_CPU)[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds.answer_bytes, bounds.answer_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _write(file: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(file, view) :]


def _end_of(status: int, seconds: float, bounds: Bounds) -> tuple[End, str]:
    if os.WIFEXITED(status):
        # A piece that is done is reported; whoever leaves without a report has given up.
        ends = {_RAISED: End.RAISED, _OUT_OF_MEMORY: End.MEMORY}
        return ends.get(os.WEXITSTATUS(status), End.CRASHED), ""
    ended_by = signal.Signals(os.WTERMSIG(status))
    # Whoever lowers the bounds from outside sends the same signal early; that is none of the work's doing.
    if seconds >= _LEAST_SHARE.get(ended_by, math.inf) * bounds.seconds:
        return End.PROCESSOR, ended_by.name
    return (End.CRASHED if ended_by in _OWN_FAULTS else End.KILLED), ended_by.name


if __name__ == "__main__":
    main()
