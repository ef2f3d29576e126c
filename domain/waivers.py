"""A rule that a named person waived for one unit, for some months, until a day."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Self

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
    def sentence(self) -> str:
        """What a waived finding says besides."""
        return f"Được miễn: {self.reason} ({self.granted_by}, đến {short_day(self.valid_to)})."

    @property
    def key(self) -> str:
        """The whole row as one line of JSON, so that no two rows share it; `of_key` reads it back."""
        row = (
            self.rule, self.unit_code, str(self.first_period), str(self.last_period), self.granted_by, self.reason,
            self.valid_from.isoformat(), self.valid_to.isoformat(),
        )  # fmt: skip
        return json.dumps(row, ensure_ascii=False)

    @classmethod
    def of_key(cls, key: str) -> Self | None:
        """The waiver as it stood when it was made use of, whatever has become of its row since; null for no key."""
        if not key.startswith("["):
            return None
        rule, unit_code, first, last, granted_by, reason, valid_from, valid_to = json.loads(key)
        return cls(
            rule,
            unit_code,
            Period.parse(first),
            Period.parse(last),
            granted_by,
            reason,
            date.fromisoformat(valid_from),
            date.fromisoformat(valid_to),
        )

    def names(self, rule: str, unit_code: str, month: Period) -> bool:
        """Whether the waiver is of this rule, unit and month, on whatever day."""
        return (self.rule, self.unit_code) == (rule, unit_code) and (
            _place(self.first_period) <= _place(month) <= _place(self.last_period)
        )

    def covers(self, rule: str, unit_code: str, month: Period, on: date) -> bool:
        """Whether the rule is waived for a submission of the unit and month that arrived on that day."""
        return self.names(rule, unit_code, month) and self.valid_from <= on <= self.valid_to


def _place(month: Period) -> tuple[int, int]:
    return month.year, month.number
