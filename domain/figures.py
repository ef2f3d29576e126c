"""A figure: one number that is printed, with its id, its exact value and where it comes from."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number.

    `kind` says what stands behind it: `measure` (accepted rows), `comparison` (two measures),
    `coverage` (submissions), `published` (a cited source), `calendar` (days and periods),
    `reference` (names and symbols that hold digits), `numbering` (rows, columns, pages, headings).
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

    def as_row(self) -> dict[str, object]:
        """The figure as a row to be kept."""
        return {name: getattr(self, name) for name in self.__slots__}
