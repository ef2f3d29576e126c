"""Runs rules over a frame with Great Expectations: one pass for all waiting workbooks."""

import logging
import os
import sys
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any

import polars as pl

from domain.findings import Engine, Expectation, Rule
from expectations.engine import read_frame


class CrashedRule(RuntimeError):
    """An expectation raised instead of judging: a fault of ours, never reported to a clerk as theirs."""


def broken_rows(
    frame: pl.DataFrame, rules: Sequence[Rule], engine: Engine = Engine.POLARS
) -> list[tuple[Rule, list[int]]]:
    """For each rule, the positions of the rows of `frame` that break it.

    Raises:
        CrashedRule: if an expectation could not be evaluated.
    """
    if frame.is_empty():
        return [(rule, []) for rule in rules]
    broken: list[list[int]] = [[] for _ in rules]
    columns = sorted({column for rule in rules for column in _columns_of(rule)})
    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise CrashedRule(f"the frame lacks {', '.join(absent)}")
    without_values = {column for column in columns if frame[column].null_count() == frame.height}
    asked = [place for place, rule in enumerate(rules) if _can_be_broken(rule.expectation, without_values)]
    if not asked:
        return list(zip(rules, broken, strict=True))
    gx = great_expectations()
    batch = _BATCHES[engine](_context(), frame.select(columns))
    suite = gx.ExpectationSuite(
        "rules",
        expectations=[
            getattr(gx.expectations, rules[place].expectation.name)(
                **rules[place].expectation.arguments, meta={"place": place}, description=rules[place].code
            )
            for place in asked
        ],
    )
    outcome = batch.validate(suite, result_format={"result_format": "COMPLETE", "return_unexpected_index_query": False})
    for result in outcome.results:
        place = result.expectation_config.meta["place"]
        if any(entry.get("raised_exception") for entry in _exceptions(result.exception_info)):
            raise CrashedRule(f"{rules[place].code}: {result.exception_info}")
        broken[place] = _as_numbers(result.result.get("unexpected_index_list") or [])
    return list(zip(rules, broken, strict=True))


_JUDGES_VALUES = (
    "ExpectColumnValuesToBeNull",
    "ExpectColumnValuesToBeBetween",
    "ExpectColumnValuesToBeInSet",
    "ExpectColumnValuesToNotBeInSet",
    "ExpectColumnValuesToMatchRegex",
)
"""Expectations that pass over a row in which the column has no value."""
_JUDGES_WHOLE_ROWS = ("either_value_is_missing", "any_value_is_missing")
"""Of several columns: how an expectation says that it passes over a row in which one of them has no value."""


def _can_be_broken(expectation: Expectation, without_values: Set[str]) -> bool:
    """Whether there is a row to judge at all; each that need not be asked spares milliseconds, and most columns are empty."""
    arguments = expectation.arguments
    if expectation.name in _JUDGES_VALUES:
        return arguments["column"] not in without_values
    if arguments.get("ignore_row_if") in _JUDGES_WHOLE_ROWS:
        return without_values.isdisjoint(_judged_columns(arguments))
    return True


def _as_numbers(positions: list[Any]) -> list[int]:
    """Positions as Python's own numbers; both engines give them in the order of the rows."""
    numbers: list[int] = (
        positions if all(type(position) is int for position in positions) else list(map(int, positions))
    )
    return numbers


_OWN = threading.local()


def _context() -> Any:
    """One for each thread: those that share one get each other's rows, and making one takes as long as two rules."""
    if not hasattr(_OWN, "context"):
        _OWN.context = great_expectations().get_context(mode="ephemeral")
        _OWN.context.variables.progress_bars = {"globally": False}
    return _OWN.context


@cache
def great_expectations() -> Any:
    """The library, imported once per process: it costs seconds, which a caller may spend while it waits for others."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("TQDM_DISABLE", "1")
    for leftover in [name for name in os.environ if name.startswith("GX_CLOUD_")]:
        del os.environ[leftover]
    with warnings.catch_warnings(), _deferred("altair", "boto3", "jsonschema", "scipy.stats"):
        # Its own imports of deprecated modules; nothing a reader of our log could mend.
        warnings.simplefilter("ignore")
        import great_expectations as library

    # The import diverts every warning of the program into the log.
    logging.captureWarnings(False)
    # Their own levels stand below the library's, and one of them speaks of every temporary folder.
    for name in ("great_expectations", "great_expectations.data_context.types.base"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return library


class _Deferred(ModuleType):
    """Stands for a module until somebody uses it."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            # Another thread asks while the import lasts: the module itself would be this one again.
            raise AttributeError(f"{self.__name__} is imported later, so it has no {name} yet")
        return getattr(import_module(self.__name__), name)


@contextmanager
def _deferred(*names: str) -> Iterator[None]:
    """Modules that the import asks for and nothing of ours uses: distributions, schemas of JSON, buckets; half of its time."""
    absent = [name for name in names if name not in sys.modules]
    for name in absent:
        parent, _, child = name.rpartition(".")
        sys.modules[name] = _Deferred(name)
        if parent:
            setattr(import_module(parent), child, sys.modules[name])
    try:
        yield
    finally:
        # Whoever imports them from now on gets the modules themselves.
        for name in absent:
            parent, _, child = name.rpartition(".")
            del sys.modules[name]
            if parent:
                delattr(sys.modules[parent], child)


def _columns_of(rule: Rule) -> list[str]:
    arguments = rule.expectation.arguments
    return _judged_columns(arguments) + list(_columns_in(arguments.get("row_condition")))


def _judged_columns(arguments: Mapping[str, object]) -> list[str]:
    named = [str(arguments[name]) for name in ("column", "column_A", "column_B") if name in arguments]
    listed = arguments.get("column_list")
    return named + ([str(column) for column in listed] if isinstance(listed, list) else [])


def _columns_in(condition: object) -> Iterator[str]:
    match condition:
        case {"column": {"name": str() as name}}:
            yield name
        case {"conditions": list() as parts}:
            for part in parts:
                yield from _columns_in(part)


def _pandas_batch(context: Any, frame: pl.DataFrame) -> Any:
    try:
        definition = context.data_sources.get("pandas").get_asset("rows").get_batch_definition("rows")
    except LookupError:
        asset = context.data_sources.add_pandas("pandas").add_dataframe_asset("rows")
        definition = asset.add_batch_definition_whole_dataframe("rows")
    return definition.get_batch({"dataframe": _as_pandas(frame)})


_BATCHES = {Engine.POLARS: read_frame, Engine.PANDAS: _pandas_batch}


def _as_pandas(frame: pl.DataFrame) -> Any:
    """Days as numbers, decimals as floats, text as objects: the types on which expectations are fast.

    As stamps of nanoseconds, which are as fast, days would end in 2262. No rule has a day for a bound.
    """
    import pandas

    columns = frame.with_columns(
        pl.col(pl.Date).cast(pl.Int32),
        pl.selectors.decimal().cast(pl.Float64),
    )
    return pandas.DataFrame(
        {column.name: pandas.Series(column.to_numpy(), dtype=_DTYPES.get(column.dtype)) for column in columns}
    )


_DTYPES: dict[pl.DataType, str] = {pl.String(): "object"}
"""What pandas must not guess; its own text type is slower and needs another library."""


def _exceptions(info: Any) -> list[dict[str, Any]]:
    if "raised_exception" in info:
        return [info]
    return [entry for entry in info.values() if isinstance(entry, dict)]
