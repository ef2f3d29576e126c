"""A ledger with a month of 17 units, and as many rows of other months as are wanted.

`python -m benchmarks._ledgers collect HOME` makes the month; `python -m benchmarks._ledgers fill HOME ROWS INSIDE` adds copies of
its submissions under other periods and hashes, INSIDE (from 0 to 1) of the rows in the months that its report speaks of, the
others before and after these, and prints how many rows of facts there are in all. The copies have no link in the chain: what
reads a ledger works on it, what verifies one does not.
"""

import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks._months import OF_DISTRICTS as PERIOD
from benchmarks._months import collected
from domain.period import Period, month_range
from ingest.tables.reference import load_reference
from services.settings import PROGRAM

_LONG_AGO, _LAST = Period.parse("2013-01"), Period.parse("2025-06")
_ONCE = ("households", "politics_security")
"""There is a row of these for each village, however much is done there."""


def fill(home: Path, rows: int, inside: float) -> int:
    """Add the copies; gives how many rows of facts there are then."""
    spoken_of = load_reference(PROGRAM / "reference", home / "reference").months_covered(PERIOD)
    months = [str(month) for month in month_range(_LONG_AGO, _LAST)]
    ledger = sqlite3.connect(home / "ketnghia.sqlite3")
    try:
        with ledger:
            missing = rows - _count(ledger)
            own = [month for month in months if month in spoken_of and month != str(PERIOD)]
            others = [month for month in months if month not in spoken_of]
            _copy(ledger, own, round(missing * inside))
            _copy(ledger, others, round(missing * (1 - inside)))
        return _count(ledger)
    finally:
        ledger.close()


def _copy(ledger: sqlite3.Connection, months: Sequence[str], rows: int) -> None:
    """The month's submissions in so many of the months, each activity so often, as make about so many rows."""
    activities, once = _count(ledger, ["activities"], PERIOD), _count(ledger, _ONCE, PERIOD)
    used = months[-max(1, rows // (activities + once)) :] if rows > 0 else []
    times = max(1, round((rows / len(used) - once) / activities)) if used else 0
    for month in used:
        first = ledger.execute("SELECT max(id) FROM submissions").fetchone()[0]
        changed = {
            "id": f"id + {first}",
            "sha256": f"printf('%064x', id + {first})",
            "period": f"'{month}'",
            "file_name": f"replace(file_name, '{PERIOD}', '{month}')",
            "content_hash": "NULL",
            "likeness": "NULL",
        }
        _insert(ledger, "submissions", changed, f"period = '{PERIOD}'", 1)
        away = (int(month[:4]) - PERIOD.year) * 12 + int(month[5:]) - PERIOD.number
        of_month = f"submission_id IN (SELECT id FROM submissions WHERE period = '{PERIOD}')"
        moved = {"submission_id": f"submission_id + {first}"}
        for table in _ONCE:
            _insert(ledger, table, moved, of_month, 1)
        moved |= {"source_row": "source_row + 1000 * k", "activity_date": f"date(activity_date, '{away} months')"}
        _insert(ledger, "activities", moved, of_month, times)


def _insert(ledger: sqlite3.Connection, table: str, changed: dict[str, str], where: str, times: int) -> None:
    """The rows once more, `times` over (`k` counts them), with what is changed in them."""
    columns = [row[1] for row in ledger.execute(f"PRAGMA table_info({table})")]
    values = ", ".join(changed.get(column, column) for column in columns)
    ledger.execute(
        f"WITH RECURSIVE n(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM n WHERE k + 1 < {times}) "
        f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table}, n WHERE {where}"
    )


def _count(
    ledger: sqlite3.Connection, tables: Sequence[str] = ("activities", *_ONCE), period: Period | None = None
) -> int:
    where = "" if period is None else f" WHERE submission_id IN (SELECT id FROM submissions WHERE period = '{period}')"
    return sum(int(ledger.execute(f"SELECT count(*) FROM {table}{where}").fetchone()[0]) for table in tables)


if __name__ == "__main__":
    what, place, *numbers = sys.argv[1:]
    if what == "collect":
        collected(Path(place))
    else:
        print(fill(Path(place), int(numbers[0]), float(numbers[1])))
