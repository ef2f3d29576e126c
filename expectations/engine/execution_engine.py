"""The engine: hands a frame to the metrics, and answers all that they ask of its rows in one query."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

import polars as pl
from great_expectations.core.batch import BatchMarkers
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.exceptions import BatchSpecError, ExecutionEngineError
from great_expectations.execution_engine import ExecutionEngine
from great_expectations.execution_engine.execution_engine import MetricComputationConfiguration
from great_expectations.expectations.registry import get_metric_provider

from expectations.engine.batch_data import PolarsBatchData
from expectations.engine.domain import Domain, domain_of, row_condition
from expectations.engine.query import Query, answers


class PolarsExecutionEngine(ExecutionEngine):
    """Judges one frame. Great Expectations finds the metrics of an engine by this class's name.

    A metric that only needs the schema answers at once; one that needs the rows gives a `Query`. All queries of one step of
    the validation are one `select`, so that the rows of all expectations are passed over together.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Kept as long as the engine: their identity is part of the keys of queries.
        self._domains: dict[Any, Domain] = {}
        super().__init__(*args, **kwargs)

    def get_batch_data_and_markers(self, batch_spec: Any) -> tuple[PolarsBatchData, Any]:
        """The frame of a runtime specification, as data of a batch.

        Raises:
            BatchSpecError: if the specification holds no frame; lazy ones must be collected first.
        """
        frame = batch_spec.batch_data if isinstance(batch_spec, RuntimeDataBatchSpec) else None
        if not isinstance(frame, pl.DataFrame):
            raise BatchSpecError("PolarsExecutionEngine needs a batch specification that holds a polars.DataFrame")
        # The specification is written into results; the rows are not.
        batch_spec.batch_data = "PolarsDataFrame"
        markers = BatchMarkers({"ge_load_time": datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")})
        return PolarsBatchData(self, frame), markers

    def load_batch_data(self, batch_id: str, batch_data: Any) -> None:
        """Take a batch, or a bare frame, under the identifier."""
        if isinstance(batch_data, pl.DataFrame):
            batch_data = PolarsBatchData(self, batch_data)
        super().load_batch_data(batch_id=batch_id, batch_data=batch_data)

    def frame(self, batch_id: str | None = None) -> pl.DataFrame:
        """The frame of a batch; without an identifier that of the only one.

        Raises:
            ExecutionEngineError: if there is no such batch.
        """
        manager = self.batch_manager
        data = manager.batch_data_cache.get(batch_id) if batch_id else manager.active_batch_data
        if data is None:
            raise ExecutionEngineError(f"Unable to find batch with batch_id {batch_id}")
        frame: pl.DataFrame = data.dataframe
        return frame

    def domain(self, keywords: Mapping[str, Any]) -> Domain:
        """The rows and columns that a metric is asked of; the same object for the same keywords."""
        key = keywords.to_id() if hasattr(keywords, "to_id") else None
        if key is None or key not in self._domains:
            domain = domain_of(self.frame(keywords.get("batch_id")), keywords)
            if key is None:
                return domain
            self._domains[key] = domain
        return self._domains[key]

    def get_domain_records(self, domain_kwargs: Mapping[str, Any]) -> pl.DataFrame:
        """The rows of a domain as a frame, for metrics written elsewhere; ours ask with expressions."""
        domain = self.domain(domain_kwargs)
        return domain.frame if domain.rows is None else domain.frame.filter(domain.rows)

    def get_compute_domain(
        self, domain_kwargs: dict[str, Any], domain_type: Any, accessor_keys: Iterable[str] | None = None
    ) -> tuple[pl.DataFrame, dict[str, Any], dict[str, Any]]:
        """The rows of a domain, its keywords, and those that name columns."""
        split = self._partition_domain_kwargs(domain_kwargs, domain_type, accessor_keys)
        return self.get_domain_records(domain_kwargs), split.compute, split.accessor

    def _build_direct_and_bundled_metric_computation_configurations(
        self,
        metrics_to_resolve: Iterable[Any],
        metrics: dict[Any, Any] | None = None,
        runtime_configuration: dict[str, Any] | None = None,
    ) -> tuple[list[Any], list[Any]]:
        """Metrics that answer at once, and those that give a query; theirs would tell them by a metric more for each."""
        direct: list[Any] = []
        bundled: list[Any] = []
        for metric in metrics_to_resolve:
            provider, function = get_metric_provider(metric_name=metric.metric_name, execution_engine=self)
            configuration = MetricComputationConfiguration(
                metric_configuration=metric,
                metric_fn=function,
                metric_provider_kwargs={
                    "cls": provider,
                    "execution_engine": self,
                    "metric_domain_kwargs": metric.metric_domain_kwargs,
                    "metric_value_kwargs": metric.metric_value_kwargs,
                    "metrics": self._get_computed_metric_evaluation_dependencies_by_metric_name(metric, metrics or {}),
                    "runtime_configuration": runtime_configuration,
                },
            )
            (bundled if getattr(function, "gives_query", False) else direct).append(configuration)
        return direct, bundled

    def resolve_metric_bundle(self, metric_fn_bundle: Iterable[Any]) -> dict[Any, Any]:
        """Answer all queries of the bundle in one pass over each frame.

        If it fails, the caller asks each of them alone, so that only those at fault are lost.
        """
        by_batch: dict[str | None, list[tuple[Any, Query]]] = {}
        for each in metric_fn_bundle:
            batch_id = each.metric_configuration.metric_domain_kwargs.get("batch_id")
            query = each.metric_fn(**each.metric_provider_kwargs)
            by_batch.setdefault(batch_id, []).append((each.metric_configuration.id, query))
        resolved: dict[Any, Any] = {}
        for batch_id, asked in by_batch.items():
            found = answers(self.frame(batch_id), [query for _, query in asked])
            resolved |= {metric: query.read(found) for metric, query in asked}
        return resolved

    def _comparison_condition_to_filter_clause(self, condition: Any) -> pl.Expr:
        return row_condition(self.frame(), condition)

    def _nullity_condition_to_filter_clause(self, condition: Any) -> pl.Expr:
        return row_condition(self.frame(), condition)

    def _and_condition_to_filter_clause(self, condition: Any) -> pl.Expr:
        return row_condition(self.frame(), condition)

    def _or_condition_to_filter_clause(self, condition: Any) -> pl.Expr:
        return row_condition(self.frame(), condition)
