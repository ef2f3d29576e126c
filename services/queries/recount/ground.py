"""On which ground two spans may be compared, found a second time: in SQL, from the succession of communes."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from services.queries.recount.definitions import is_of_one_month, must_be_stated, parts_of
from services.queries.recount.measures import Reach, count

_PIECES = """
WITH RECURSIVE
asked (side, period) AS (
    SELECT 'now', value FROM json_each(:now) UNION ALL SELECT 'then', value FROM json_each(:then)
),
moment (side, on_day) AS (
    SELECT side, on_day FROM asked JOIN subperiod ON subperiod.period = asked.period AND (closes OR NOT :last_days)
),
-- Each commune of each moment with the unit that owed a report for its ground; nobody did for that of Bình Định then.
stands (side, on_day, commune, reporter) AS (
    SELECT side, moment.on_day, unit.id, owed.unit
    FROM moment
    JOIN unit ON unit.level = 'commune' AND unit.since <= moment.on_day
    AND (unit.until IS NULL OR moment.on_day <= unit.until)
    LEFT JOIN (SELECT DISTINCT on_day, unit, level FROM owed) AS owed ON owed.on_day = moment.on_day
    AND owed.unit = CASE owed.level WHEN 'district' THEN unit.parent ELSE unit.code END
),
touches (one, other) AS (
    SELECT DISTINCT 'c ' || commune, side || ' ' || reporter FROM stands WHERE reporter IS NOT NULL
    UNION
    SELECT 'c ' || former, 'c ' || heir FROM succession
    WHERE effective > (SELECT MIN(on_day) FROM moment) AND effective <= (SELECT MAX(on_day) FROM moment)
)
"""
_LAY = (
    "DROP TABLE IF EXISTS temp.stood",
    "DROP TABLE IF EXISTS temp.touching",
    f"CREATE TEMP TABLE stood AS {_PIECES} SELECT * FROM stands",
    f"CREATE TEMP TABLE touching AS {_PIECES} SELECT one, other FROM touches UNION SELECT other, one FROM touches",
    "CREATE INDEX temp.touching_one ON touching (one)",
)
_GROWN = """
-- From every unit of now over all ground that it shares with others, then and now.
WITH RECURSIVE grown (start, piece) AS (
    SELECT DISTINCT one, one FROM touching WHERE one LIKE 'now %'
    UNION
    SELECT start, other FROM grown JOIN touching ON one = piece
)
SELECT start, json_group_array(piece) FROM grown GROUP BY start
"""
_UNOWED = """
SELECT EXISTS (SELECT 1 FROM stood WHERE reporter IS NULL AND commune IN (SELECT value FROM json_each(:communes)))
OR EXISTS (
    SELECT 1 FROM (SELECT DISTINCT side, on_day FROM stood) AS moment
    WHERE NOT EXISTS (
        SELECT 1 FROM stood WHERE stood.on_day = moment.on_day AND commune IN (SELECT value FROM json_each(:communes))
    )
)
"""
_UNSENT = """
SELECT COUNT(*) FROM owed
LEFT JOIN counting ON counting.period = owed.period AND counting.unit = owed.unit
WHERE owed.period IN (SELECT value FROM json_each(:months)) AND owed.unit IN (SELECT value FROM json_each(:units))
AND counting.id IS NULL AND (closes OR NOT :last_days)
"""


@dataclass(frozen=True, slots=True)
class Plot:
    """Units of two spans that share their ground with each other and with nobody else."""

    now: frozenset[str]
    then: frozenset[str]


def comparable(
    database: sqlite3.Connection, now: Sequence[str], then: Sequence[str], indicator: str
) -> frozenset[Plot]:
    """The plots that owed reports for every day of both spans, sent them all, and stated what is compared.

    A stock is what it is on the last day: its ground is that of the last days of both spans, and of their reports.
    """
    last_days = is_of_one_month(indicator)
    spans = ([max(now)], [max(then)]) if last_days else (now, then)
    return frozenset(
        plot
        for plot in _owing_plots(database, *spans, last_days=last_days)
        if all(
            _is_sent(database, months, units, last_days=last_days) and _state(database, indicator, months, units)
            for months, units in zip(spans, (plot.now, plot.then), strict=True)
        )
    )


def _is_sent(database: sqlite3.Connection, months: Sequence[str], units: frozenset[str], *, last_days: bool) -> bool:
    given = {"months": json.dumps(list(months)), "units": json.dumps(sorted(units)), "last_days": last_days}
    (unsent,) = database.execute(_UNSENT, given).fetchone()
    return int(unsent) == 0


def _owing_plots(
    database: sqlite3.Connection, now: Sequence[str], then: Sequence[str], *, last_days: bool
) -> Iterator[Plot]:
    """The plots all of whose communes had somebody to report for them in every subperiod, or in the last, of both spans."""
    spans = {"now": json.dumps(list(now)), "then": json.dumps(list(then)), "last_days": last_days}
    for statement in _LAY:
        database.execute(statement, spans if ":now" in statement else {})
    seen: set[frozenset[str]] = set()
    for _, found in database.execute(_GROWN).fetchall():
        pieces = frozenset(json.loads(found))
        if pieces in seen:
            continue
        seen.add(pieces)
        by_kind = {
            kind: [each.removeprefix(f"{kind} ") for each in pieces if each.startswith(f"{kind} ")]
            for kind in ("now", "then", "c")
        }
        if not database.execute(_UNOWED, {"communes": json.dumps(by_kind["c"])}).fetchone()[0]:
            yield Plot(frozenset(by_kind["now"]), frozenset(by_kind["then"]))


def _state(database: sqlite3.Connection, indicator: str, months: Sequence[str], units: frozenset[str]) -> bool:
    """Whether the units state what is compared: each of them the stocks, all together something to divide by."""
    if not must_be_stated(indicator):
        return True
    whole = count(database, indicator, Reach(months, sorted(units)))
    return whole is not None and all(
        count(database, part, Reach(months, [unit])) is not None
        for part in parts_of(indicator)
        for unit in _stating(database, part, months, units)
    )


def _stating(
    database: sqlite3.Connection, indicator: str, months: Sequence[str], units: frozenset[str]
) -> Sequence[str]:
    """Those of the units that a number of the indicator is asked of: of stocks, who closes the last month."""
    if not must_be_stated(indicator):
        return ()
    found = database.execute(
        "SELECT unit FROM owed WHERE period = :month AND closes AND unit IN (SELECT value FROM json_each(:units))",
        {"month": max(months), "units": json.dumps(sorted(units))},
    )
    return [unit for (unit,) in found]
