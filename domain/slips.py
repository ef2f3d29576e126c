"""Days that cannot be meant: a slip of the pen, most often in the year, and what was probably meant."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain import wording
from domain.errors import UnlikelyDay

if TYPE_CHECKING:
    from domain.reference import Reference

A_YEAR = timedelta(days=366)


def refuse_slip(name: str, day: date, earliest: date | None, latest: date | None, today: date) -> None:
    """Stop a day outside what can be meant; `name` says in Vietnamese where it was typed.

    Raises:
        UnlikelyDay: with the days that are possible, and the one that was probably meant.
    """
    if (earliest is None or earliest <= day) and (latest is None or day <= latest):
        return
    bounds = [
        f"từ {wording.short_day(earliest)}" if earliest else "",
        f"đến {wording.short_day(latest)}" if latest else "",
    ]
    meant = probably_meant(day, earliest, latest, today)
    asked = f" Có phải {meant.isoformat()}?" if meant else ""
    raise UnlikelyDay(
        f"{name} {wording.short_day(day)} khó có thể đúng: cần một ngày {' '.join(filter(None, bounds))}.{asked} "
        "Xem lại rồi chạy lại."
    )


def unlikely_rows(reference: "Reference", today: date) -> list[str]:
    """Rows of tables whose days lie so far ahead that the year is probably a slip, each in a sentence.

    A row that begins in ten years keeps its bearer from everything until then; a waiver that ends then excuses for ten years.
    """
    begins = [
        *(("recipients.csv", row.email, "valid_from", row.valid_from) for row in reference.recipients),
        *(("unit_mailboxes.csv", row.email, "valid_from", row.valid_from) for row in reference.unit_mailboxes),
    ]
    ends = [("waivers.csv", f"{row.rule} {row.unit_code}", "valid_to", row.valid_to) for row in reference.waivers]
    sentences = []
    for rows, latest in ((begins, today + A_YEAR), (ends, today + 2 * A_YEAR)):
        for table, whose, column, day in rows:
            if day > latest:
                meant = probably_meant(day, None, latest, today)
                asked = f"; có phải {meant.isoformat()}?" if meant else "."
                sentences.append(f"reference/{table}, dòng {whose}: {column} {day.isoformat()} có lẽ nhầm năm{asked}")
    return sentences


def probably_meant(day: date, earliest: date | None, latest: date | None, today: date) -> date | None:
    """The same day of a year in which it is possible: that with the fewest other digits, of these the nearest to today."""
    last, first = (latest or today + A_YEAR).year, (earliest or today - 10 * A_YEAR).year
    possible = [
        found
        for found in _in_years(day, range(first, last + 1))
        if (earliest is None or earliest <= found) and (latest is None or found <= latest)
    ]
    return min(possible, key=lambda found: (_other_digits(day.year, found.year), abs(found - today)), default=None)


def _in_years(day: date, years: Iterable[int]) -> list[date]:
    found = []
    for year in years:
        try:
            found.append(day.replace(year=year))
        except ValueError:
            # The 29th of February of another year is none.
            continue
    return found


def _other_digits(one: int, other: int) -> int:
    return sum(here != there for here, there in zip(str(one), str(other), strict=False))
