"""How fast reports are made again: `python -m benchmarks.backfill [MONTHS …]`, at least 2, by default 12, 36 and 120 months of 17 units.

Printed: months per second for one and two jobs, the shares of summarising and printing, the peak of memory, beside the
floor: WeasyPrint laying out the very same pages once and nothing else, while the program lays a month out again where a
page would stay nearly empty; in the end how the seconds of one job grow. Ratios are what counts; machines differ.
"""

import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks._growth import growth
from benchmarks._timed import Timed
from domain.period import Period
from flows.monthly_report import monthly_report
from ingest.tables.reference import load_reference
from reports.pdf.render import Page, render_pdf
from samples.history import write_sample_history
from samples.registers import write_sample_registers
from services.editions.backfill_plan import Only
from services.editions.compose import compose
from services.figures.summary import summary_of
from services.run import open_run
from services.settings import PROGRAM, Settings
from tests.commands import backfill, import_history, plan_backfill, reference_of

LAST = Period.parse("2025-06")
PAGES_TIMED = 5


def main(counts: list[int]) -> None:
    """Measure each count of months in a ledger of its own."""
    alone = []
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            alone.append(_measure(Path(folder), count))
    if len(counts) > 1:
        print(f"--jobs 1 {growth(counts, alone)}")


def _measure(folder: Path, count: int) -> float:
    """Prints everything of so many months, and gives the seconds of one job."""
    base = load_reference(PROGRAM / "reference", folder / "none")
    write_sample_registers(base, PROGRAM / "reference", folder / "home" / "reference")
    settings = Settings(home=folder / "home", _env_file=None)
    months = LAST.months_back(count)
    write_sample_history(reference_of(settings), months, folder / "tables")
    began = time.perf_counter()
    import_history(settings, folder / "tables")
    print(f"{count} months x 17 units: taken in within {time.perf_counter() - began:.1f} s")
    floor = _floor(settings, months[-PAGES_TIMED:])
    shares = _shares(settings, months[-PAGES_TIMED:])
    print(f"  floor (only laying out the same pages): {floor:.2f} s/month; stages of the newest months: {shares}")
    spent = {}
    for jobs in (1, 2):
        began = time.perf_counter()
        outcome = backfill(settings, plan_backfill(settings, months[0], LAST, Only.ALL), None, jobs)
        spent[jobs] = seconds = time.perf_counter() - began
        assert all(each.edition_id for each in outcome)
        halves = [each.seconds for each in outcome]
        early, late = statistics.median(halves[: count // 2]), statistics.median(halves[count // 2 :])
        print(
            f"  --jobs {jobs}: {count / seconds:.2f} months/s, {seconds / count / floor:.2f} x the floor; "
            f"a month of the later half costs {late / early:.2f} x one of the earlier"
        )
    own, children = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"  peak memory: {own / 1e6:.2f} GB in this process, {children / 1e6:.2f} GB in the largest worker")
    return spent[1]


def _floor(settings: Settings, months: tuple[Period, ...]) -> float:
    """Seconds per month that laying out the finished HTML takes."""
    seconds = []
    with open_run(settings) as run:
        for month in months:
            composed = compose(run, summary_of(run, month, None))
            began = time.perf_counter()
            render_pdf(Page(composed.html, settings.fonts))
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _shares(settings: Settings, months: tuple[Period, ...]) -> str:
    with open_run(settings) as run:
        steps = Timed(run)
        for month in months:
            monthly_report(run, steps, month)
    whole = sum(steps.spent.values())
    return ", ".join(f"{name} {seconds / whole:.0%}" for name, seconds in steps.spent.items())


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [12, 36, 120])
