"""A month of many provinces: its figures are those that SQL finds in the very workbooks.

`pytest -m country -s` makes the whole country, 3.300 units of 200 rows each, and a quarter and a half of it before; the small
sister of 300 units runs with all other tests. Printed for each size: what each step took by the clock and by the processors, the
largest memory of a process, and how the steps grow with the units (an exponent of 1 is twice the time for twice the units).
"""

import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest
import python_calamine

from benchmarks._growth import growth
from domain.findings import Verdict
from domain.period import Period
from ingest.tables.reference import load_reference
from samples.country import UNITS, write_country_units
from samples.months import sample_month
from samples.registers import write_sample_registers
from services.run import open_run
from services.settings import PROGRAM, Settings
from storage import editions
from tests.commands import collect_submissions, monthly_report, verify_ledger

pytestmark = pytest.mark.slow
PERIOD = Period.parse("2026-07")
_CAPTIONS = {
    "activity": "Nhóm hoạt động",
    "hh_total": "Số hộ hưởng lợi",
    "cash_vnd": "Tiền mặt",
    "inkind_vnd": "Hiện vật quy đổi",
}


def made(home: Path, units: int, rows: int) -> Settings:
    """The country's registers, and its workbooks in the inbox, each of its own time."""
    shipped = PROGRAM / "reference"
    write_country_units(load_reference(shipped, home / "none"), shipped, home / "reference", units)
    base = load_reference(shipped, home / "reference")
    write_sample_registers(base, shipped, home / "reference")
    reference = load_reference(shipped, home / "reference")
    settings = Settings(home=home, _env_file=None)
    for number, file in enumerate(sample_month(reference, PERIOD, with_faults=True, rows=rows)):
        place = settings.inbox / f"{number:05}" / file.name
        place.parent.mkdir(parents=True)
        place.write_bytes(file.content)
        os.utime(place, (file.arrives_at.timestamp(),) * 2)
    return settings


def typed_rows(file: Path) -> Iterator[tuple[str, str, float, float, float]]:
    """Unit and cells of each activity of a workbook, by the captions that a person reads."""
    unit = file.name.split("_")[1]
    sheet = python_calamine.load_workbook(str(file)).get_sheet_by_name("02_HoatDong")
    rows = sheet.to_python(skip_empty_area=False)
    heading = next(place for place, row in enumerate(rows) if _CAPTIONS["activity"] in row)
    places = {name: rows[heading].index(caption) for name, caption in _CAPTIONS.items()}
    # Below the captions stands a row with the numbers of the columns.
    for row in rows[heading + 2 :]:
        if row[places["activity"]]:
            yield (
                unit, str(row[places["activity"]]), *(float(row[places[name]] or 0) for name in list(_CAPTIONS)[1:])
            )  # type: ignore[misc]  # fmt: skip


def by_sql(files: list[Path]) -> dict[str, float]:
    """What the workbooks come to, by the ids of the figures that print it."""
    database = duckdb.connect()
    database.execute("CREATE TABLE t (unit TEXT, activity TEXT, hh DOUBLE, cash DOUBLE, inkind DOUBLE)")
    for file in files:
        rows = list(typed_rows(file))
        if rows:
            database.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)
    found = database.execute("SELECT count(*), sum(hh), sum(cash), sum(inkind), sum(cash + inkind) FROM t").fetchone()
    names = ("activities", "hh_total", "cash_vnd", "inkind_vnd", "value_total_vnd")
    figures = {f"{name}@period": value for name, value in zip(names, found or (), strict=True)}
    units = database.execute("SELECT unit, count(*), sum(hh), sum(cash + inkind) FROM t GROUP BY unit").fetchall()
    for unit, *values in units:
        for name, value in zip(("activities", "hh_total", "value_total_vnd"), values, strict=True):
            figures[f"{name}:unit={unit}@period"] = value
    return figures


def counted(settings: Settings, rejected: set[str]) -> list[Path]:
    """The last workbook of each unit that was not returned, by the names that they bear."""
    last: dict[str, Path] = {}
    for file in sorted(settings.inbox.rglob("*.xlsx"), key=lambda each: each.name):
        if file.name not in rejected:
            last[file.name.split("_")[1]] = file
    return list(last.values())


class Laps:
    """What each step took by the clock, and by the processors for this process and its ended children."""

    def __init__(self) -> None:
        self.clock_s: dict[str, float] = {}
        self._began = self._now()

    def _now(self) -> tuple[float, float]:
        return time.monotonic(), sum(os.times()[:4])

    def end(self, step: str) -> None:
        """The step since the last one is over; prints what it took."""
        clock_s, cpu_s = (now - began for now, began in zip(self._now(), self._began, strict=True))
        print(f"  {step}: {clock_s:.1f} s by the clock, {cpu_s:.1f} s of the processors", flush=True)
        self.clock_s[step], self._began = clock_s, self._now()


def largest_process_mib() -> int:
    """The most memory that this process, or one of its ended children, has held so far."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024


def month_of(home: Path, units: int, rows: int) -> Laps:
    """Make, collect and report a month of so many units, and compare it with what SQL says."""
    print(f"\n{units} units of {rows} rows")
    laps = Laps()
    settings = made(home, units, rows)
    laps.end("samples")
    collected = collect_submissions(settings)
    laps.end("collect")
    edition = monthly_report(settings, PERIOD).edition
    laps.end("report")
    print(f"  {largest_process_mib()} MiB at most")

    rejected = {each.file_name for each in collected if each.verdict is Verdict.REJECTED}
    assert len(rejected) == -(-units // 300)
    expected = by_sql(counted(settings, rejected))
    with open_run(settings) as run, run.ledger.read() as session:
        figures = {each.figure_id: each for each in editions.figures_of(session, edition.edition_id)}
    compared = {key: float(figures[key].value or 0) for key in expected if key in figures}
    assert {f"{name}@period" for name in ("activities", "hh_total", "value_total_vnd")} <= set(compared)
    assert compared == {key: expected[key] for key in compared}
    # What is not printed of each unit stands in the workbook that goes along.
    assert verify_ledger(settings).faults == []
    laps.end("compare and verify")
    return laps


def test_the_figures_of_a_month_are_what_sql_finds_in_its_workbooks(tmp_path: Path) -> None:
    month_of(tmp_path, units=300, rows=40)


@pytest.mark.country
def test_a_month_of_the_country_is_what_sql_finds_and_grows_with_its_units(tmp_path: Path) -> None:
    sizes = [UNITS // 4, UNITS // 2, UNITS]
    laps = [month_of(tmp_path / str(units), units, rows=200).clock_s for units in sizes]
    for step in laps[0]:
        print(step, growth(sizes, [each[step] for each in laps]))
