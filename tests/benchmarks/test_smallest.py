"""Every benchmark runs, once and at its smallest size; the ratios it prints then say nothing."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
SMALLEST = {
    "backfill": (["2"], r"--jobs 2: \S+ months/s, \d+\.\d+ x the floor"),
    "collect": (
        ["--files", "2", "4", "--rows", "1"],
        r"4 files of 1 rows: .* \(-?\d+ times bare calamine\), parent \d+ MiB\n(.*\n)+1 rows: grows with exponent",
    ),
    "deliver": (["1", "2"], r"; \d+\.\d+ x\n +program grows with exponent"),
    "expectations": (
        ["50", "100"],
        r"pandas +\d+\.\d+ s +\d+\.\d+ x bare Polars\n(.*\n)+ +pandas +grows with exponent",
    ),
    "figures": (["100", "200"], r"duckdb .* \d+\.\d+ x the program\n(.*\n)+ +duckdb +grows with exponent"),
    "ledger": (["1000", "--runs", "1"], r"half inside: report \d+\.\d+ s, \d+ MiB; trace \d+\.\d+ s, \d+ MiB"),
    "month": (["2", "--runs", "1"], r"usual parts without Prefect \d+\.\d+ s, \d+\.\d+ x the program"),
    "report": (["1", "2"], r"report on unchanged data \d+\.\d+ s, \d+\.\d+ x status"),
    "startup": (["1", "2"], r"check +\d+\.\d+ s +\d+\.\d+ x the floor"),
    "render": (["5"], r"typst, 1 process +\d+\.\d +\d+\.\d+\n"),
}


def test_every_benchmark_has_a_smallest_size() -> None:
    assert {path.stem for path in (ROOT / "benchmarks").glob("[!_]*.py")} == set(SMALLEST)


@pytest.mark.parametrize("name", SMALLEST)
def test_a_benchmark_runs_and_prints_a_ratio(name: str) -> None:
    arguments, ratio = SMALLEST[name]
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{name}", *arguments],
        cwd=ROOT, env=os.environ | {"PYTHONUTF8": "1"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(ratio, done.stdout), done.stdout
