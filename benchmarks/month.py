"""A cold month, files to PDF: `python -m benchmarks.month [UNITS …] [--runs N]`, by default 17 and 135 units, five runs.

Beside the program (`ketnghia collect`, then `ketnghia report`, each a process as a person starts it) stand the floor, where
python-calamine reads all cells, Polars sums them and WeasyPrint lays the edition's very page out once, and the same month of
the usual parts (benchmarks/_usual_stack.py says which), on Prefect and without it. Printed: seconds of the processor with all
that a process starts (benchmarks/_processes.py says how none is lost), medians, how many times the floor the program costs
and how many times the program the usual parts do, and how each grows with the units. All must come to the same totals. Ratios
are what counts; machines differ.
"""

import argparse
import json
import shutil
import sqlite3
import statistics
import tempfile
from pathlib import Path

from benchmarks._growth import growth
from benchmarks._months import OF_DISTRICTS, arrived
from benchmarks._processes import python
from domain.period import Period

OF_COMMUNES = Period.parse("2026-01")
_DISTRICTS = 17
FLOOR = """
import io, json, sys
from pathlib import Path
import polars as pl
import python_calamine
from reports.pdf.render import Page, render_pdf
from services.settings import Settings
sums = {"cash_vnd": ["Tiền mặt", "Việc đang làm: phần đã chi trong kỳ"], "value_total_vnd": ["Tổng trị giá"]}
sheets = {"02_HoatDong": [], "03_HoDan": []}
for path in Path(sys.argv[1]).glob("*.xlsx"):
    book = python_calamine.load_workbook(io.BytesIO(path.read_bytes()))
    cells = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    for name, rows in sheets.items():
        rows += [dict(zip(cells[name][5], row)) | {"file": path.name} for row in cells[name][7:] if row[0]]
activities, homes = (pl.DataFrame(rows, infer_schema_length=None, strict=False) for rows in sheets.values())
def total(frame, columns):
    return int(frame.select(pl.sum_horizontal(pl.col(columns).cast(pl.Float64, strict=False).sum())).item())
totals = {"units": activities["file"].n_unique()} | {name: total(activities, columns) for name, columns in sums.items()}
Path(sys.argv[3]).write_bytes(render_pdf(Page(Path(sys.argv[2]).read_text(encoding="utf-8"), Settings(_env_file=None).fonts)))
print(json.dumps(totals | {"poor_close": total(homes, ["Hộ nghèo cuối kỳ"])}))
"""
_QUIET = {
    "DO_NOT_TRACK": "1", "GX_ANALYTICS_ENABLED": "false", "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120", "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore",
}  # fmt: skip
_USUAL, _PLAIN = "usual parts", "usual parts without Prefect"
_WAYS = ("floor", "program", _USUAL, _PLAIN)


def main(sizes: list[int], runs: int) -> None:
    """Each number of units so many times, in turns."""
    taken: dict[str, list[float]] = {name: [] for name in _WAYS}
    for units in sizes:
        with tempfile.TemporaryDirectory() as folder:
            for name, seconds in _measured(Path(folder), units, runs).items():
                taken[name].append(seconds)
    for name, costs in taken.items() if len(sizes) > 1 else ():
        print(f"  {name} {growth(sizes, costs)}")


def _measured(folder: Path, units: int, runs: int) -> dict[str, float]:
    """Prints what the month of so many units costs each way, and gives the seconds."""
    period = OF_DISTRICTS if units <= _DISTRICTS else OF_COMMUNES
    settings = arrived(folder / "arrived", period, units)
    taken: dict[str, list[float]] = {name: [] for name in ("collect", "report", *_WAYS)}
    for number in range(runs):
        home, work = folder / f"home {number}", folder / f"work {number}"
        shutil.copytree(settings.home, home)
        collect = python("-m", "cli.main", "collect", KETNGHIA_HOME=str(home)).seconds
        report = python("-m", "cli.main", "report", str(period), KETNGHIA_HOME=str(home)).seconds
        [page] = (home / "editions").glob("*/bao-cao.html")
        work.mkdir()
        places = [str(settings.inbox), str(page)]
        others = {"floor": python("-c", FLOOR, *places, str(work / "floor.pdf"), **_QUIET)}
        for name, plain in {_USUAL: [], _PLAIN: ["plain"]}.items():
            own = work / name
            own.mkdir()
            quiet = _QUIET | {"PREFECT_HOME": str(own / "prefect")}
            others[name] = python("-m", "benchmarks._usual_stack", *places, str(own), *plain, **quiet)
        expected = _totals(home)
        for name, spent in others.items():
            if _last_json(spent.output) != expected:
                raise SystemExit(f"{name} and the program disagree: {_last_json(spent.output)}, {expected}")
            taken[name].append(spent.seconds)
        for name, seconds in {"collect": collect, "report": report, "program": collect + report}.items():
            taken[name].append(seconds)
    seconds = {name: statistics.median(each) for name, each in taken.items()}
    print(f"{period}, {units} units, medians of {runs}: floor {seconds['floor']:.2f} s")
    print(
        f"  program {seconds['program']:.2f} s, {seconds['program'] / seconds['floor']:.2f} x the floor "
        f"(collect {seconds['collect']:.2f} s, report {seconds['report']:.2f} s)"
    )
    for name in (_USUAL, _PLAIN):
        print(f"  {name} {seconds[name]:.2f} s, {seconds[name] / seconds['program']:.2f} x the program", flush=True)
    return {name: seconds[name] for name in _WAYS}


def _totals(home: Path) -> dict[str, int]:
    """What the ledger of the program says of the files that it accepted."""
    ledger = sqlite3.connect(home / "ketnghia.sqlite3")
    try:
        [activities] = ledger.execute(
            "SELECT count(DISTINCT submission_id), sum(cash_vnd), sum(value_total_vnd) FROM activities"
        )
        [homes] = ledger.execute("SELECT sum(poor_close) FROM households")
    finally:
        ledger.close()
    return dict(zip(("units", "cash_vnd", "value_total_vnd", "poor_close"), (*activities, *homes), strict=True))


def _last_json(output: str) -> dict[str, int]:
    """The totals, whatever was logged around them."""
    found: dict[str, int] = json.loads(next(line for line in reversed(output.splitlines()) if line.startswith("{")))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("units", type=int, nargs="*", default=[17, 135])
    parser.add_argument("--runs", type=int, default=5)
    chosen = parser.parse_args()
    main(chosen.units, chosen.runs)
