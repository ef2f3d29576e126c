"""The real register in a scratch database, with reports that are only said to have come."""

import sqlite3
from collections.abc import Sequence

from domain.reference import Reference
from services.queries.recount.register import lay_register


def scratch_of(reference: Reference, months: Sequence[str], *missing: tuple[str, str]) -> sqlite3.Connection:
    """Everybody sent every report of the months, apart from those named as (month, unit)."""
    database = sqlite3.connect(":memory:")
    lay_register(database, reference, sorted(set(months)))
    database.execute("CREATE TABLE counting AS SELECT period, unit, 1 AS id FROM owed")
    for month, unit in missing:
        database.execute("DELETE FROM counting WHERE period = ? AND unit = ?", (month, unit))
    return database
