"""What a report costs: `python -m benchmarks.report [RUNS [UNITS]]`, one month of 17 units, in seconds of the processor.

`ketnghia report` is started as a person starts it: of data that nobody has reported yet, and again of the same data. Beside
it the floor: a process that lays the same HTML out as the same kind of PDF, once and without data, copies or workbook; and one
that only says how the month stands. Medians; ratios are what counts, machines differ.
"""

import shutil
import statistics
import tempfile
from pathlib import Path

from benchmarks._arguments import runs_and_units
from benchmarks._months import OF_DISTRICTS as PERIOD
from benchmarks._months import collected
from benchmarks._processes import python

FLOOR = """
import sys
from pathlib import Path
from reports.pdf.render import Page, render_pdf
from services.settings import Settings
render_pdf(Page(Path(sys.argv[1]).read_text(encoding="utf-8"), Settings(_env_file=None).fonts))
"""


def main(runs: int, units: int) -> None:
    """Measure all of it that many times, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), runs, units)


def _measure(folder: Path, runs: int, units: int) -> None:
    settings = collected(folder / "collected", units)
    taken: dict[str, list[float]] = {name: [] for name in ("floor", "report", "again", "status")}
    for number in range(runs):
        home = folder / f"home {number}"
        shutil.copytree(settings.home, home)
        taken["report"].append(_command(home, "report", str(PERIOD)))
        taken["again"].append(_command(home, "report", str(PERIOD)))
        taken["status"].append(_command(home, "status", str(PERIOD)))
        [page] = (home / "editions").glob("*/bao-cao.html")
        taken["floor"].append(python("-c", FLOOR, str(page)).seconds)
    seconds = {name: statistics.median(each) for name, each in taken.items()}
    print(f"{PERIOD}, {units} units, medians of {runs}: the same HTML by WeasyPrint alone {seconds['floor']:.2f} s")
    print(f"  report {seconds['report']:.2f} s, {seconds['report'] / seconds['floor']:.2f} x the floor")
    print(f"  report on unchanged data {seconds['again']:.2f} s, {seconds['again'] / seconds['status']:.2f} x status")


def _command(home: Path, *arguments: str) -> float:
    return python("-m", "cli.main", *arguments, KETNGHIA_HOME=str(home)).seconds


if __name__ == "__main__":
    main(*runs_and_units(__doc__))
