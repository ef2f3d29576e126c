"""A month of many provinces: its figures are those that SQL finds in the very workbooks.

`pytest -m country -s` makes the whole country, 3.300 units of 200 rows each, and a quarter and a half of it before; the small
sister of 300 units runs with all other tests. Printed for each size: what each command took by the clock and by the processors, the
largest memory of a process, and how the commands grow with the units (an exponent of 1 is twice the time for twice the units).
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
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
from storage import editions, submissions

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


class Ketnghia:
    """Runs commands as a person does, and says what they took: by the clock, of the processors, and of memory."""

    def __init__(self, home: Path) -> None:
        self._environment = os.environ | {"KETNGHIA_HOME": str(home)}
        self.clock_s: dict[str, float] = {}
        self.memory_mib = 0

    def __call__(self, *arguments: str, endings: Collection[int] = (0,)) -> None:
        began = time.monotonic()
        with tempfile.TemporaryFile() as said:
            command = subprocess.Popen(
                [sys.executable, "-m", "cli.main", *arguments],
                cwd=PROGRAM, env=self._environment, stdout=subprocess.DEVNULL, stderr=said,
            )  # fmt: skip
            # Of the command and all it started and waited for; a reader that outlives it by a moment is not counted.
            _, status, usage = os.wait4(command.pid, 0)
            command.returncode = os.waitstatus_to_exitcode(status)
            said.seek(0)
            assert command.returncode in endings, said.read().decode()
        clock_s, cpu_s = time.monotonic() - began, usage.ru_utime + usage.ru_stime
        memory_mib = usage.ru_maxrss // 1024
        print(f"  {arguments[0]}: {clock_s:.1f} s by the clock, {cpu_s:.1f} s of the processors, ", end="")
        print(f"{memory_mib} MiB at most in one process", flush=True)
        self.clock_s[arguments[0]] = clock_s
        self.memory_mib = max(self.memory_mib, memory_mib)


def month_of(home: Path, units: int, rows: int) -> Ketnghia:
    """Make, collect and report a month of so many units, and compare it with what SQL says; tells what that took."""
    print(f"\n{units} units of {rows} rows")
    # Made apart: what the kernel says of a process's memory begins with that of who started it.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        settings = apart.submit(made, home, units, rows).result()
    ketnghia = Ketnghia(home)
    # That some workbooks are returned is an answer.
    ketnghia("collect", endings=(0, 1))
    ketnghia("report", str(PERIOD))
    ketnghia("verify", "--ledger")

    with open_run(settings) as run, run.ledger.read() as session:
        received = submissions.all_submissions(session, [str(PERIOD)])
        [edition] = editions.editions_of(session, str(PERIOD))
    rejected = {each.file_name for each in received if each.verdict is Verdict.REJECTED}
    assert len(rejected) == -(-units // 300)
    data = json.loads((settings.editions / edition.sha256 / "so-lieu.json").read_text(encoding="utf-8"))
    given = {each["id"]: each.get("value") for each in (*data["figures"], *data["listed"])}
    told = {name: None if value is None else float(value) for name, value in given.items()}
    expected = by_sql(counted(settings, rejected))
    # Three figures of nearly every unit: a few have nothing to report.
    assert len(expected) > 2 * units
    assert {key: told.get(key) for key in expected} == expected
    return ketnghia


def test_the_figures_of_a_month_are_what_sql_finds_in_its_workbooks(tmp_path: Path) -> None:
    month_of(tmp_path, units=300, rows=40)


@pytest.mark.country
def test_a_month_of_the_country_is_what_sql_finds_in_its_workbooks(tmp_path: Path) -> None:
    sizes = [UNITS // 4, UNITS // 2, UNITS]
    took = [month_of(tmp_path / str(units), units, rows=200) for units in sizes]
    for command in took[0].clock_s:
        print(f"{command} {growth(sizes, [each.clock_s[command] for each in took])}")
    assert max(each.memory_mib for each in took) < 4096
