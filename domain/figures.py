"""A figure: one number that is printed, with its id, its exact value and where it comes from."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

WRITTEN = "written"
"""The kind of what a person wrote in the place of a drafted claim."""
OFFICE = "office"
"""The kind of a count that is kept with an edition and not printed: it is the office's business."""


class FigureStatus(StrEnum):
    """How final a measured figure is."""

    PROVISIONAL = "provisional"
    """Reports of expected units are missing."""
    COMPLETE = "complete"
    REVISED = "revised"
    """Complete, and another value than an earlier edition printed."""

    @property
    def label(self) -> str:
        """The status in Vietnamese."""
        return {"provisional": "tạm tính", "complete": "đầy đủ", "revised": "đã điều chỉnh"}[self]


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number.

    `kind` says what stands behind it: `measure` (accepted rows), `comparison` (two measures),
    `coverage` (submissions), `published` (a cited source), `calendar` (days and periods),
    `reference` (names and symbols that hold digits), `numbering` (rows, columns, pages, headings),
    `earlier` (what an earlier edition printed), `planned` (a line of the year's plan), `claim` (a sentence that compares,
    ranks or judges: `text` is the sentence), `office` (kept, not printed), `written` (by a person, quoted in the mail). `status` says how final a measure is.
    """

    figure_id: str
    kind: str
    name: str
    value: Decimal | None
    unit_of_measure: str
    text: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    source: str = ""
    status: str = ""
    operation: str = ""
    """What is done with the parts; empty where the figure is read from cells or a table."""
    formula: str = ""
    """The working with the numbers put in."""
    parts: tuple[str, ...] = ()
    """The ids of the figures it is worked out of; of a count, what was counted."""
    cells: int = 0
    """Of how many cells it is made in the end."""
    submissions: tuple[int, ...] = ()
    """The submissions that these cells came with."""

    def as_row(self) -> dict[str, object]:
        """The figure as a row to be kept."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "submissions"}
