"""What a report costs: `python -m benchmarks.report [RUNS]`, one month of 17 units, in seconds of the processor.

`ketnghia report` is started as a person starts it: of data that nobody has reported yet, and again of the same data. Beside
it the floor: a process that lays the same HTML out as the same kind of PDF, once and without data, copies or workbook; and one
that only says how the month stands. Medians; ratios are what counts, machines differ.
"""

import shutil
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
FLOOR = """
import sys
from pathlib import Path
from reports.pdf.render import render_pdf
from services.settings import Settings
render_pdf(Path(sys.argv[1]).read_text(encoding="utf-8"), Settings(_env_file=None).fonts)
"""


def main(runs: int) -> None:
    """Measure all of it that many times, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        _measure(Path(folder), runs)


def _measure(folder: Path, runs: int) -> None:
    settings = Settings(home=folder / "collected", _env_file=None)
    base = load_reference(PROGRAM / "reference", folder / "none")
    write_sample_registers(base, PROGRAM / "reference", settings.home / "reference")
    arrive(settings, *sample_month(reference_of(settings), PERIOD, with_faults=True))
    collect_submissions(settings)
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
    print(f"{PERIOD}, 17 units, medians of {runs}: the same HTML by WeasyPrint alone {seconds['floor']:.2f} s")
    print(f"  report {seconds['report']:.2f} s, {seconds['report'] / seconds['floor']:.2f} x the floor")
    print(f"  report on unchanged data {seconds['again']:.2f} s, {seconds['again'] / seconds['status']:.2f} x status")


def _command(home: Path, *arguments: str) -> float:
    return python("-m", "cli.main", *arguments, KETNGHIA_HOME=str(home)).seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
