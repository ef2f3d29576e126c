"""A rule that a named person waived for one unit, for some months, until a day."""

from dataclasses import dataclass
from datetime import date

from domain.period import Period
from domain.wording import short_day


@dataclass(frozen=True, slots=True)
class Waiver:
    """One row of `waivers.csv`; submissions that arrive from `valid_from` to `valid_to`, both included, are excused."""

    rule: str
    unit_code: str
    first_period: Period
    last_period: Period
    granted_by: str
    reason: str
    valid_from: date
    valid_to: date

    @property
    def words(self) -> str:
        """What a waived finding says besides."""
        return f"Được miễn: {self.reason} ({self.granted_by}, đến {short_day(self.valid_to)})."

    def covers(self, rule: str, unit_code: str, month: Period, on: date) -> bool:
        """Whether the rule is waived for a submission of the unit and month that arrived on that day."""
        return (
            (self.rule, self.unit_code) == (rule, unit_code)
            and self.valid_from <= on <= self.valid_to
            and _place(self.first_period) <= _place(month) <= _place(self.last_period)
        )


def _place(month: Period) -> tuple[int, int]:
    return month.year, month.number
