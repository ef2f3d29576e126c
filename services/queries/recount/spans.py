"""Which months the bases of an edition mean, worked out a second time from the calendar alone."""

import sqlite3
from collections.abc import Sequence
from decimal import Decimal

from domain.period import Period
from domain.reference import Reference


def months_of_basis(reference: Reference, period: Period, basis: str) -> Sequence[str] | None:
    """The months of a basis, seen from the edition's period; null where it is not one that runs by the calendar."""
    last = str(period.last_month)
    match basis:
        case "period":
            months = period.months()
        case "previous":
            months = period.previous().months()
        case "same_last_year":
            return [_back(str(month), 12) for month in period.months()]
        case "cumulative":
            return _run(f"{last[:4]}-01", last)
        case "year_start":
            return [f"{period.year - 1}-12"]
        case "programme":
            programme = reference.programme(period)
            if programme is None:
                return None
            began = reference.calendar.month_of(programme.valid_from)
            return _run(str(began), last)
        case _:
            return None
    return [str(month) for month in months]


def days_of(database: sqlite3.Connection, month: str) -> tuple[str, str]:
    """First and last day of a month that was laid into the scratch database."""
    found = database.execute("SELECT first_day, last_day FROM month WHERE period = ?", (month,)).fetchone()
    first, last = found
    return str(first), str(last)


def year_gone_pct(database: sqlite3.Connection, period: Period) -> Decimal:
    """What part of the days of the reporting year the period's end has reached, in percent; its months must be laid."""
    gone, whole = database.execute(
        "SELECT 1 + julianday((SELECT last_day FROM month WHERE period = :last)) - julianday(first.first_day), "
        "1 + julianday(final.last_day) - julianday(first.first_day) "
        "FROM month AS first JOIN month AS final ON first.period = :january AND final.period = :december",
        {"last": str(period.last_month), "january": f"{period.year}-01", "december": f"{period.year}-12"},
    ).fetchone()
    return 100 * Decimal(int(gone)) / Decimal(int(whole))


def _run(first: str, last: str) -> list[str]:
    months = [first]
    while months[-1] < last:
        months.append(_back(months[-1], -1))
    return months


def _back(month: str, count: int) -> str:
    year, number = divmod(int(month[:4]) * 12 + int(month[5:]) - 1 - count, 12)
    return f"{year}-{number + 1:02d}"
