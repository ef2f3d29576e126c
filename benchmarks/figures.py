"""All figures of the catalogue, with their traces: `python -m benchmarks.figures [ROWS …]`, by default 10⁴ to 10⁷ rows.

The same figures (value, cells, submissions) are made of the same rows by the program's Polars pass, by DuckDB and by
pandas, each in a process of its own, and must agree. Printed: rows per second, peak of memory, and how many times as
long the others take; median of three runs up to a million rows, one run above; in the end how each grows. Ratios are what
counts; machines differ.
"""

import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path

import polars as pl

from benchmarks._growth import growth
from benchmarks._rows import FIRST_MONTHS, PERIOD, SHARES, write_rows
from domain.catalogue import INDICATORS
from domain.indicators import Aggregate, Counting, Indicator, Kind
from domain.spans import Span
from transforms.figures.summarise import DIMENSIONS, Countable, bases_of, moves, summarise

SPANS = {
    "period": Span(PERIOD.months()),
    "cumulative": Span(PERIOD.year_to_date()),
    "previous": Span(PERIOD.previous().months()),
    "same_last_year": Span(PERIOD.same_last_year().months()),
    "programme": Span(PERIOD.months_back(FIRST_MONTHS), since=date(2025, 12, 5)),
    "tet_last_year": Span(PERIOD.same_last_year().months(), until=date(2025, 7, 9)),
}
_NARROW = ("occasion", "partner", "village")
_COLUMNS = ["indicator", "basis", "dimension", "member", "value", "cells", "sources"]
_CONDITIONS = {
    Counting.ALL: "TRUE",
    Counting.COMPLETED: "status = 'hoan_thanh'",
    Counting.PAID: "status IN ('hoan_thanh', 'dang_thuc_hien')",
    Counting.CARRIED_OUT: "status IN ('hoan_thanh', 'dang_thuc_hien') AND in_twinned_village",
    Counting.UNDER_WAY: "status = 'dang_thuc_hien'",
    Counting.COMMITTED: "status = 'cam_ket'",
    Counting.RURAL_STANDARD: "ntm = 'Có'",
}


def main(counts: list[int]) -> None:
    """Measure each number of rows."""
    grown: dict[str, list[float]] = {name: [] for name in _ENGINES}
    for count in counts:
        with tempfile.TemporaryDirectory() as folder:
            write_rows(Path(folder), count)
            runs = 3 if count <= 1_000_000 else 1
            measured = {name: _apart(name, Path(folder), runs) for name in _ENGINES}
            results = {name: pl.read_parquet(Path(folder) / f"{name}.out") for name in _ENGINES}
            _refuse_disagreement(results)
            ours = measured["polars"][0]
            print(f"{count:>10} rows, {results['polars'].height} figures with their traces")
            for name, (seconds, gigabytes) in measured.items():
                print(
                    f"  {name:<7} {count / seconds:>12,.0f} rows/s  {seconds:>8.2f} s  {gigabytes:>6.2f} GB  "
                    f"{seconds / ours:>6.2f} x the program"
                )
                grown[name].append(seconds)
    for name, costs in grown.items() if len(counts) > 1 else ():
        print(f"  {name:<7} {growth(counts, costs)}")


def _by_polars(folder: Path) -> pl.DataFrame:
    tables = {table: pl.scan_parquet(folder / f"{table}.parquet") for table in SHARES}
    made = summarise(Countable(tables, bases_of(SPANS).lazy(), moves(), moves()))
    return made.with_columns(pl.col("value").cast(pl.Decimal(38, 3))).collect()


def _by_duckdb(folder: Path) -> pl.DataFrame:
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET threads TO 2")
    bases_of(SPANS).write_parquet(folder / "bases.parquet")
    parts = []
    for table, entries, dimension, column, narrow in _groups():
        group = "basis" + (f', "{column}"' if column else "")
        only = "basis IN ('period', 'cumulative')" if narrow else "TRUE"
        last = "is_last" if entries[0].kind is Kind.STOCK else "is_first" if entries[0].kind is Kind.OPENING else "TRUE"
        measures = ", ".join(
            f"{_sql_value(entry)} AS v{place}, count(*) FILTER ({_sql_enters(entry)}) AS c{place}, "
            f"list_sort(list(DISTINCT submission_id) FILTER ({_sql_enters(entry)})) AS s{place}"
            for place, entry in enumerate(entries)
        )
        known = f'"{column}" IS NOT NULL' if column else "TRUE"
        within = "TRUE"
        if table == "activities":
            within = "(since IS NULL OR activity_date >= since) AND (until IS NULL OR activity_date <= until)"
        answer = connection.execute(
            f"SELECT {group}, {measures} FROM '{folder / table}.parquet' JOIN '{folder}/bases.parquet' USING (period) "
            f"WHERE {only} AND {last} AND {known} AND {within} GROUP BY {group}"
        )
        names = [each[0] for each in answer.description]
        wide = pl.DataFrame(answer.fetchall(), schema=names, orient="row", infer_schema_length=None)
        parts += [
            _long(wide, entry, dimension, column, f"v{place}", f"c{place}", f"s{place}")
            for place, entry in enumerate(entries)
        ]
    return pl.concat(parts)


def _by_pandas(folder: Path) -> pl.DataFrame:
    import pandas as pd

    bases = pd.DataFrame(bases_of(SPANS).to_dicts())
    for bound in ("since", "until"):
        bases[bound] = pd.to_datetime(bases[bound])
    frames = {}
    for table in SHARES:
        frame = pl.read_parquet(folder / f"{table}.parquet")
        thousandths = [name for name, dtype in frame.schema.items() if isinstance(dtype, pl.Decimal)]
        frame = frame.with_columns((pl.col(name) * 1000).cast(pl.Int64) for name in thousandths)
        kept = frame.select(name for name in frame.columns if name not in ("sha256", "revision", "source_row"))
        columns = {name: kept[name].to_numpy() for name in kept.columns if kept[name].null_count() < kept.height}
        placed = pd.DataFrame(columns).merge(bases, on="period")
        if table == "activities":
            since, until, day = placed["since"], placed["until"], placed["activity_date"]
            placed = placed[(since.isna() | (day >= since)) & (until.isna() | (day <= until))]
        frames[table] = (placed, set(thousandths))
    parts = []
    for table, entries, dimension, column, narrow in _groups():
        rows, thousandths = frames[table]
        if narrow:
            rows = rows[rows["basis"].isin(["period", "cumulative"])]
        if entries[0].kind is Kind.STOCK:
            rows = rows[rows["is_last"]]
        if entries[0].kind is Kind.OPENING:
            rows = rows[rows["is_first"]]
        keys = ["basis", column] if column else ["basis"]
        index = rows.groupby(keys, observed=True).size().index
        for entry in entries:
            if entry.column not in rows:
                continue
            counted = rows[_pandas_counts(rows, entry)]
            said = counted[counted[entry.column] != 0] if entry.aggregate is Aggregate.SUM else counted
            groups = said.groupby(keys, observed=True)
            value = {
                Aggregate.SUM: lambda groups=groups, entry=entry: groups[entry.column].sum(),
                Aggregate.COUNT: lambda groups=groups: groups.size(),
                Aggregate.DISTINCT: lambda groups=groups, entry=entry: groups[entry.column].nunique(),
            }[entry.aggregate]()
            wide = pd.DataFrame(
                {
                    "v": value.reindex(index, fill_value=0),
                    "c": groups.size().reindex(index, fill_value=0),
                    "s": groups["submission_id"].unique().reindex(index),
                }
            ).reset_index()
            found = pl.DataFrame(
                {
                    **{key: wide[key].tolist() for key in keys},
                    "v": wide["v"].tolist(),
                    "c": wide["c"].tolist(),
                    "s": [sorted(each) if not isinstance(each, float) else [] for each in wide["s"].tolist()],
                }
            )
            factor = 1000 if entry.column in thousandths else 1
            found = found.with_columns(v=pl.col("v").cast(pl.Decimal(38, 3)) / factor)
            parts.append(_long(found, entry, dimension, column, "v", "c", "s"))
    return pl.concat(parts)


_ENGINES: dict[str, Callable[[Path], pl.DataFrame]] = {
    "polars": _by_polars,
    "duckdb": _by_duckdb,
    "pandas": _by_pandas,
}


def _groups() -> Iterator[tuple[str, list[Indicator], str, str, bool]]:
    """Every table, kind and dimension, with the entries that are made of them together."""
    for table in SHARES:
        for kind in (Kind.FLOW, Kind.STOCK, Kind.OPENING):
            entries = [entry for entry in INDICATORS if entry.table == table and entry.kind is kind]
            for dimension, column in DIMENSIONS[table].items() if entries else ():
                if dimension != "month":
                    yield table, entries, dimension, column, dimension in _NARROW


def _long(
    wide: pl.DataFrame, entry: Indicator, dimension: str, column: str, value: str, cells: str, sources: str
) -> pl.DataFrame:
    return wide.select(
        "basis",
        indicator=pl.lit(entry.code),
        dimension=pl.lit(dimension),
        member=pl.col(column) if column else pl.lit(""),
        value=pl.col(value).cast(pl.Decimal(38, 3)).fill_null(0),
        cells=pl.col(cells).cast(pl.UInt32),
        sources=pl.col(sources).cast(pl.List(pl.Int64)).fill_null([]),
    ).select(_COLUMNS)


def _sql_counts(entry: Indicator) -> str:
    conditions = [_CONDITIONS[entry.counting]]
    for column, members in (("activity_code", entry.activity_codes), ("funding_source", entry.funding_sources)):
        if members:
            conditions.append(f"{column} IN ({', '.join(repr(member) for member in members)})")
    if entry.occasion:
        conditions.append(f"occasion = '{entry.occasion}'")
    return " AND ".join(conditions)


def _sql_enters(entry: Indicator) -> str:
    said = f"AND {entry.column} <> 0" if entry.aggregate is Aggregate.SUM else ""
    return f"WHERE {_sql_counts(entry)} AND {entry.column} IS NOT NULL {said}"


def _sql_value(entry: Indicator) -> str:
    made = {
        Aggregate.SUM: f"sum({entry.column})",
        Aggregate.COUNT: f"count({entry.column})",
        Aggregate.DISTINCT: f"count(DISTINCT {entry.column})",
    }[entry.aggregate]
    return f"{made} FILTER (WHERE {_sql_counts(entry)})"


def _pandas_counts(rows, entry: Indicator):  # type: ignore[no-untyped-def]
    """The mask of the rows that enter the indicator."""
    import pandas as pd

    statuses = {
        Counting.COMPLETED: ["hoan_thanh"],
        Counting.PAID: ["hoan_thanh", "dang_thuc_hien"],
        Counting.CARRIED_OUT: ["hoan_thanh", "dang_thuc_hien"],
        Counting.UNDER_WAY: ["dang_thuc_hien"],
        Counting.COMMITTED: ["cam_ket"],
    }.get(entry.counting)
    mask = pd.Series(True, index=rows.index) if statuses is None else rows["status"].isin(statuses)
    if entry.counting is Counting.CARRIED_OUT:
        mask &= rows["in_twinned_village"]
    if entry.counting is Counting.RURAL_STANDARD:
        mask &= rows["ntm"] == "Có"
    if entry.activity_codes:
        mask &= rows["activity_code"].isin(list(entry.activity_codes))
    if entry.funding_sources:
        mask &= rows["funding_source"].isin(list(entry.funding_sources))
    if entry.occasion:
        mask &= rows["occasion"] == entry.occasion
    return mask


def _apart(name: str, folder: Path, runs: int) -> tuple[float, float]:
    """Seconds and peak gigabytes of one engine in a process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_timed, name, folder, runs).result()


def _timed(name: str, folder: Path, runs: int) -> tuple[float, float]:
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        made = _ENGINES[name](folder)
        seconds.append(time.perf_counter() - began)
    made.write_parquet(folder / f"{name}.out")
    return statistics.median(seconds), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def _refuse_disagreement(results: dict[str, pl.DataFrame]) -> None:
    """Every figure that any engine finds other than 0 must be the same for all, with its trace."""
    keys = ["indicator", "basis", "dimension", "member"]
    found = {name: frame.filter(pl.col("cells") > 0).select(_COLUMNS).sort(keys) for name, frame in results.items()}
    for name, frame in found.items():
        if not frame.equals(found["polars"]):
            raise SystemExit(f"{name} and polars do not agree")


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [10_000, 100_000, 1_000_000, 10_000_000])
