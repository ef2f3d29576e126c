"""One gift, reported by two agencies: which rows may be duplicates, and what a person decided about them."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from domain import form

_LOCATOR = re.compile(r"(?P<period>\d{4}-\d{2})/(?P<unit>\w+)/(?P<sheet>[^!/]+)!(?P<row>\d+)")


@dataclass(frozen=True, slots=True, order=True)
class RowLocator:
    """A row of sheet 02 as `ketnghia duplicates` names it: `2024-03/622/02_HoatDong!8`."""

    period: str
    unit_code: str
    row: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a locator.

        Raises:
            ValueError: if the text is none.
        """
        found = _LOCATOR.fullmatch(text)
        if found is None or found["sheet"] != form.ACTIVITIES.name:
            raise ValueError(f"“{text}” không phải vị trí dòng; viết như 2024-03/622/{form.ACTIVITIES.name}!8")
        return cls(found["period"], found["unit"], int(found["row"]))

    def __str__(self) -> str:
        return f"{self.period}/{self.unit_code}/{form.ACTIVITIES.name}!{self.row}"


class Decision(StrEnum):
    """What a person found two rows to be."""

    SAME = "same"
    """One and the same; the second row does not count."""
    DIFFERENT = "different"
    """Two things that look alike; both count."""

    @property
    def label(self) -> str:
        """The decision in Vietnamese."""
        return {"same": "trùng, bỏ dòng thứ hai", "different": "không trùng, tính cả hai"}[self]


@dataclass(frozen=True, slots=True)
class DoubleDecision:
    """One row of `double_counting.csv`; it holds from `valid_from` up to, and without, `valid_to`."""

    kept: RowLocator
    dropped: RowLocator
    value_total_vnd: int
    """What the dropped row comes to: a decision about another row must not drop this one."""
    decision: Decision
    reason: str
    decided_by: str
    valid_from: datetime
    valid_to: datetime | None

    def holds(self, at: datetime) -> bool:
        """Whether the decision holds at that moment."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class DoubtfulPair:
    """Two rows of a period that may be duplicates, with what was decided about them, if anything."""

    first: RowLocator
    second: RowLocator
    village_id: str
    day: str
    activity_code: str
    first_partner: str
    second_partner: str
    quantity: str
    value_total_vnd: int
    decision: DoubleDecision | None
