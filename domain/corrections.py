"""What the province corrects by hand: one cell of one unit's workbook, from a moment on, with reason and source."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Self

LOCATOR = re.compile(r"(?P<period>\d{4}-\d{2})/(?P<unit>\w+)/(?P<sheet>[^!/]+)!(?P<column>[A-Z]{1,3})(?P<row>\d+)")


@dataclass(frozen=True, slots=True)
class Locator:
    """A cell as `ketnghia trace` names it: `2024-03/622/03_HoDan!L8`."""

    period: str
    unit_code: str
    sheet: str
    column: str
    row: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a locator.

        Raises:
            ValueError: if the text is none.
        """
        found = LOCATOR.fullmatch(text)
        if found is None:
            raise ValueError(f"“{text}” không phải vị trí ô; viết như 2024-03/622/03_HoDan!L8")
        return cls(found["period"], found["unit"], found["sheet"], found["column"], int(found["row"]))

    def __str__(self) -> str:
        return f"{self.period}/{self.unit_code}/{self.sheet}!{self.column}{self.row}"


@dataclass(frozen=True, slots=True)
class Correction:
    """One row of `corrections.csv`; it holds from `valid_from` up to, and without, `valid_to`."""

    locator: Locator
    old_value: str
    new_value: str
    reason: str
    source: str
    valid_from: datetime
    valid_to: datetime | None
    unlock_reason: str

    def holds(self, at: datetime) -> bool:
        """Whether the correction holds at that moment."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


@dataclass(frozen=True, slots=True)
class AppliedCorrection:
    """A correction with the stored cell that it changes."""

    correction: Correction
    submission_id: int
    table: str
    source_row: int
    field: str
