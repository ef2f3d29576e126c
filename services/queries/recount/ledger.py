"""The ledger's plain rows in the scratch database, and which submissions counted at the moment of the edition."""

import sqlite3
from collections.abc import Sequence
from datetime import UTC, datetime

from domain.findings import Verdict
from storage import locks, parkings, submissions
from storage.database import Session

_TABLES = """
CREATE TABLE submission (
    id INTEGER PRIMARY KEY, sha256 TEXT, unit TEXT, period TEXT, revision INTEGER, received_at TEXT, came_at TEXT,
    verdict TEXT, is_nil INTEGER, days_late INTEGER, file_name TEXT
);
CREATE TABLE parking (submission INTEGER, parked_at TEXT);
CREATE TABLE lock (position INTEGER PRIMARY KEY, period TEXT, locked_from TEXT, noted_at TEXT);
CREATE TABLE unlock (submission INTEGER, unlocked_at TEXT);
"""
_COUNTING = """
CREATE TABLE counting AS
WITH closed AS (
    -- The last lock of each period that was noted by then.
    SELECT period, locked_from FROM lock
    WHERE position = (
        SELECT position FROM lock AS later
        WHERE later.period = lock.period AND noted_at <= :as_of ORDER BY noted_at DESC, position DESC LIMIT 1
    )
),
sound AS (
    SELECT submission.* FROM submission
    WHERE verdict IN ('accepted', 'accepted_with_warnings')
    AND NOT EXISTS (SELECT 1 FROM parking WHERE parking.submission = id AND parked_at <= :as_of)
    AND (
        NOT EXISTS (SELECT 1 FROM closed WHERE closed.period = submission.period AND came_at >= locked_from)
        OR EXISTS (SELECT 1 FROM unlock WHERE unlock.submission = id AND unlocked_at <= :as_of)
    )
)
SELECT * FROM sound
WHERE NOT EXISTS (
    SELECT 1 FROM sound AS newer
    WHERE newer.unit = sound.unit AND newer.period = sound.period
    AND (
        COALESCE(newer.revision, 0) > COALESCE(sound.revision, 0)
        OR COALESCE(newer.revision, 0) = COALESCE(sound.revision, 0)
        AND (
            newer.received_at > sound.received_at
            OR newer.received_at = sound.received_at AND newer.sha256 < sound.sha256
        )
    )
)
"""


def lay_ledger(database: sqlite3.Connection, session: Session, months: Sequence[str], as_of: datetime) -> None:
    """Put submissions, parkings, locks and unlocks of the months there, and choose by SQL who counts: `counting`."""
    database.executescript(_TABLES)
    received = submissions.all_submissions(session, months, as_of)
    database.executemany(
        "INSERT INTO submission VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                each.submission_id, each.sha256, each.unit_code, each.period, each.revision, _moment(each.received_at),
                _moment(each.came_at), str(Verdict(each.verdict)), each.is_nil, each.working_days_late, each.file_name,
            )
            for each in received
        ],
    )  # fmt: skip
    parked = parkings.parkings_of(session, months, as_of)
    database.executemany("INSERT INTO parking VALUES (?, ?)", [(each, _moment(at)) for each, at in parked])
    database.executemany(
        "INSERT INTO lock VALUES (?, ?, ?, ?)",
        [
            (position, each.period, _moment(each.locked_from), _moment(each.noted_at))
            for position, each in enumerate(locks.all_locks(session, months))
        ],
    )
    opened = locks.unlocks_of(session, [each.submission_id for each in received])
    database.executemany(
        "INSERT INTO unlock VALUES (?, ?)", [(key, _moment(each.unlocked_at)) for key, each in opened.items()]
    )
    database.execute(_COUNTING, {"as_of": _moment(as_of)})
    database.execute("CREATE UNIQUE INDEX counting_by_unit ON counting (period, unit)")


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
