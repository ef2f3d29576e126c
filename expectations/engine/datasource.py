"""The data source of the type "polars": `context.data_sources.add_polars(...)`."""

from typing import Any, ClassVar, Literal

import polars as pl
from great_expectations.core.batch import LegacyBatchDefinition
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.datasource.fluent import BatchRequest, DataAsset, Datasource
from great_expectations.datasource.fluent.batch_identifier_util import make_batch_identifier
from great_expectations.datasource.fluent.constants import _DATA_CONNECTOR_NAME
from great_expectations.datasource.fluent.interfaces import Batch
from great_expectations.exceptions.exceptions import BuildBatchRequestError

from expectations.engine.execution_engine import PolarsExecutionEngine
from expectations.engine.registration import register_metrics


class PolarsDataFrameAsset(DataAsset):
    """A frame that is given with each request."""

    type: Literal["dataframe"] = "dataframe"

    def test_connection(self) -> None:
        """There is nothing to connect to."""

    def add_batch_definition_whole_dataframe(self, name: str) -> Any:
        """All rows as one batch."""
        return self.add_batch_definition(name=name, partitioner=None)

    def get_batch_parameters_keys(self, partitioner: Any = None) -> tuple[str, ...]:
        """What a request gives."""
        return ("dataframe",)

    def build_batch_request(self, options: Any = None, batch_slice: Any = None, partitioner: Any = None) -> Any:
        """A request for the frame in the options.

        Raises:
            BuildBatchRequestError: if the options hold anything else, or a part of the frame is asked for.
        """
        if batch_slice is not None or partitioner is not None:
            raise BuildBatchRequestError(message="a Polars frame is one batch; filter it before")
        if not options or set(options) != {"dataframe"} or not isinstance(options["dataframe"], pl.DataFrame):
            raise BuildBatchRequestError(message="options must contain exactly 1 key, 'dataframe', a polars.DataFrame.")
        return BatchRequest(datasource_name=self.datasource.name, data_asset_name=self.name, options=options)

    def get_batch_identifiers_list(self, batch_request: Any) -> list[Any]:
        """What tells the batches of a request from one another: nothing, there is one."""
        return [make_batch_identifier(batch_request.options)]

    def get_batch(self, batch_request: Any) -> Any:
        """The frame of the request as a batch with an engine of its own, so that threads share nothing."""
        specification = RuntimeDataBatchSpec(batch_data=batch_request.options["dataframe"])
        data, markers = PolarsExecutionEngine().get_batch_data_and_markers(specification)
        return Batch(
            datasource=self.datasource,
            data_asset=self,
            batch_request=batch_request,
            data=data,
            metadata=self._get_batch_metadata_from_batch_request(batch_request, ignore_options=("dataframe",)),
            batch_markers=markers,
            batch_spec=specification,
            batch_definition=LegacyBatchDefinition(
                datasource_name=self.datasource.name,
                data_connector_name=_DATA_CONNECTOR_NAME,
                data_asset_name=self.name,
                batch_identifiers=make_batch_identifier(batch_request.options),
            ),
        )


class PolarsDatasource(Datasource):
    """Frames of Polars."""

    asset_types: ClassVar[list[Any]] = [PolarsDataFrameAsset]
    type: Literal["polars"] = "polars"
    assets: list[PolarsDataFrameAsset] = []

    @property
    def execution_engine_type(self) -> Any:
        """The engine; each batch makes its own."""
        return PolarsExecutionEngine

    def test_connection(self, test_assets: bool = True) -> None:
        """There is nothing to connect to."""

    def add_dataframe_asset(self, name: str) -> Any:
        """An asset to which each request gives its frame."""
        return self._add_asset(PolarsDataFrameAsset(name=name))


register_metrics()
