"""Figures that somebody else published, and in which reports they are printed."""

from dataclasses import dataclass
from decimal import Decimal

from domain.period import Period


@dataclass(frozen=True, slots=True)
class PublishedFact:
    """A figure somebody published: dated, with its qualifier, scope and source; never a submission."""

    fact_id: str
    indicator: str
    name: str
    scope_code: str
    scope_name: str
    about: str
    value: Decimal
    unit_of_measure: str
    qualifier: str
    basis: str
    quoted_text: str
    print_from: Period | None
    print_to: Period | None
    source: str

    def belongs_in(self, period: Period) -> bool:
        """Whether the editors want this fact printed in the report of `period`."""
        if self.print_from is None or self.print_to is None or not period.is_month:
            return False
        first, last = self.print_from, self.print_to
        return (first.year, first.number) <= (period.year, period.number) <= (last.year, last.number)
