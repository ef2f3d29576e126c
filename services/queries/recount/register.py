"""Months, units and villages in the scratch database: who owed a report for which days, and which villages were twinned."""

import sqlite3
from collections.abc import Sequence
from datetime import date

from domain.reference import Reference
from domain.text import fold

_TABLES = """
CREATE TABLE calendar (since TEXT, rule TEXT);
CREATE TABLE asked (period TEXT PRIMARY KEY);
CREATE TABLE unit (id TEXT PRIMARY KEY, code TEXT, name TEXT, level TEXT, parent TEXT, since TEXT, until TEXT);
CREATE TABLE succession (place INTEGER PRIMARY KEY, former TEXT, heir TEXT, effective TEXT, is_partial INTEGER);
CREATE TABLE village (id TEXT PRIMARY KEY, name TEXT, commune TEXT, since TEXT, until TEXT);
CREATE TABLE village_succession (
    place INTEGER PRIMARY KEY, former TEXT, heir TEXT, effective TEXT, is_partial INTEGER
);
CREATE TABLE partner (id TEXT PRIMARY KEY, name TEXT, since TEXT, until TEXT, successor TEXT);
CREATE TABLE partner_name (key TEXT PRIMARY KEY, partner TEXT);
CREATE TABLE assignment (partner TEXT, village TEXT, since TEXT, until TEXT);
CREATE INDEX succession_of ON succession (former);
CREATE INDEX unit_of_code ON unit (code);
"""
_MONTHS = """
CREATE TABLE month AS
WITH each AS (
    SELECT period, period || '-01' AS first FROM asked
    UNION SELECT strftime('%Y-%m', period || '-01', '-1 month'), date(period || '-01', '-1 month') FROM asked
),
closing AS (
    SELECT period, CASE (SELECT rule FROM calendar WHERE since <= first ORDER BY since DESC LIMIT 1)
        WHEN 'DAY_15_TO_14' THEN period || '-14' ELSE date(first, '+1 month', '-1 day') END AS last_day
    FROM each
)
SELECT asked.period, date(before.last_day, '+1 day') AS first_day, own.last_day
FROM asked
JOIN closing AS own ON own.period = asked.period
JOIN closing AS before ON before.period = strftime('%Y-%m', asked.period || '-01', '-1 month');

CREATE TABLE change AS SELECT date(MAX(until), '+1 day') AS first_day FROM unit WHERE level = 'district';

-- A month within which the districts ended is cut there.
CREATE TABLE subperiod AS
SELECT period, first_day, last_day, 1 AS opens, 1 AS closes FROM month
WHERE NOT EXISTS (SELECT 1 FROM change WHERE month.first_day < change.first_day AND change.first_day <= last_day)
UNION ALL
SELECT period, month.first_day, date(change.first_day, '-1 day'), 1, 0 FROM month JOIN change
WHERE month.first_day < change.first_day AND change.first_day <= last_day
UNION ALL
SELECT period, change.first_day, last_day, 0, 1 FROM month JOIN change
WHERE month.first_day < change.first_day AND change.first_day <= last_day;

-- What was there before the register begins counts from its first day on.
ALTER TABLE subperiod ADD COLUMN on_day TEXT;
UPDATE subperiod SET on_day = MAX(last_day, (SELECT MIN(since) FROM unit));

CREATE TABLE owed AS
SELECT subperiod.period, unit.code AS unit, unit.name, unit.level, on_day, opens, closes
FROM subperiod JOIN unit ON since <= on_day AND (until IS NULL OR on_day <= until)
WHERE level = CASE WHEN on_day < (SELECT first_day FROM change) THEN 'district' ELSE 'commune' END;
CREATE UNIQUE INDEX owed_by_unit ON owed (period, unit);
"""
_VILLAGES = """
CREATE TABLE day AS SELECT DISTINCT on_day FROM subperiod;

-- Where a village lies on a day: its commune, or what that went over into as a whole.
CREATE TABLE lies AS
WITH RECURSIVE step (village, on_day, unit_id, code, parent, until) AS (
    SELECT village.id, on_day, unit.id, unit.code, unit.parent, unit.until
    FROM village JOIN day
    ON village.since <= on_day AND (village.until IS NULL OR on_day <= village.until)
    JOIN unit ON unit.code = village.commune
    AND unit.since <= MAX(village.since, (SELECT MIN(since) FROM unit))
    AND (unit.until IS NULL OR MAX(village.since, (SELECT MIN(since) FROM unit)) <= unit.until)
    UNION ALL
    SELECT village, on_day, unit.id, unit.code, unit.parent, unit.until
    FROM step
    JOIN succession ON succession.place = (
        SELECT MIN(place) FROM succession WHERE former = step.unit_id AND is_partial = 0
    )
    JOIN unit ON unit.id = succession.heir
    WHERE step.until < on_day
)
SELECT village, on_day, code, parent FROM step WHERE until IS NULL OR until >= on_day;

CREATE TABLE twin AS
WITH RECURSIVE agreed (village, partner, on_day) AS (
    SELECT village, partner, on_day FROM assignment JOIN day
    ON (since IS NULL OR since <= on_day) AND (until IS NULL OR on_day <= until)
    WHERE village <> ''
),
heir (asked, village, on_day) AS (
    SELECT DISTINCT village, village, on_day FROM agreed
    UNION
    SELECT asked, edge.heir, on_day
    FROM heir JOIN village ON village.id = heir.village AND village.until < on_day
    JOIN village_succession AS edge ON edge.place = (
        SELECT MIN(place) FROM village_succession
        WHERE former = heir.village AND effective <= on_day AND is_partial = 0
    )
),
keeper (asked, partner, on_day) AS (
    SELECT DISTINCT partner, partner, on_day FROM agreed
    UNION
    SELECT asked, partner.successor, on_day
    FROM keeper JOIN partner ON partner.id = keeper.partner AND partner.until < on_day
)
SELECT DISTINCT village.id AS village, agreed.on_day
FROM agreed
JOIN heir ON heir.asked = agreed.village AND heir.on_day = agreed.on_day
JOIN village ON village.id = heir.village AND village.since <= agreed.on_day
AND (village.until IS NULL OR agreed.on_day <= village.until)
JOIN keeper ON keeper.asked = agreed.partner AND keeper.on_day = agreed.on_day
JOIN partner ON partner.id = keeper.partner
    AND (partner.since IS NULL OR partner.since <= agreed.on_day)
    AND (partner.until IS NULL OR agreed.on_day <= partner.until);

-- Every village in every month with the unit that answers for it.
CREATE TABLE ward AS
SELECT owed.period, owed.unit, lies.village, twin.village IS NOT NULL AS has_partner
FROM owed
JOIN lies ON lies.on_day = owed.on_day
AND owed.unit = CASE owed.level WHEN 'district' THEN lies.parent ELSE lies.code END
LEFT JOIN twin ON twin.village = lies.village AND twin.on_day = owed.on_day;
CREATE INDEX ward_of ON ward (period, unit, village);
"""


def lay_register(database: sqlite3.Connection, reference: Reference, months: Sequence[str]) -> None:
    """Put the calendar and the registers there, and derive by SQL: `month`, `subperiod`, `owed`, `ward`."""
    units, villages = reference.units, reference.villages
    database.executescript(_TABLES)
    _put(database, "calendar", [(_day(row.valid_from), str(row.month_rule)) for row in reference.calendar.rows])
    _put(database, "asked", [(month,) for month in months])
    _put(
        database,
        "unit",
        [
            (each.unit_id, each.code, each.name, str(each.level), each.parent_code, _day(each.valid_from), _day(each.valid_to))
            for each in units.rows
        ],
    )  # fmt: skip
    _put(
        database,
        "succession",
        [
            (place, each.from_id, each.to_id, _day(each.effective), each.partial)
            for place, each in enumerate(units.successions)
        ],
    )
    _put(
        database,
        "village",
        [
            (each.village_id, each.name, each.commune_code, _day(each.valid_from), _day(each.valid_to))
            for each in villages.rows
        ],
    )
    _put(
        database,
        "village_succession",
        [
            (place, each.from_id, each.to_id, _day(each.effective), each.partial)
            for place, each in enumerate(villages.successions)
        ],
    )
    _put(
        database,
        "partner",
        [
            (each.partner_id, each.name, _day(each.valid_from), _day(each.valid_to), each.successor_id)
            for each in villages.partners
        ],
    )
    _put(
        database,
        "assignment",
        [
            (each.partner_id, each.village_id, _day(each.valid_from), _day(each.valid_to))
            for each in villages.assignments
        ],
    )
    _put(database, "partner_name", list(_partner_names(database).items()))
    database.executescript(_MONTHS)
    database.executescript(_VILLAGES)


def _partner_names(database: sqlite3.Connection) -> dict[str, str]:
    """By what folded id or name a partner is known; a merged one by its last successor."""
    last = database.execute(
        "WITH RECURSIVE line (known, partner) AS (SELECT id, id FROM partner UNION "
        "SELECT known, successor FROM line JOIN partner ON partner.id = line.partner WHERE successor <> '') "
        "SELECT known.id, known.name, line.partner FROM line JOIN partner AS known ON known.id = line.known "
        "JOIN partner AS last ON last.id = line.partner AND last.successor = '' ORDER BY last.rowid, known.rowid"
    )
    names: dict[str, str] = {}
    for known, name, partner in last:
        for key in (fold(known), fold(name)):
            names.setdefault(key, partner)
    return names


def _put(database: sqlite3.Connection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
    if rows:
        database.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
