"""The agreed figures of made-up months: `make golden` writes them anew, and the difference is read before it is kept.

The months, their rows and their villages are frozen beside this file, so that only a change of the program or of the
tables in `reference/` can change a figure.
"""

import csv
import shutil
import tempfile
from pathlib import Path

from domain.catalogue import INDICATORS
from domain.indicators import FigureKey, Kind
from domain.period import Period, month_range
from domain.summary import Summary
from ingest.tables.reference import load_reference
from samples.history import write_sample_history
from samples.registers import write_sample_registers
from services.settings import PROGRAM, Settings
from tests.commands import import_history, summary_of

HERE = Path(__file__).parent
AGREED = HERE / "figures.csv"
FIRST, LAST = Period.parse("2023-12"), Period.parse("2025-12")
UNITS = {"622", "625", "630", "23575", "23586", "23590", "23611", "23638", "23674", "23824", "23830", "23833"}
"""Three districts and communes of their ground: months of all three eras, and the one that straddles."""
_OF_UNITS = ("value_total_vnd", "activities", "hh_total", "poor_households", "poverty_rate_pct")
_BASES = ("period", "cumulative", "previous", "same_last_year", "year_start", "programme", "tet", "tet_last_year")

Figures = dict[tuple[str, str], str]


def figures_now(home: Path) -> Figures:
    """Every watched figure of the frozen months, as the program of today makes it."""
    shutil.copytree(HERE / "reference", home / "reference")
    settings = Settings(home=home, _env_file=None)
    import_history(settings, HERE / "input")
    periods = [*month_range(FIRST, LAST), Period.parse("2024-Q1"), Period.parse("2024"), Period.parse("2025-H2")]
    found: Figures = {}
    for period in periods:
        found |= {(str(period), str(key)): text for key, text in _watched(summary_of(settings, period, None)).items()}
    return found


def agreed() -> Figures:
    """The figures as they were agreed on."""
    with AGREED.open(encoding="utf-8", newline="") as file:
        return {(row["period"], row["figure"]): row["value"] for row in csv.DictReader(file)}


def differences(before: Figures, after: Figures) -> list[str]:
    """Every figure that changed, came or went, one line each."""
    return [
        f"{period} {figure}: {before.get((period, figure), 'nothing')} -> {after.get((period, figure), 'nothing')}"
        for period, figure in sorted({*before, *after})
        if before.get((period, figure)) != after.get((period, figure))
    ]


def _watched(summary: Summary) -> dict[FigureKey, str]:
    keys = [
        FigureKey(entry.code, basis) for entry in INDICATORS for basis in _BASES if basis in summary.coverage.expected
    ]
    keys += [
        FigureKey(code, "period", "unit", state.unit.code)
        for state in summary.units
        if state.is_counted
        for code in _OF_UNITS
    ]
    keys += [key for key in summary.measured if key.dimension == "activity" and key.indicator == "value_total_vnd"]
    ratios = {entry.code for entry in INDICATORS if entry.kind is Kind.RATIO}
    values = {key: summary.value(key) for key in keys}
    return {
        key: format(value.quantize(value.__class__("0.000001")) if key.indicator in ratios else value.normalize(), "f")
        for key, value in values.items()
        if value
    }


def freeze_input() -> None:
    """Make the months anew; done once, or when a new kind of row should be watched."""
    shutil.rmtree(HERE / "input", ignore_errors=True)
    shutil.rmtree(HERE / "reference", ignore_errors=True)
    base = load_reference(PROGRAM / "reference", PROGRAM / "no-such-folder")
    write_sample_registers(base, PROGRAM / "reference", HERE / "reference")
    reference = load_reference(PROGRAM / "reference", HERE / "reference")
    write_sample_history(reference, month_range(FIRST, LAST), HERE / "input", only=UNITS)


def main() -> None:
    """Write the agreed figures anew, and list what changed."""
    if not (HERE / "input").is_dir():
        freeze_input()
    before = agreed() if AGREED.exists() else {}
    with tempfile.TemporaryDirectory() as folder:
        after = figures_now(Path(folder))
    for line in differences(before, after):
        print(line)
    with AGREED.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["period", "figure", "value"])
        writer.writerows((*key, value) for key, value in sorted(after.items()))


if __name__ == "__main__":
    main()
