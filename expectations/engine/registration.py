"""Registers our functions as the metrics of `PolarsExecutionEngine`.

Names, keys of domains, keys of values and dependencies are those that Great Expectations registered for its own engines:
only the function that computes is ours, so its expectations are used as they are.
"""

from collections.abc import Callable
from typing import Any

import polars as pl
from great_expectations.exceptions import MetricProviderError
from great_expectations.expectations.registry import _get_metric_definition, register_core_metrics, register_metric

from expectations.engine import aggregates, column_conditions, row_conditions, summaries
from expectations.engine.column_conditions import Column
from expectations.engine.column_types import column_types
from expectations.engine.execution_engine import PolarsExecutionEngine
from expectations.engine.query import Condition, Query

_OF_OTHER_METRICS = ("table.columns", "table.column_count", "column.unique_proportion", "column.non_null_proportion")
"""Metrics that only look at other metrics: the functions that serve pandas serve every engine."""


def register_metrics() -> None:
    """Make the engine known for every metric it answers; again is the same as once."""
    register_core_metrics()
    for name, condition in column_conditions.CONDITIONS.items():
        _register_condition(name, _column_condition(condition))
    for name, condition in row_conditions.CONDITIONS.items():
        _register_condition(name, _row_condition(condition))
    for name, aggregate in aggregates.AGGREGATES.items():
        _register(name, _aggregate(name, aggregate))
    for name, query in aggregates.QUERIES.items():
        _register(name, _column_query(query))
    for name in _OF_OTHER_METRICS:
        _register(name, _definition(name)["providers"]["PandasExecutionEngine"][1])
    _register("column_values.value_length.map", _nothing)
    _register("column_values.z_score.map", _mean_and_deviation)
    _register("table.column_types", _column_types)
    _register("table.row_count", _row_count)
    _register("table.head", _head)


def _register_condition(name: str, function: Callable[..., Condition]) -> None:
    _register(f"{name}.condition", function)
    for suffix, summary in summaries.SUMMARIES.items():
        metric = f"{name}.{suffix}"
        if _is_known(metric):
            by_name = suffix == "unexpected_values" and _takes_a_list(metric)
            _register(metric, _summary(summaries.values_by_name if by_name else summary))


def _register(name: str, function: Callable[..., Any]) -> None:
    definition = _definition(name)
    providers = definition["providers"]
    if PolarsExecutionEngine.__name__ in providers:
        return
    provider, _ = providers.get("PandasExecutionEngine") or next(iter(providers.values()))
    register_metric(
        metric_name=name,
        metric_domain_keys=definition["metric_domain_keys"],
        metric_value_keys=definition["metric_value_keys"],
        execution_engine=PolarsExecutionEngine,
        metric_class=provider,
        metric_provider=function,
    )


def _definition(name: str) -> dict[str, Any]:
    definition: dict[str, Any] = _get_metric_definition(name)
    return definition


def _is_known(name: str) -> bool:
    try:
        _definition(name)
    except MetricProviderError:
        return False
    return True


def _takes_a_list(name: str) -> bool:
    return "column_list" in _definition(name)["metric_domain_keys"]


def _column_condition(holds: Callable[..., pl.Expr]) -> Callable[..., Condition]:
    def condition(
        cls: type,
        execution_engine: PolarsExecutionEngine,
        metric_domain_kwargs: Any,
        metric_value_kwargs: Any,
        metrics: Any,
        **_: Any,
    ) -> Condition:
        domain = execution_engine.domain(metric_domain_kwargs)
        held = holds(Column.of(domain), **metric_value_kwargs, _metrics=metrics)
        return Condition(domain, domain.and_rows(~held))

    return condition


def _row_condition(holds: Callable[..., pl.Expr]) -> Callable[..., Condition]:
    def condition(
        cls: type,
        execution_engine: PolarsExecutionEngine,
        metric_domain_kwargs: Any,
        metric_value_kwargs: Any,
        **_: Any,
    ) -> Condition:
        domain = execution_engine.domain(metric_domain_kwargs)
        return Condition(domain, domain.and_rows(~holds(domain, **metric_value_kwargs).fill_null(False)))

    return condition


def _summary(summary: Callable[..., Query]) -> Callable[..., Query]:
    def query(metric_value_kwargs: Any, metrics: Any, **_: Any) -> Query:
        return summary(metrics["unexpected_condition"], **metric_value_kwargs)

    return _gives_query(query)


def _aggregate(name: str, aggregate: Callable[..., pl.Expr]) -> Callable[..., Query]:
    def query(
        execution_engine: PolarsExecutionEngine, metric_domain_kwargs: Any, metric_value_kwargs: Any, **_: Any
    ) -> Query:
        domain = execution_engine.domain(metric_domain_kwargs)
        key = (name, (id(domain), metric_value_kwargs.to_id()))
        return Query({key: aggregate(Column.of(domain), **metric_value_kwargs)}, lambda found: found[key])

    return _gives_query(query)


def _column_query(asks: Callable[..., Query]) -> Callable[..., Query]:
    def query(
        execution_engine: PolarsExecutionEngine, metric_domain_kwargs: Any, metric_value_kwargs: Any, **_: Any
    ) -> Query:
        return asks(Column.of(execution_engine.domain(metric_domain_kwargs)), **metric_value_kwargs)

    return _gives_query(query)


def _row_count(execution_engine: PolarsExecutionEngine, metric_domain_kwargs: Any, **_: Any) -> Query:
    domain = execution_engine.domain(metric_domain_kwargs)
    if domain.rows is None:
        return Query({}, lambda found: domain.frame.height)
    key = ("rows", id(domain))
    return Query({key: domain.rows.sum()}, lambda found: int(found[key]))


def _column_types(execution_engine: PolarsExecutionEngine, metric_domain_kwargs: Any, **_: Any) -> list[dict[str, Any]]:
    return column_types(execution_engine.frame(metric_domain_kwargs.get("batch_id")))


def _head(
    execution_engine: PolarsExecutionEngine, metric_domain_kwargs: Any, metric_value_kwargs: Any, **_: Any
) -> Any:
    import pandas  # what `Batch.head` promises

    rows = execution_engine.get_domain_records(metric_domain_kwargs)
    if not metric_value_kwargs.get("fetch_all"):
        rows = rows.head(5 if metric_value_kwargs.get("n_rows") is None else metric_value_kwargs["n_rows"])
    return pandas.DataFrame(rows.to_dict(as_series=False), columns=rows.columns)


def _nothing(**_: Any) -> None:
    """The part of a condition that stands alone for other engines; ours holds it."""


def _mean_and_deviation(metrics: Any, **_: Any) -> tuple[Any, Any]:
    return metrics["column.mean"], metrics["column.standard_deviation"]


def _gives_query(function: Callable[..., Query]) -> Callable[..., Query]:
    function.gives_query = True  # type: ignore[attr-defined] # how the engine tells who needs the rows
    return function


_gives_query(_row_count)
