"""What a process of Python computes, as the one who started it is charged for it."""

import os
import resource
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

from services.settings import PROGRAM


def cpu_seconds(home: Path, *arguments: str, endings: Collection[int] = (0,)) -> float:
    """Seconds of the processor, user and system, of `python ARGUMENTS…` and of all processes that it waited for.

    What it imports is compiled beforehand or by the first run, beside `home`, as an installation has it.

    Raises:
        RuntimeError: if it ends otherwise than by one of the codes.
    """
    compiled = {"PYTHONPYCACHEPREFIX": str(home.parent / "compiled"), "KETNGHIA_HOME": str(home)}
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | compiled
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=PROGRAM, env=environment, check=False, capture_output=True, text=True
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in endings:
        raise RuntimeError(done.stderr)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
