"""Three times the units are three times the lines, in every function: none goes through all units once for each of them.

What one line does in a library (a filter in Polars, a search in a list) is not seen; the exponents of the benchmarks tell of that.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from services.settings import PROGRAM
from tests.journeys.test_country import PERIOD, made

pytestmark = pytest.mark.slow
FEW, MANY = 150, 450
COMMANDS: Mapping[str, tuple[str, ...]] = {
    "collect": (),
    "report": (str(PERIOD),),
    "status": (str(PERIOD),),
    "verify": ("--ledger",),
    "report of units": (str(PERIOD),),
}
_MOST = 1.3
"""The exponent; sorting takes a little more than 1, looking everything up in everything 2."""
_WORTH_A_LOOK = 3_000
"""Lines: below it a function costs nothing, however it grows."""
_OF_A_UNIT = 100
"""Lines for each of the few, of what happens among many alone."""


def lines_of(home: Path, units: int) -> dict[str, dict[str, int]]:
    """For each command, on a month of so many units, the lines that each function went through."""
    settings = made(home, units, rows=4)
    codes = sorted({place.name.split("_")[1] for place in settings.inbox.rglob("*.xlsx")})
    some = tuple(word for code in codes[-units // 50 :] for word in ("--unit", code))
    found = {}
    for name, arguments in COMMANDS.items():
        out = home / f"{name}.json"
        done = subprocess.run(
            [
                sys.executable, "-m", "tests.line_counts", str(out), name.split()[0],
                *arguments, *(some if name.endswith("units") else ()),
            ],
            cwd=PROGRAM, env=os.environ | {"KETNGHIA_HOME": str(home)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        # That some workbooks are returned is an answer.
        assert done.returncode in (0, 1), done.stderr
        found[name] = json.loads(out.read_text(encoding="utf-8"))
    return found


def test_no_function_does_more_than_its_share_where_there_are_more_units(tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        few, many = pool.map(lines_of, (tmp_path / "few", tmp_path / "many"), (FEW, MANY))
    exponents = {
        f"{command}: {function}": math.log(lines / few[command].get(function, FEW * _OF_A_UNIT)) / math.log(MANY / FEW)
        for command, functions in many.items()
        for function, lines in functions.items()
        if lines > _WORTH_A_LOOK
    }
    assert len(exponents) > 300
    assert {name: exponent for name, exponent in exponents.items() if exponent > _MOST} == {}
