"""What it costs to start: `python -m benchmarks.startup [RUNS [UNITS]]`, the light questions, in seconds of the processor.

Each is asked as a person asks it, in a process of its own: the help, how a month of 17 units stands, what is wrong with one
workbook. Beside them, in turns, the floor: Python alone, and Python with the libraries of tables and ledgers imported and
nothing done. What is imported is compiled by a first run that is not counted. Medians; ratios are what counts.
"""

import statistics
import tempfile
from pathlib import Path

from benchmarks._arguments import runs_and_units
from benchmarks._months import OF_DISTRICTS as PERIOD
from benchmarks._months import arrived, collected
from benchmarks._processes import python

BARE, FLOOR = "python alone", "polars and sqlalchemy imported"


def main(runs: int, units: int) -> None:
    """Measure all of it that many times, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), runs, units)


def _measure(folder: Path, runs: int, units: int) -> None:
    home = folder / "home"
    collected(home, units)
    [workbook] = arrived(folder / "sent", units=1).inbox.glob("*.xlsx")
    asked = {
        BARE: ("-c", "pass"),
        FLOOR: ("-c", "import polars, sqlalchemy"),
        "--help": ("-m", "cli.main", "--help"),
        "status": ("-m", "cli.main", "status", str(PERIOD)),
        "check": ("-m", "cli.main", "check", str(workbook)),
    }
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(runs + 1):
        for name, arguments in asked.items():
            seconds = python(*arguments, KETNGHIA_HOME=str(home)).seconds
            if number:
                taken[name].append(seconds)
    seconds_of = {name: statistics.median(each) for name, each in taken.items()}
    print(f"{PERIOD}, {units} units, medians of {runs}, seconds of the processor")
    for name, median in seconds_of.items():
        print(f"  {name:<31} {median:>6.3f} s  {median / seconds_of[FLOOR]:>6.2f} x the floor")


if __name__ == "__main__":
    main(*runs_and_units(__doc__))
