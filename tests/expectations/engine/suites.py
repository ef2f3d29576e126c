"""Random frames, the expectations asked of them, and what an engine answers."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pandas
import polars as pl
from hypothesis import strategies as st

from expectations.engine import read_frame
from expectations.gate import great_expectations

NUMBERS = st.integers(-3, 6)
SCHEMA: dict[str, Any] = {
    "a": pl.Int64, "b": pl.Int32, "x": pl.Float64, "y": pl.Float64, "s": pl.String, "t": pl.String,
    "d": pl.Date, "e": pl.Date, "m": pl.Decimal(18, 3), "n": pl.Decimal(18, 3), "p": pl.Boolean,
}  # fmt: skip
_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    pl.Int64: NUMBERS,
    pl.Int32: NUMBERS,
    # Halves are exact, so that sums do not depend on the order of adding.
    pl.Float64: NUMBERS.map(lambda number: number / 2),
    pl.String: st.sampled_from(["", "a", "ab", "ă", "Ấp 1", "a%b", "5", "x\ny", "2024-02-01"]),
    pl.Date: st.dates(date(2024, 1, 1), date(2024, 1, 6)),
    pl.Decimal: NUMBERS.map(lambda number: Decimal(number) / 8),
    pl.Boolean: st.booleans(),
}


@st.composite
def frames(draw: st.DrawFn) -> pl.DataFrame:
    """Up to eight rows, with missing values in every column."""
    height = draw(st.integers(0, 8))
    columns = {
        name: draw(
            st.lists(
                st.none() | _VALUES[getattr(dtype, "base_type", lambda dtype=dtype: dtype)()],
                min_size=height,
                max_size=height,
            )
        )
        for name, dtype in SCHEMA.items()
    }
    return pl.DataFrame(columns, schema=SCHEMA)


def as_pandas(frame: pl.DataFrame) -> pandas.DataFrame:
    """The same rows in the types that the engine for pandas is made for."""
    columns: dict[str, Any] = {}
    for column in frame:
        values: list[Any] = column.to_list()
        if column.dtype == pl.Date:
            columns[column.name] = pandas.Series(
                [None if day is None else datetime(day.year, day.month, day.day) for day in values],
                dtype="datetime64[ns]",
            )
        elif column.dtype.is_numeric() and not column.dtype.is_decimal():
            whole = column.dtype.is_integer() and not column.null_count()
            columns[column.name] = pandas.Series(values, dtype="int64" if whole else "float64")
        else:
            columns[column.name] = pandas.Series(values, dtype="object")
    return pandas.DataFrame(columns)


def by_polars(frame: pl.DataFrame, expectations: list[Any], **result_format: Any) -> list[Any]:
    """The results of our engine, in the order of the expectations."""
    return _validated(read_frame(_context(), frame), expectations, result_format)


def by_pandas(frame: pl.DataFrame, expectations: list[Any], **result_format: Any) -> list[Any]:
    """The results of the engine of Great Expectations, in the order of the expectations."""
    asset = _context().data_sources.add_pandas("rows").add_dataframe_asset("rows")
    batch = asset.add_batch_definition_whole_dataframe("rows").get_batch({"dataframe": as_pandas(frame)})
    return _validated(batch, expectations, result_format)


def crash_of(result: Any) -> str | None:
    """What was raised instead of a result."""
    info = result.exception_info
    entries = [info] if "raised_exception" in info else list(info.values())
    raised = [entry["exception_message"] for entry in entries if entry["raised_exception"]]
    return raised[0] if raised else None


def _context() -> Any:
    context = great_expectations().get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def _validated(batch: Any, expectations: list[Any], result_format: dict[str, Any]) -> list[Any]:
    gx = great_expectations()
    for place, expectation in enumerate(expectations):
        expectation.meta = {"place": place}
    outcome = batch.validate(
        gx.ExpectationSuite("asked", expectations=expectations),
        result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False} | result_format,
    )
    return sorted(outcome.results, key=lambda result: result.expectation_config.meta["place"])
