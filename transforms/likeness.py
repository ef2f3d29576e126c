"""Fingerprints of what a workbook says, whatever file it came in: to know it again, and its copies."""

import hashlib
import json
from collections.abc import Mapping, Sequence

import polars as pl

FINGERPRINTS = pl.Schema({"file": pl.String, "content_hash": pl.String, "likeness": pl.String})
"""`content_hash` knows the same statement again; `likeness` also knows it with other days, unit or period.

`likeness` is null where no activity is reported: idle months are all alike.
"""

_PLACE = ("file", "source_row", "stt")


def fingerprints(statements: pl.DataFrame, typed: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """One row of `FINGERPRINTS` per workbook.

    Args:
        statements: `STATEMENTS`.
        typed: the typed rows of every kept table, by its name.
    """
    rows = []
    by_table = {table: frame.partition_by("file", as_dict=True) for table, frame in typed.items()}
    for file, unit, period, nil in statements.select("file", "unit_code", "period", "nil_return").iter_rows():
        own = {table: frames.get((file,), typed[table].clear()) for table, frames in by_table.items()}
        content = {table: _lines(frame) for table, frame in own.items()}
        whole = {"unit": unit, "period": period, "nil": nil, **content}
        alike = {"activities": _lines(own["activities"], "activity_date"), "households": content["households"]}
        rows.append((file, _hash(whole), _hash(alike) if alike["activities"] else None))
    return pl.DataFrame(rows, schema=FINGERPRINTS, orient="row")


def _lines(frame: pl.DataFrame, *apart_from: str) -> Sequence[str]:
    """The rows as text, in an order that does not depend on where they stand."""
    kept = frame.drop(*_PLACE, *apart_from, strict=False)
    return sorted(json.dumps(row, default=str, ensure_ascii=False) for row in kept.iter_rows())


def _hash(content: object) -> str:
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
