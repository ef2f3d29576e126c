"""A frame as the data of a batch."""

from typing import Any

import polars as pl
from great_expectations.core.batch import BatchData


class PolarsBatchData(BatchData):
    """The frame and the engine that was made for it."""

    def __init__(self, execution_engine: Any, dataframe: pl.DataFrame) -> None:
        super().__init__(execution_engine=execution_engine)
        self.dataframe = dataframe
