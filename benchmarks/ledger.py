"""What a large ledger costs: `python -m benchmarks.ledger [ROWS …] [--runs N]`, by default up to 1.030.000 rows, three runs.

The month of 17 units is reported (`ketnghia report`), and the figure of the edition with the most months behind it traced
(`ketnghia trace`), from ledgers of about 28.000, 167.000 and 1.030.000 rows of facts. All but the month's own are of other
months: first none of them in the months that the report speaks of (the year so far, the months of its comparisons), then
half. Printed: seconds of the processor and MiB of the largest process, medians, and how both grow; what lies outside should
cost nothing. The month alone stands first. Ratios are what counts; machines differ.
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

# Nothing else: what the kernel says of a child's memory begins with this process's own.
from benchmarks._growth import growth
from benchmarks._processes import Spent, python

PERIOD, EDITION, FIGURE = "2024-02", "2024-02-1", "value_total_vnd@programme"
_SHARES = {0.0: "none", 0.5: "half"}
"""How much of the rows lies in the months that the report speaks of."""


def main(sizes: list[int], runs: int) -> None:
    """The month alone, then each size with each share."""
    with tempfile.TemporaryDirectory() as folder:
        month = Path(folder) / "month"
        python("-m", "benchmarks._ledgers", "collect", str(month))
        _print_measured(Path(folder), month, 0, 0.0, runs)
        for inside, share in _SHARES.items():
            rows, spent = [], []
            for size in sizes:
                count, *costs = _print_measured(Path(folder), month, size, inside, runs)
                rows.append(count)
                spent.append(costs)
            for name, costs in zip(("report", "trace"), zip(*spent, strict=True), strict=True):
                if len(sizes) > 1:
                    print(f"  {share} inside: {name} {growth(rows, [each.seconds for each in costs])}")
                    print(f"  {share} inside: memory of {name} {growth(rows, [each.mebibytes for each in costs])}")


def _print_measured(folder: Path, month: Path, size: int, inside: float, runs: int) -> tuple[int, Spent, Spent]:
    """The rows there are; what the report and what the trace took."""
    home = folder / "filled"
    shutil.copytree(month, home)
    rows = int(python("-m", "benchmarks._ledgers", "fill", str(home), str(size), str(inside)).output)
    reports, traces = [], []
    for _ in range(runs):
        used = folder / "used"
        shutil.copytree(home, used)
        reports.append(python("-m", "cli.main", "report", PERIOD, KETNGHIA_HOME=str(used)))
        traces.append(python("-m", "cli.main", "trace", EDITION, FIGURE, KETNGHIA_HOME=str(used)))
        shutil.rmtree(used)
    shutil.rmtree(home)
    report, trace = _median(reports), _median(traces)
    print(
        f"{rows:>9} rows, {_SHARES[inside]} inside: report {report.seconds:.2f} s, {report.mebibytes:.0f} MiB; "
        f"trace {trace.seconds:.2f} s, {trace.mebibytes:.0f} MiB",
        flush=True,
    )
    return rows, report, trace


def _median(runs: Sequence[Spent]) -> Spent:
    return Spent(
        statistics.median(each.seconds for each in runs), statistics.median(each.mebibytes for each in runs), ""
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="*", default=[28_000, 167_000, 1_030_000])
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    main(chosen.rows, chosen.runs)
