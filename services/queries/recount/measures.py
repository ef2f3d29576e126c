"""Counts an indicator over months, units and days: asks the scratch database by the second definitions."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from domain.claims import Sum
from domain.indicators import FigureKey
from services.queries.recount.definitions import BALANCES, COUNTED, FROM_CELLS, RATIOS, Counted, parts_of

_DIMENSIONS: Mapping[str, Mapping[str, str]] = {
    "activities": {
        "unit": "unit", "activity": "activity_code", "funding": "funding_source", "occasion": "occasion",
        "counted": "activity_code || '/' || quantity_unit", "partner": "partner", "village": "village_id",
        "month": "period",
    },
    "households": {"unit": "unit", "village": "village_id", "month": "period"},
    "politics_security": {"unit": "unit", "village": "village_id", "month": "period"},
    "report": {"unit": "unit", "month": "period"},
    "ward_reported": {"unit": "unit", "village": "village_id", "month": "period"},
}  # fmt: skip

_PREPARE = """
ALTER TABLE activities ADD COLUMN is_twinned INTEGER;
UPDATE activities SET is_twinned = EXISTS (
    SELECT 1 FROM ward WHERE ward.period = activities.period AND ward.unit = activities.unit
    AND ward.village = activities.village_id AND has_partner
);
ALTER TABLE activities ADD COLUMN partner TEXT;
UPDATE activities SET partner = COALESCE(
    (SELECT partner_name.partner FROM partner_name WHERE key = folded(org_id)), org_id
);
CREATE TABLE report AS
SELECT owed.period, owed.unit, counting.id, counting.revision, counting.days_late, counting.is_nil, (
    SELECT verdict FROM submission WHERE submission.period = owed.period AND submission.unit = owed.unit
    ORDER BY received_at, sha256 LIMIT 1
) AS first_verdict
FROM owed LEFT JOIN counting ON counting.period = owed.period AND counting.unit = owed.unit;
CREATE TABLE ward_reported AS
SELECT ward.period, ward.unit, village AS village_id, has_partner
FROM ward JOIN counting ON counting.period = ward.period AND counting.unit = ward.unit;
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """Over what a number is counted."""

    months: Sequence[str]
    units: Sequence[str]
    dimension: str = ""
    member: str = ""
    first_day: date | None = None
    last_day: date | None = None
    """Null where every row of the months counts, whatever its day."""


class Uncountable(Exception):
    """There is no second definition of the indicator, or of the part of it that is asked for."""


def prepare(database: sqlite3.Connection) -> None:
    """Lay the last tables that measures are counted in: `report`, `ward_reported`, the partner of each activity."""
    database.executescript(_PREPARE)


def reach_of(database: sqlite3.Connection, asked: Sum) -> Reach:
    """Over what a claim's sum is said to be taken; days bind only where they cut the months."""
    key = FigureKey.parse(asked.figure)
    first, last = database.execute(
        "SELECT MIN(first_day), MAX(last_day) FROM month WHERE period IN (SELECT value FROM json_each(?))",
        (json.dumps(asked.months),),
    ).fetchone()
    return Reach(
        asked.months,
        asked.units,
        key.dimension if key.dimension != "units" else "",
        key.member,
        asked.first_day if asked.first_day.isoformat() != first else None,
        asked.last_day if asked.last_day.isoformat() != last else None,
    )


def count(database: sqlite3.Connection, indicator: str, reach: Reach) -> Decimal | None:
    """The indicator over the reach; null where nobody says anything of it.

    Raises:
        Uncountable: names what has no second definition.
    """
    if indicator in RATIOS:
        over, under, times = RATIOS[indicator]
        numerator, denominator = count(database, over, reach), count(database, under, reach)
        return times * numerator / denominator if numerator is not None and denominator else None
    if indicator in BALANCES:
        added, taken = ([count(database, part, reach) for part in side] for side in BALANCES[indicator])
        numbers = [*added, *(None if each is None else -each for each in taken)]
        known = [each for each in numbers if each is not None]
        return sum(known, Decimal(0)) if len(known) == len(numbers) else None
    if indicator not in COUNTED:
        raise Uncountable(f"không có cách đếm lại chỉ tiêu {indicator}")
    return _count(database, COUNTED[indicator], reach)


def by_member(database: sqlite3.Connection, indicator: str, reach: Reach, dimension: str) -> dict[str, Decimal]:
    """The indicator for each member of the dimension that has one."""
    # A unit that reported and has no row has nothing, which is a number too.
    members = set(reach.units) if dimension == "unit" else set[str]()
    for part in parts_of(indicator):
        entry = COUNTED.get(part)
        column = _DIMENSIONS.get(entry.table if entry else "", {}).get(dimension)
        if entry is not None and column is not None:
            found = database.execute(
                f"SELECT DISTINCT {column} FROM {entry.table} WHERE {column} IS NOT NULL AND {_WITHIN}", _given(reach)
            )
            members |= {member for (member,) in found}
    values = {
        member: count(database, indicator, Reach(reach.months, reach.units, dimension, member, reach.first_day, reach.last_day))
        for member in sorted(members)
    }  # fmt: skip
    return {member: value for member, value in values.items() if value is not None}


_WITHIN = "period IN (SELECT value FROM json_each(:months)) AND unit IN (SELECT value FROM json_each(:units))"


def _given(reach: Reach) -> dict[str, str]:
    return {"months": json.dumps(list(reach.months)), "units": json.dumps(list(reach.units))}


def _refuse_unread(database: sqlite3.Connection, entry: Counted, reach: Reach) -> None:
    """Stop where files that the number needs were not read: they would count as nothing."""
    ends = {"flow": set(reach.months), "closes": {max(reach.months)}, "opens": {min(reach.months)}}
    read = {month for (month,) in database.execute("SELECT period FROM read")}
    unread = sorted(ends[entry.moment] - read) if entry.table in FROM_CELLS else []
    if unread:
        raise Uncountable(f"chưa đọc lại các tệp của tháng {', '.join(unread)}")


def _count(database: sqlite3.Connection, entry: Counted, reach: Reach) -> Decimal | None:
    _refuse_unread(database, entry, reach)
    given = _given(reach)
    wanted = []
    if reach.dimension:
        column = _DIMENSIONS[entry.table].get(reach.dimension)
        if column is None:
            raise Uncountable(f"không đếm lại được theo {reach.dimension}")
        wanted.append(f"{column} = :member")
        given["member"] = reach.member
    if entry.table == "activities":
        for name, sign in (("first_day", ">="), ("last_day", "<=")):
            day = getattr(reach, name)
            if day is not None:
                wanted.append(f"activity_date {sign} :{name}")
                given[name] = day.isoformat()
    if entry.moment != "flow":
        end = "MAX" if entry.moment == "closes" else "MIN"
        wanted.append(
            f"(period, unit) IN (SELECT period, unit FROM owed WHERE {entry.moment}) AND period = "
            f"(SELECT {end}(value) FROM json_each(:months))"
        )
    conditions = " AND ".join(f"({each})" for each in [_WITHIN, *wanted])
    number, saying = database.execute(
        f"SELECT {entry.number} FILTER (WHERE {entry.where}), COUNT(*) FILTER (WHERE {entry.says}) "
        f"FROM {entry.table} WHERE {conditions}",
        given,
    ).fetchone()
    is_silent = not saying and (entry.moment != "flow" or entry.says != "1")
    return None if is_silent else Decimal(number or 0) / entry.per
