"""A few warmed processes to which work on received bytes is given, each piece within its bounds."""

import json
import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from domain.errors import Interrupted
from ingest.apart.bounds import Bounds, End
from ingest.apart.server import STOPPED_SECONDS

_GRACE_SECONDS = 10
"""So much longer than its work a server may take, before it is held to be lost itself."""
_LOOK_SECONDS = 1.0


class Apart:
    """Processes that import `modules` once and do work in forks, so many pieces in each; as many at once as there are.

    A process that met any misfortune is not used again.
    """

    def __init__(self, modules: Sequence[str], size: int = 1, pieces: int = 1) -> None:
        self._modules, self._pieces = modules, pieces
        self._idle: queue.LifoQueue[_Server | None] = queue.LifoQueue()
        for _ in range(size):
            self._idle.put(None)
        self._size = size

    def close(self) -> None:
        """End the processes, once each has done what it is at."""
        for server in [self._idle.get() for _ in range(self._size)]:
            if server is not None:
                server.end()
            self._idle.put(None)

    def run(self, function: str, arguments: tuple[object, ...], bounds: Bounds) -> bytes:
        """What `module:function` gives for the arguments, in a process apart.

        Raises:
            Interrupted: if it did not come to its end; it may be tried again.
        """
        with self._server() as server:
            return server.run(function, arguments, bounds)

    @contextmanager
    def _server(self) -> Iterator["_Server"]:
        server = self._idle.get()
        try:
            if server is None:
                server = _Server(self._modules, self._pieces)
            yield server
        except BaseException:
            if server is not None:
                server.end()
                server = None
            raise
        finally:
            self._idle.put(server)


class _Server:
    """One process that forks children to do pieces of work."""

    def __init__(self, modules: Sequence[str], pieces: int) -> None:
        command = [sys.executable, "-m", "ingest.apart.server", str(pieces), *modules]
        # What opens strangers' files needs none of the office's passwords.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KETNGHIA_")}
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=Path(__file__).parents[2],
                env=environment,
                start_new_session=True,
            )
        except (OSError, MemoryError) as error:
            raise _interrupted(End.UNSTARTED, str(error)) from error

    def run(self, function: str, arguments: tuple[object, ...], bounds: Bounds) -> bytes:
        # By a file, because a pipe is soon full, and whoever writes into it waits for a server that may be stopped.
        with tempfile.NamedTemporaryFile() as request:
            # The bounds by themselves: the server wants no more, and the rest may be many megabytes.
            pickle.dump(bounds, request)
            pickle.dump((function, arguments), request)
            request.flush()
            answer = self._asked(request.name, bounds)
        head, _, content = answer.partition(b"\n")
        told = json.loads(head)
        end = End(told["end"])
        if end is not End.DONE:
            raise _interrupted(end, told["detail"] or content.decode(errors="replace"))
        return content

    def _asked(self, request: str, bounds: Bounds) -> bytes:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(request.encode() + b"\n")
            self._process.stdin.flush()
        except OSError as error:
            raise _interrupted(End.KILLED, "the process was gone") from error
        return self._answer(bounds)

    def _answer(self, bounds: Bounds) -> bytes:
        """The head line and the content behind it."""
        assert self._process.stdout is not None
        source = self._process.stdout.fileno()
        until = time.monotonic() + bounds.clock_seconds + _GRACE_SECONDS
        stopped_since: float | None = None
        found, wanted = bytearray(), None
        while wanted is None or len(found) < wanted:
            if select.select([source], [], [], _LOOK_SECONDS)[0]:
                part = os.read(source, 1 << 20)
                if not part:
                    raise _interrupted(End.KILLED, f"exit code {self._process.wait()}")
                found += part
                if wanted is None and b"\n" in found:
                    place = found.index(b"\n")
                    wanted = place + 1 + int(json.loads(found[:place])["size"])
                continue
            now = time.monotonic()
            stopped_since = (stopped_since or now) if _is_stopped(self._process.pid) else None
            if now > until or (stopped_since is not None and now > stopped_since + STOPPED_SECONDS):
                raise _interrupted(End.CLOCK if stopped_since is None else End.STOPPED, "")
        return bytes(found)

    def end(self) -> None:
        """End the process and whatever it has forked, also where somebody stopped it."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()


def _interrupted(end: End, detail: str) -> Interrupted:
    return Interrupted.of(end, end.label, detail)


def _is_stopped(process: int) -> bool:
    """Whether somebody has stopped the process; where the system does not say, it is taken as running."""
    try:
        state = (
            Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        )
    except (OSError, IndexError):
        return False
    return state in ("T", "t")
