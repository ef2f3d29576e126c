"""What a command computes with everything that it starts, and the most memory that one of its processes held.

Whoever starts a command here adopts the processes that outlive their parents and waits for each: a forked reader of workbooks
that is ended together with its server is nobody's child, and its seconds would be lost. This module imports little, because
what the kernel says of a process's memory begins with the memory of the one that started it.
"""

import ctypes
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
_PR_SET_CHILD_SUBREAPER = 36


class Spent(NamedTuple):
    """Seconds of the processor, MiB of the largest process, and what was printed."""

    seconds: float
    mebibytes: float
    output: str


def python(*arguments: str, endings: Collection[int] = (0,), **environment: str) -> Spent:
    """Run Python with the arguments in the checkout, and wait until nothing is left of it; no other child may be about.

    Raises:
        SystemExit: with what it printed, if it ended otherwise than by one of the codes.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryFile() as output:
        child = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT, env=_environment(environment), stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        seconds, kibibytes = usage.ru_utime + usage.ru_stime, usage.ru_maxrss
        while True:
            try:
                _, _, usage = os.wait4(-1, 0)
            except ChildProcessError:
                break
            seconds += usage.ru_utime + usage.ru_stime
            kibibytes = max(kibibytes, usage.ru_maxrss)
        output.seek(0)
        printed = output.read().decode(errors="replace")
    if child.returncode not in endings:
        raise SystemExit(f"{' '.join(arguments[:3])} failed:\n{printed}")
    return Spent(seconds, kibibytes / 1024, printed)


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """This process's, without a server of Prefect's that somebody has named; what is compiled is kept, as in an installation."""
    left_out = ("PREFECT_API_URL", "PYTHONDONTWRITEBYTECODE")
    own = {name: value for name, value in os.environ.items() if name not in left_out}
    return own | dict(more)
