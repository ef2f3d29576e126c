"""What it costs to start: `python -m benchmarks.startup [RUNS]`, the light questions, in seconds of the processor.

Each is asked as a person asks it, in a process of its own: the help, how a month of 17 units stands, what is wrong with one
workbook. Beside them, in turns, the floor: Python alone, and Python with the libraries of tables and ledgers imported and
nothing done. What is imported is compiled by a first run that is not counted. Medians; ratios are what counts.
"""

import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks._processes import python
from domain.period import Period
from ingest.tables.reference import load_reference
from samples.months import sample_month
from samples.registers import write_sample_registers
from services.settings import PROGRAM, Settings
from tests.commands import arrive, collect_submissions, reference_of

PERIOD = Period.parse("2024-02")
BARE, FLOOR = "python alone", "polars and sqlalchemy imported"


def main(runs: int) -> None:
    """Measure all of it that many times, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), runs)


def _measure(folder: Path, runs: int) -> None:
    home, workbook = folder / "home", folder / "workbook.xlsx"
    settings = Settings(home=home, _env_file=None)
    base = load_reference(PROGRAM / "reference", folder / "none")
    write_sample_registers(base, PROGRAM / "reference", home / "reference")
    month = list(sample_month(reference_of(settings), PERIOD, with_faults=True))
    workbook.write_bytes(month[0].content)
    arrive(settings, *month)
    collect_submissions(settings)
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
            # A workbook may be returned, which is an answer.
            seconds = python(*arguments, endings=(0, 1), KETNGHIA_HOME=str(home)).seconds
            if number:
                taken[name].append(seconds)
    seconds_of = {name: statistics.median(each) for name, each in taken.items()}
    print(f"{PERIOD}, 17 units, medians of {runs}, seconds of the processor")
    for name, median in seconds_of.items():
        print(f"  {name:<31} {median:>6.3f} s  {median / seconds_of[FLOOR]:>6.2f} x the floor")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
