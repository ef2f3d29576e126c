"""Who is as a claim says, found in the scratch database: who reported, late or nothing; which villages lie idle."""

import json
import sqlite3
from collections.abc import Sequence

from domain.claims import State

_UNITS = """
WITH due AS (
    SELECT owed.unit, owed.period, counting.id, counting.is_nil, counting.days_late, EXISTS (
        SELECT 1 FROM submission WHERE submission.unit = owed.unit AND submission.period = owed.period
        AND verdict IN ('rejected', 'conflicting')
    ) AS was_returned
    FROM owed LEFT JOIN counting ON counting.period = owed.period AND counting.unit = owed.unit
    WHERE owed.period IN (SELECT value FROM json_each(:months))
)
SELECT unit FROM due GROUP BY unit HAVING {which} ORDER BY unit
"""
_WHICH = {
    State.REPORTED: "COUNT(id) = COUNT(*)",
    State.MISSING: "COUNT(id) < COUNT(*) AND NOT MAX(was_returned AND id IS NULL)",
    State.REJECTED: "COUNT(id) < COUNT(*) AND MAX(was_returned AND id IS NULL)",
    State.LATE: "MAX(days_late) > 0",
    State.NIL: "COUNT(id) > 0 AND SUM(id IS NOT NULL AND is_nil) = COUNT(id)",
}
_VILLAGES = """
SELECT DISTINCT village_id FROM ward_reported
WHERE has_partner AND period IN (SELECT value FROM json_each(:months)) {which} ORDER BY village_id
"""
_ACTIVE = """
village_id {sign} (
    SELECT village_id FROM activities
    WHERE is_twinned AND status IN ('hoan_thanh', 'dang_thuc_hien')
    AND period IN (SELECT value FROM json_each(:months))
)
"""
VILLAGE_STATES = (State.IDLE_VILLAGES, State.ACTIVE_VILLAGES)
UNIT_STATES = tuple(_WHICH)


def members_of(database: sqlite3.Connection, state: State, months: Sequence[str]) -> list[str]:
    """The units, or villages, that are as the state says in the months."""
    if state in _WHICH:
        return _column(database, _UNITS.format(which=_WHICH[state]), months)
    sign = "IN" if state is State.ACTIVE_VILLAGES else "NOT IN"
    return _column(database, _VILLAGES.format(which=f"AND {_ACTIVE.format(sign=sign)}"), months)


def whole_of(database: sqlite3.Connection, state: State, months: Sequence[str]) -> list[str]:
    """Everybody who may be as the state says: the units that owe, or the twinned villages of those that reported."""
    if state in VILLAGE_STATES:
        return _column(database, _VILLAGES.format(which=""), months)
    return _column(database, _UNITS.format(which="1"), months)


def reporting(database: sqlite3.Connection, months: Sequence[str]) -> list[str]:
    """The units of which at least one report of the months counts."""
    return _column(database, _UNITS.format(which="COUNT(id) > 0"), months)


def coverage(database: sqlite3.Connection, months: Sequence[str]) -> tuple[int, int]:
    """How many reports of the months count, of how many that were owed."""
    received, expected = database.execute(
        "SELECT COUNT(counting.id), COUNT(*) FROM owed "
        "LEFT JOIN counting ON counting.period = owed.period AND counting.unit = owed.unit "
        "WHERE owed.period IN (SELECT value FROM json_each(:months))",
        {"months": json.dumps(list(months))},
    ).fetchone()
    return int(received), int(expected)


def _column(database: sqlite3.Connection, query: str, months: Sequence[str]) -> list[str]:
    return [value for (value,) in database.execute(query, {"months": json.dumps(list(months))})]
