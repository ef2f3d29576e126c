"""Collects a month of workbooks, beside a floor that only reads the same files: `python benchmarks/collect.py`.

Prints files per second, the share of each step and peak memory; the floor is python-calamine in one process.
Figures of one machine: read the ratios.
"""

import argparse
import io
import resource
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import python_calamine

from benchmarks._timed import Timed
from cli.terminal import progress
from domain import codes
from domain.period import Period
from flows.collect_submissions import collect_submissions
from ingest.channels import folder
from ingest.tables.reference import load_reference
from reports.form.content import FormContent, form_file_name
from reports.form.workbook import write_form
from samples.registers import write_sample_registers
from services.run import open_run
from services.settings import PROGRAM, Settings


def fill(settings: Settings, period: Period, rows: int) -> int:
    """Put a sound workbook of every expected unit into the inbox, each with about `rows` activities."""
    base = load_reference(PROGRAM / "reference", settings.home / "reference")
    write_sample_registers(base, PROGRAM / "reference", settings.home / "reference")
    reference = load_reference(PROGRAM / "reference", settings.home / "reference")
    window = reference.calendar.window(period)
    settings.inbox.mkdir(parents=True)
    partners = reference.villages.partners_of(window.last_day)
    units = reference.expected_units(period)
    for unit in units:
        villages = reference.villages.of_unit(unit, reference.units, window.last_day)
        # Of some villages that are publicly known, nobody has said who is twinned with them.
        twinned = [village for village in villages if village.village_id in partners]
        activity = {
            "activity_date": date(window.last_day.year, window.last_day.month, 5),
            "activity_code": "BHYT", "description": "Tặng thẻ bảo hiểm y tế", "occasion": "THUONG_XUYEN", "quantity": 2,
            "quantity_unit": "thẻ", "hh_total": 2, "hh_poor": 1, "hh_nearpoor": 1, "hh_dtts": 2, "funding_source": "XHH",
            "status": codes.COMPLETED,
        }  # fmt: skip
        ledger = [
            activity
            | {"village_id": village.village_id, "village_name": village.name}
            | {"org_id": partners[village.village_id][0].name}
            | {"cash_vnd": 1_000_000 + number, "inkind_vnd": 0, "value_total_vnd": 1_000_000 + number}
            for number, village in zip(range(rows), cycle(twinned), strict=False)
        ]
        cash = sum(row["cash_vnd"] for row in ledger)
        total = {"activity_code": "BHYT", "quantity": 2 * rows, "hh_total": 2 * rows, "cash_vnd": cash, "inkind_vnd": 0,
                 "value_total_vnd": cash, "cumulative_vnd": cash}  # fmt: skip
        people = {"preparer_name": "A", "preparer_phone": "0", "preparer_email": "a@gialai.gov.vn", "approver_name": "B",
                  "approver_title": "C"}  # fmt: skip
        content = FormContent(
            unit, period, window, villages, {}, people, {"activities": ledger, "control_totals": [total]}
        )
        (settings.inbox / form_file_name(unit.code, period)).write_bytes(write_form(content))
    return len(units)


def floor(folder: Path) -> float:
    """Seconds to read every cell of every file, and nothing else."""
    began = time.perf_counter()
    for path in folder.iterdir():
        book = python_calamine.load_workbook(io.BytesIO(path.read_bytes()))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return time.perf_counter() - began


def main() -> None:
    """Run it `--times` times, each on a fresh ledger."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--period", default="2026-07")
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--times", type=int, default=3)
    chosen = parser.parse_args()
    shares: dict[str, list[float]] = defaultdict(list)
    ratios = []
    for _ in range(chosen.times):
        with tempfile.TemporaryDirectory() as home:
            settings = Settings(home=Path(home), _env_file=None)
            files = fill(settings, Period.parse(chosen.period), chosen.rows)
            least = floor(settings.inbox)
            # Nobody is still writing: to watch the files for two seconds would be measured as work.
            folder.SETTLE_SECONDS = 0.0
            began = time.perf_counter()
            with open_run(settings) as run, progress() as on_progress:
                steps = Timed(run, on_progress)
                outcome = collect_submissions(run, steps)
            whole = time.perf_counter() - began
        assert len(outcome) == files
        ratios.append(whole / least)
        for name, seconds in steps.spent.items():
            shares[name].append(seconds / whole)
        print(f"{files} files of {chosen.rows} rows: {files / whole:.1f} files/s; floor {files / least:.1f} files/s")
    print(f"median: {statistics.median(ratios):.1f} times the floor")
    for name, parts in shares.items():
        print(f"  {100 * statistics.median(parts):5.1f} %  {name}")
    own, children = (
        resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"peak memory: {own} MiB, the largest child {children} MiB")


if __name__ == "__main__":
    main()
