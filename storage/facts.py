"""The rows of submissions, read in columns: a month of a country is half a million of them.

They are asked for as the database keeps them, without a Python object's detour, and become what they are in Polars.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl
from sqlalchemy import BigInteger, Select, String, func, select, type_coerce
from sqlalchemy.orm import Session

from domain.schemas import FACT_ORIGIN, USUAL_PRICES, stored
from storage.submissions import counting
from storage.tables import FACT_TABLES, Submission

_ORIGIN = ("submission_id", "period", "unit_code", "revision", "sha256")
_THOUSANDTH = Decimal("0.001")


def fetch_facts(
    session: Session, table: str, periods: Sequence[str], as_of: datetime | None = None, unit_code: str | None = None
) -> pl.LazyFrame:
    """The accepted rows of `table` in the periods, of all units or of one, as known at `as_of`.

    Returns:
        `schemas.stored(table)`, in the order of period, unit and row.
    """
    return _facts(session, table, counting(periods, as_of, unit_code))


def facts_of(session: Session, table: str, submission_id: int) -> pl.LazyFrame:
    """The rows of `table` that came with one submission, as `schemas.stored(table)`."""
    return _facts(session, table, select(*Submission.__table__.c).where(Submission.id == submission_id))


def fetch_unit_prices(session: Session, periods: Sequence[str]) -> pl.DataFrame:
    """What one unit of quantity came to over the periods, as `USUAL_PRICES`."""
    counted = counting(periods, None).subquery()
    facts = FACT_TABLES["activities"].__table__
    thousandths = type_coerce(facts.c.quantity, BigInteger)
    named = (counted.c.unit_code, facts.c.activity_code, facts.c.quantity_unit)
    query = (
        select(*named, func.sum(facts.c.value_total_vnd), func.sum(thousandths))
        .join(counted, counted.c.id == facts.c.submission_id)
        .where(facts.c.value_total_vnd > 0, thousandths > 0)
        .group_by(*named)
        .order_by(*named)
    )
    rows = [(*names, 1000 * float(value) / float(quantity)) for *names, value, quantity in session.execute(query)]
    return pl.DataFrame(rows, schema=USUAL_PRICES, orient="row")


def _facts(session: Session, table: str, of: Select[tuple[object, ...]]) -> pl.LazyFrame:
    schema, told_of = stored(table), of.subquery()
    origins = _columns(session, select(told_of.c.id, *(told_of.c[name] for name in _ORIGIN[1:])), _ORIGIN)
    facts = FACT_TABLES[table].__table__
    own = [name for name in schema if name not in FACT_ORIGIN or name == "submission_id"]
    kept = [type_coerce(facts.c[name], _as_kept(schema[name])).label(name) for name in own]
    rows = _columns(session, select(*kept).where(facts.c.submission_id.in_(select(told_of.c.id))), own)
    return (
        rows.with_columns(_as_told(rows[name], schema[name]) for name in own)
        .join(origins.cast({name: schema[name] for name in _ORIGIN}), on="submission_id")
        .select(*schema)
        .sort("period", "unit_code", "source_row", maintain_order=True)
        .lazy()
    )


def _columns(session: Session, query: Select[tuple[object, ...]], names: Sequence[str]) -> pl.DataFrame:
    """What the query gives, column by column."""
    rows = session.connection().execute(query).all()
    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pl.DataFrame({name: pl.Series(values, strict=True) for name, values in zip(names, columns, strict=True)})


def _as_kept(dtype: pl.DataType) -> Any:
    """How the database keeps a value of that type; PostgreSQL gives days as days, whatever they are called."""
    return BigInteger() if dtype.is_numeric() else String()


def _as_told(kept: pl.Series, dtype: pl.DataType) -> pl.Series:
    """A column as it was kept, as what it is."""
    if isinstance(dtype, pl.Decimal):
        return (kept.cast(pl.Decimal(dtype.precision)) * _THOUSANDTH).cast(dtype)
    return kept.str.to_date() if dtype == pl.Date and kept.dtype == pl.String else kept.cast(dtype)
