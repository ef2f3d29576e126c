"""Places numbers in a document: whatever holds a digit is placed here, and so has an id, a value and a source."""

import re
from datetime import date, datetime
from decimal import Decimal

from markupsafe import Markup

from domain import wording
from domain.comparison import Differences
from domain.figures import Figure
from domain.indicators import INDICATOR_BY_CODE, FigureKey
from domain.reference import PublishedFact
from domain.summary import Summary

NO_FIGURE = "…"
"""What stands where a number is not known: the unit has not reported, which is not zero."""
NO_BASIS = "–"
"""What stands where there is nothing to compare with, or nothing that could be counted."""


class FigureBook:
    """The figures of one edition, in the order in which they are placed."""

    def __init__(self, summary: Summary, differences: Differences = Differences.PRINTED) -> None:
        self._summary = summary
        self.differences = differences
        self._figures: dict[str, Figure] = {}

    @property
    def figures(self) -> list[Figure]:
        """Every figure placed so far."""
        return list(self._figures.values())

    def measure(
        self, indicator: str, basis: str = "period", dimension: str = "", member: str = "", absent: str = NO_FIGURE
    ) -> Markup:
        """A figure of the catalogue, rounded for print; `absent` where it is not known."""
        key = FigureKey(indicator, basis, dimension, member)
        value = self._summary.value(key)
        if value is None:
            return Markup(absent)
        entry = INDICATOR_BY_CODE[indicator]
        numerator, denominator = self._summary.parts(key) if entry.numerator else (None, None)
        text = str(self._summary.text(key))
        status = str(self._summary.status(key))
        figure = Figure(
            str(key), "measure", entry.name, value, entry.unit_of_measure, text, numerator, denominator, status=status
        )
        return self._place(figure)

    def derived(
        self,
        figure_id: str,
        name: str,
        value: Decimal,
        unit: str,
        decimals: int,
        *,
        numerator: Decimal | None = None,
        denominator: Decimal | None = None,
        divisor: int = 1,
    ) -> Markup:
        """A number made of other figures: a change, a share, a sum over some units."""
        text = wording.number(value / divisor, decimals)
        return self._place(Figure(figure_id, "comparison", name, value, unit, text, numerator, denominator))

    def counted(self, figure_id: str, name: str, value: int, unit: str = "đơn vị") -> Markup:
        """A count of units or submissions; below ten it is padded, as letters write it."""
        return self._place(Figure(figure_id, "coverage", name, Decimal(value), unit, wording.count(value)))

    def published(self, fact: PublishedFact) -> Markup:
        """A published fact's number, in the unit its source used."""
        value, unit = fact.value, fact.unit_of_measure
        decimals = None
        if unit == "đồng":
            divisor, unit = (10**9, "tỷ đồng") if value >= 10**9 else (10**6, "triệu đồng")
            value = value / divisor
        text = wording.number(value, decimals)
        figure = Figure(fact.fact_id, "published", fact.name, fact.value, unit, text, source=fact.source)
        return self._place(figure)

    def planned(self, figure_id: str, name: str, value: Decimal, unit: str, source: str) -> Markup:
        """What a plan asks for."""
        return self._place(Figure(figure_id, "planned", name, value, unit, wording.number(value), source=source))

    def earlier(self, key: FigureKey, edition_id: str, value: Decimal | None, text: str) -> Markup:
        """What an earlier edition printed."""
        entry = INDICATOR_BY_CODE[key.indicator]
        figure_id, source = f"{key}#{edition_id}", f"Bản {edition_id}"
        return self._place(Figure(figure_id, "earlier", entry.name, value, entry.unit_of_measure, text, source=source))

    def unit_of(self, figure_id: str) -> str:
        """The unit in which a figure was placed."""
        return self._figures[figure_id].unit_of_measure

    def day(self, figure_id: str, name: str, day: date, *, long: bool = False) -> Markup:
        """A day of the calendar."""
        return self._calendar(figure_id, name, wording.long_day(day) if long else wording.short_day(day))

    def moment(self, figure_id: str, name: str, at: datetime) -> Markup:
        """A moment, in Vietnam."""
        return self._calendar(figure_id, name, wording.moment(at))

    def words(self, figure_id: str, name: str, text: str) -> Markup:
        """A period in words, or another name of the calendar."""
        return self._calendar(figure_id, name, text)

    def reference(self, text: str) -> Markup:
        """A name, symbol or citation that may hold digits; placed only where it does."""
        if not re.search(r"\d", text):
            return Markup.escape(text)
        figure_id = f"reference.{len([key for key in self._figures if key.startswith('reference.')]) + 1}"
        same = next((f.figure_id for f in self._figures.values() if f.kind == "reference" and f.text == text), None)
        return self._place(Figure(same or figure_id, "reference", "tên, số hiệu", None, "", text))

    def ordinal(self, number: int) -> Markup:
        """The number of a row, column, heading, table or page."""
        return self._place(Figure(f"number.{number}", "numbering", "số thứ tự", Decimal(number), "", str(number)))

    def _calendar(self, figure_id: str, name: str, text: str) -> Markup:
        return self._place(Figure(figure_id, "calendar", name, None, "", text))

    def _place(self, figure: Figure) -> Markup:
        known = self._figures.setdefault(figure.figure_id, figure)
        if known.text != figure.text:
            raise ValueError(f"figure {figure.figure_id} is printed as {known.text!r} and as {figure.text!r}")
        return Markup('<span class="figure" data-figure="{}">{}</span>').format(figure.figure_id, figure.text)


def in_a_sentence(name: str) -> str:
    """A name inside a sentence: only its first letter is lowered, proper names keep theirs."""
    return name[:1].lower() + name[1:]
