"""Collects sound workbooks, beside a floor that only reads the same files: `python benchmarks/collect.py`.

For 17, 135 and 1.000 files of 20 and of 200 rows: seconds of the processor for each further file (so that what a run
costs once is not in it), how many times the floor that is, the parent's peak of memory, and in the end how all of it grows
with the files. The floor is bare python-calamine in one process. Figures of one machine: read the ratios.
"""

import argparse
import io
import json
import resource
import subprocess
import sys
import tempfile
from datetime import date
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import python_calamine

import cli  # noqa: F401 - as a command of the program, so with its allocator
from benchmarks._growth import growth
from benchmarks._timed import Timed
from domain import codes
from domain.kn_02 import CONTROLS
from domain.period import Period
from flows.collect_submissions import collect_submissions
from ingest.tables.reference import load_reference
from reports.form.content import FormContent, form_file_name
from reports.form.workbook import write_form
from samples.registers import write_sample_registers
from services.run import open_run
from services.settings import PROGRAM, Settings

_PEOPLE = {"preparer_name": "A", "preparer_phone": "0", "preparer_email": "a@gialai.gov.vn", "approver_name": "B",
           "approver_title": "C"}  # fmt: skip
_HOUSEHOLDS = {
    "households": 120, "persons": 520, "hh_dtts": 110, "bhyt_pct": 96.5, "ntm": "Không", "poor_open": 20, "poor_exit": 0,
    "poor_relapse": 0, "poor_new": 0, "poor_other": 0, "poor_close": 20, "poor_dtts_close": 18, "nearpoor_open": 9,
    "nearpoor_exit": 0, "nearpoor_relapse": 0, "nearpoor_new": 0, "nearpoor_other": 0, "nearpoor_close": 9,
    "nearpoor_dtts_close": 8,
}  # fmt: skip
_ACTIVITY = {
    "activity_code": "BHYT", "description": "Tặng thẻ bảo hiểm y tế", "occasion": "THUONG_XUYEN", "quantity": 2,
    "quantity_unit": "thẻ", "hh_total": 2, "hh_poor": 1, "hh_nearpoor": 1, "hh_dtts": 2, "funding_source": "XHH",
    "status": codes.COMPLETED,
}  # fmt: skip


def fill(settings: Settings, last: Period, files: int, rows: int) -> None:
    """Put sound workbooks, each with about `rows` activities, into the inbox: of `last` and as many months before it."""
    base = load_reference(PROGRAM / "reference", settings.home / "reference")
    write_sample_registers(base, PROGRAM / "reference", settings.home / "reference")
    reference = load_reference(PROGRAM / "reference", settings.home / "reference")
    settings.inbox.mkdir(parents=True)
    month, left = last, files
    while left:
        window = reference.calendar.window(month)
        partners = reference.villages.partners_of(window.last_day)
        for unit in reference.expected_units(month)[:left]:
            left -= 1
            villages = reference.villages.of_unit(unit, reference.units, window.last_day)
            # Of some villages that are publicly known, nobody has said who is twinned with them.
            twinned = [village for village in villages if village.village_id in partners]
            ledger = [
                _ACTIVITY
                | {"activity_date": date(window.last_day.year, window.last_day.month, 5)}
                | {"village_id": village.village_id, "village_name": village.name}
                | {"org_id": partners[village.village_id][0].name}
                | {"cash_vnd": 1_000_000 + number, "inkind_vnd": 0, "value_total_vnd": 1_000_000 + number}
                for number, village in zip(range(rows), cycle(twinned), strict=False)
            ]
            cash = sum(row["cash_vnd"] for row in ledger)
            homes = [
                _HOUSEHOLDS | {"village_id": village.village_id, "village_name": village.name} for village in villages
            ]
            sheets = {"activities": ledger, "households": homes}
            book = dict(zip(CONTROLS, (rows, 2 * rows, cash), strict=True))
            content = FormContent(unit, month, window, villages, {}, _PEOPLE | book, sheets)
            (settings.inbox / form_file_name(unit.code, month)).write_bytes(write_form(content))
        month = month.previous()


def cpu_seconds() -> float:
    """What this process and those it has waited for have computed."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def floor(folder: Path) -> float:
    """Seconds to read every cell of every file, and nothing else."""
    began = cpu_seconds()
    for path in folder.rglob("*.xlsx"):
        book = python_calamine.load_workbook(io.BytesIO(path.read_bytes()))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return cpu_seconds() - began


def peak_mib() -> int:
    """The most memory this process ever held."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


def collect(home: Path) -> dict[str, object]:
    """Collect what lies in the inbox."""
    settings = Settings(home=home, _env_file=None)
    began = cpu_seconds()
    with open_run(settings) as run:
        steps = Timed(run)
        outcome = collect_submissions(run, steps)
    spent = cpu_seconds() - began
    assert all(each.verdict.counts for each in outcome)
    return {"files": len(outcome), "cpu": spent, "peak": peak_mib(), "steps": dict(steps.spent)}


def main() -> None:
    """Each size on a fresh ledger, in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--period", default="2026-07")
    parser.add_argument("--files", type=int, nargs="+", default=[17, 135, 1_000])
    parser.add_argument("--rows", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--collect", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--floor", type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.floor:
        print(json.dumps(floor(chosen.floor)))
        return
    if chosen.collect:
        print(json.dumps(collect(chosen.collect)))
        return
    for rows in chosen.rows:
        before: tuple[int, float, float] = (0, 0.0, 0.0)
        costs = []
        for files in chosen.files:
            with tempfile.TemporaryDirectory() as home:
                settings = Settings(home=Path(home), _env_file=None)
                fill(settings, Period.parse(chosen.period), files, rows)
                least = float(_apart("--floor", settings.inbox))
                measured = json.loads(_apart("--collect", Path(home)))
            further = (measured["cpu"] - before[1]) / (files - before[0])
            times = further / ((least - before[2]) / (files - before[0]))
            print(
                f"{files} files of {rows} rows: {measured['cpu']:.1f} s of the processor, {1000 * further:.0f} ms for each "
                f"further file ({times:.0f} times bare calamine), parent {measured['peak']} MiB",
                flush=True,
            )
            for name, seconds in sorted(measured["steps"].items(), key=lambda each: -each[1])[:5]:
                print(f"    {seconds:7.1f} s on the clock  {name}", flush=True)
            before = (files, measured["cpu"], least)
            costs.append(measured["cpu"])
        if len(costs) > 1:
            print(f"{rows} rows: {growth(chosen.files, costs)}", flush=True)


def _apart(what: str, where: Path) -> str:
    """The last line that a process of its own prints; what it leaves in memory is gone with it."""
    command = [sys.executable, __file__, what, str(where)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()[-1]


if __name__ == "__main__":
    main()
