"""The rules of a gate: `python -m benchmarks.expectations [ROWS …]`, by default 5.000, 500.000 and 5.000.000 rows.

The same rules are asked of the same rows by the gate with our engine for Polars, by the gate with Great Expectations' engine
for pandas (with the copy that it needs), by three libraries that check Polars frames, and by nothing but the Polars
expressions that say the same. All must name the same rows. Printed: seconds, and how many times as long as the bare
expressions; median of five runs up to a million rows, of three above, after one that is not counted; in the end how each
grows. Ratios are what counts; machines differ.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from benchmarks._growth import growth
from benchmarks._peers import Ask, by_dataframely, by_pandera, by_pointblank
from benchmarks._rows import write_rows
from domain.findings import Engine, Expectation
from expectations.gate import broken_rows, great_expectations
from expectations.rule import at_least, between, none_of, nothing_in, rule, something_in, unique

_MONEY = ("cash_vnd", "inkind_vnd", "value_total_vnd")
_HOUSEHOLDS = ("hh_poor", "hh_nearpoor", "hh_dtts")
_CODES = ("activity_code", "occasion", "funding_source", "status")
_BLANK = ("remarks", "description", "village_name")
_FILLED = ("unit_code", "activity_date", "village_id", "partner_id", "quantity")
_UNKNOWN = ["NOEL", "QUA", "HUYEN"]
_KEY = ["unit_code", "activity_date", "village_id", "partner_id", "activity_code", "funding_source", "value_total_vnd"]


def questions(columns: list[str]) -> list[tuple[Expectation, pl.Expr]]:
    """Each rule, and the Polars expression of the rows that break it."""
    asked: list[tuple[Expectation, pl.Expr]] = []
    for name in (*_MONEY, *_HOUSEHOLDS, "hh_total", "persons"):
        asked.append((between(name, 0, 990), ~pl.col(name).is_between(0, 990)))
        asked.append((between(name, least=3), pl.col(name) < 3))
    for name in _HOUSEHOLDS:
        asked.append((at_least("hh_total", name), pl.col("hh_total") < pl.col(name)))
    for name in _CODES:
        asked.append((none_of(name, _UNKNOWN), pl.col(name).is_in(_UNKNOWN)))
    asked += [(nothing_in(name), pl.col(name).is_not_null()) for name in _BLANK if name in columns]
    asked += [(something_in(name), pl.col(name).is_null()) for name in _FILLED]
    present = pl.all_horizontal(pl.col(name).is_not_null() for name in _KEY)
    asked.append((unique(_KEY), pl.struct(_KEY).is_duplicated() & present))
    return asked


def main(counts: list[int]) -> None:
    """Measure each number of rows."""
    great_expectations()
    grown: dict[str, list[float]] = {}
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            write_rows(Path(folder), count * 10 // 9 + 1)
            frame = _mostly_sound(pl.read_parquet(Path(folder) / "activities.parquet").head(count))
        asked = questions(frame.columns)
        ways = _ways(asked, frame.columns)
        seconds, found = {}, {}
        for name, ask in ways.items():
            seconds[name], found[name] = _timed(ask, frame, 5 if count <= 1_000_000 else 3)
            if found[name] != found["bare"]:
                raise SystemExit(f"{name} and the bare expressions disagree at {count} rows")
        together = sum(len(rows) for rows in found["bare"])
        print(f"{frame.height:>9} rows, {len(asked)} rules, {together} times a row breaks one")
        for name, taken in seconds.items():
            print(f"  {name:<11} {taken:>9.3f} s  {taken / seconds['bare']:>8.2f} x bare Polars", flush=True)
            grown.setdefault(name, []).append(taken)
    for name, costs in grown.items() if len(counts) > 1 else ():
        print(f"  {name:<11} {growth(counts, costs)}")


def _mostly_sound(frame: pl.DataFrame) -> pl.DataFrame:
    """The rows; of a hundred one has more of a kind of household than households, as files that come in may."""
    is_odd = pl.int_range(pl.len()) % 100 == 7
    return frame.with_columns(
        pl.when(is_odd).then(pl.col(name)).otherwise(pl.min_horizontal(name, "hh_total")) for name in _HOUSEHOLDS
    )


def _ways(asked: list[tuple[Expectation, pl.Expr]], columns: list[str]) -> dict[str, Ask]:
    rules = [rule(f"E-{place}", "", "", "", expectation) for place, (expectation, _) in enumerate(asked)]
    selected = [pl.arg_where(broken).implode().alias(str(place)) for place, (_, broken) in enumerate(asked)]

    def bare(frame: pl.DataFrame) -> list[list[int]]:
        row = frame.lazy().select(selected).collect()
        return [row.to_series(place)[0].to_list() for place in range(len(selected))]

    def by(engine: Engine) -> Ask:
        return lambda frame: [rows for _, rows in broken_rows(frame, rules, engine)]

    broken = [condition for _, condition in asked]
    peers = {
        "dataframely": by_dataframely(broken, columns),
        "pandera": by_pandera(broken, columns),
        "pointblank": by_pointblank(broken, columns),
    }
    return {"bare": bare, "polars": by(Engine.POLARS), **peers, "pandas": by(Engine.PANDAS)}


def _timed(ask: Ask, frame: pl.DataFrame, runs: int) -> tuple[float, list[list[int]]]:
    found = ask(frame)
    taken = []
    for _ in range(runs):
        began = time.perf_counter()
        ask(frame)
        taken.append(time.perf_counter() - began)
    return statistics.median(taken), found


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [5_000, 500_000, 5_000_000])
