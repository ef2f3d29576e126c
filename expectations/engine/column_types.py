"""The type of a column, as expectations about types compare it."""

from typing import Any

import polars as pl


class ColumnType:
    """A Polars type that equals itself, its own name, and the name of the same type in pandas.

    So `ExpectColumnTypeToBe(type_="int64")` holds of a column of `pl.Int64`. Names that pandas cannot read ("Date",
    "Decimal") never reach the comparison: that expectation refuses them itself.
    """

    def __init__(self, dtype: pl.DataType) -> None:
        self.dtype = dtype

    def __eq__(self, other: object) -> bool:
        return other == self.dtype if isinstance(other, pl.DataType) else str(other) in self._names

    def __hash__(self) -> int:
        return hash(str(self))

    def __str__(self) -> str:
        return str(self.dtype)

    __repr__ = __str__

    @property
    def _names(self) -> set[str]:
        own = str(self.dtype)
        return {own, own.lower(), *_IN_PANDAS.get(own, ())}


_IN_PANDAS: dict[str, tuple[str, ...]] = {"String": ("str", "string", "object"), "Boolean": ("bool", "boolean")}


def column_types(frame: pl.DataFrame) -> list[dict[str, Any]]:
    """Name and type of every column, in the shape of the metric `table.column_types`."""
    return [{"name": name, "type": ColumnType(dtype)} for name, dtype in frame.schema.items()]
