"""Values of an expectation, brought to the type of the column they are compared with, exactly or not at all."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from dateutil.parser import parse


def bound(value: Any, dtype: pl.DataType) -> pl.Expr:
    """One value to compare a column of this type with; text is read as a moment where the column holds moments.

    Raises:
        TypeError: if text and other values would be compared.
    """
    if dtype == pl.Null:
        # A column of which nothing is known holds nothing that could be compared.
        return pl.lit(None)
    if is_text(dtype) is not isinstance(value, str) and not (dtype.is_temporal() and isinstance(value, str)):
        raise TypeError(f"{value!r} cannot be compared with values of the type {dtype}")
    if isinstance(value, str) and dtype.is_temporal():
        return pl.lit(parse(value))
    # As it is written: the float 0.1 is a little more than a tenth, and a column of decimals is exact.
    return pl.lit(Decimal(str(value)) if isinstance(value, float) and dtype.is_decimal() else value)


def members(values: Iterable[Any], dtype: pl.DataType) -> pl.Series:
    """The values that a column of this type can hold; the others are in no row, and neither is null.

    Raises:
        TypeError: if text and other values would be compared.
    """
    if dtype == pl.Null:
        return pl.Series([], dtype=pl.Null)
    given = [value for value in values if value is not None]
    odd = [value for value in given if is_text(dtype) is not isinstance(value, str)]
    if odd and not (dtype.is_temporal() and all(isinstance(value, str) for value in odd)):
        raise TypeError(f"{odd[0]!r} cannot be among values of the type {dtype}")
    if is_text(dtype):
        return pl.Series(given, dtype=pl.String)
    if dtype.is_temporal():
        return _moments(given, dtype)
    if dtype.is_float():
        return pl.Series([float(value) for value in given], dtype=pl.Float64)
    whole = [Decimal(str(value)) for value in map(_number, given) if Decimal(str(value)).is_finite()]
    if isinstance(dtype, pl.Decimal):
        scale = Decimal(1).scaleb(-dtype.scale)
        held = [value for value in whole if value == value.quantize(scale) and value.adjusted() + 1 <= 38 - dtype.scale]
        return pl.Series(held, dtype=dtype)
    if dtype == pl.Boolean:
        return pl.Series([bool(value) for value in whole if value in (0, 1)], dtype=pl.Boolean)
    numbers = pl.Series([int(value) for value in whole if value == int(value)], dtype=pl.Int128)
    return numbers.cast(dtype, strict=False).drop_nulls()


def is_text(dtype: pl.DataType) -> bool:
    """Whether the column holds text, however it is stored."""
    return dtype in (pl.String, pl.Categorical, pl.Enum)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, bool) else value


def _moments(values: list[Any], dtype: pl.DataType) -> pl.Series:
    moments = [parse(value) if isinstance(value, str) else value for value in values]
    if dtype != pl.Date:
        return pl.Series(moments, dtype=dtype)
    days = [
        moment.date() if isinstance(moment, datetime) and moment == _midnight(moment) else moment for moment in moments
    ]
    # A moment within a day is no day.
    return pl.Series([day for day in days if isinstance(day, date) and not isinstance(day, datetime)], dtype=pl.Date)


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)
