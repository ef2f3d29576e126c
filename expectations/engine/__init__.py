"""Great Expectations on Polars: `read_frame` makes a batch of a frame, on which its own expectations are judged.

Stands by itself: nothing here knows the rules, the forms or the rest of the program. `README.md` says what it covers.
"""

from typing import Any

import polars as pl


def read_frame(context: Any, frame: pl.DataFrame, name: str = "polars") -> Any:
    """A batch of the whole frame, with an engine of its own, whose `validate` takes expectations and suites.

    Great Expectations is imported by the first call, not by importing this package: it costs seconds.

    Args:
        context: what `great_expectations.get_context` gave; one per thread, as with any engine of theirs.
        frame: the rows; unexpected ones are named by their position in it.
        name: of the data source, which is added to the context where it has none: that takes as long as two expectations.
    """
    from expectations.engine import datasource  # noqa: F401 - adds the type "polars" to every context

    try:
        definition = context.data_sources.get(name).get_asset(name).get_batch_definition(name)
    except LookupError:
        asset = context.data_sources.add_or_update_polars(name).add_dataframe_asset(name)
        definition = asset.add_batch_definition_whole_dataframe(name)
    return definition.get_batch({"dataframe": frame})
