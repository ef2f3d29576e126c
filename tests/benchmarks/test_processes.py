"""In a process of its own, for what is measured there waits for every child that it has."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
_ORPHAN = """
import os, time
if os.fork() == 0:
    while time.process_time() < 0.5:
        pass
"""


def _spent(code: str) -> list[str]:
    command = f"from benchmarks._processes import python; print(*python('-S', '-c', {code!r}))"
    done = subprocess.run([sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    return [*done.stdout.split(), *done.stderr.split()]


def test_what_a_process_leaves_behind_is_waited_for_and_counted() -> None:
    seconds, _ = _spent(_ORPHAN)

    assert float(seconds) >= 0.5


def test_memory_is_that_of_the_largest_process() -> None:
    _, mebibytes = _spent("import os; os.fork() or bytearray(150_000_000)")

    assert 140 < float(mebibytes) < 300


def test_a_command_that_fails_is_told_with_what_it_printed() -> None:
    told = " ".join(_spent("raise SystemExit('no such month')"))

    assert "failed" in told
    assert "no such month" in told
