"""Places numbers in a document: whatever holds a digit is placed here, and so has an id, a value and a source."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from markupsafe import Markup

from domain import wording
from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim
from domain.comparison import Differences, compared
from domain.figures import WRITTEN, Figure
from domain.indicators import FigureKey, Kind
from domain.published_facts import PublishedFact
from domain.summary import NO_SOURCES, Sources, Summary
from domain.workings import Operation, formula, outcome

NO_FIGURE = "…"
"""Printed where a number is not known because the unit has not reported; not zero."""
NO_BASIS = "–"
"""Printed where there is nothing to compare with, or nothing that could be counted."""


class FigureBook:
    """The figures of one edition, in the order in which they are placed."""

    def __init__(self, summary: Summary, differences: Differences = Differences.PRINTED) -> None:
        self._summary = summary
        self.differences = differences
        self._figures: dict[str, Figure] = {}
        self._references: dict[str, int] = {}
        self._claims: dict[str, Claim] = {}

    @property
    def claims(self) -> list[Claim]:
        """Every claim made so far, with its words."""
        return list(self._claims.values())

    def claim(self, claim: Claim, words: Markup) -> Markup:
        """A sentence, or a part of one, made from a claim: it has an id as a figure has."""
        text = " ".join(words.striptags().split())
        said = replace(claim, words=text)
        if self._claims.setdefault(claim.claim_id, said) != said:
            raise ValueError(f"claim {claim.claim_id} is made as {self._claims[claim.claim_id]!r} and as {said!r}")
        parts = claim.parts or tuple(each.figure for each in (claim.now, claim.against) if each is not None)
        self._figures.setdefault(
            claim.claim_id,
            Figure(claim.claim_id, "claim", str(claim.kind), claim.outcome, "", text, parts=parts or claim.members),
        )
        # A mark before the words, which the page does without: an empty span, or one in another, breaks its line badly.
        return Markup('<span class="claim" data-claim="{}"></span>{}').format(claim.claim_id, words)

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
        return self._place(measured_figure(self._summary, key, value))

    def worked(
        self,
        figure_id: str,
        name: str,
        operation: Operation,
        parts: Sequence[FigureKey | str],
        unit: str,
        decimals: int,
    ) -> Markup:
        """A number calculated from figures of the catalogue, or from others that are placed already."""
        value = outcome(operation, [self.operand(part) for part in parts])
        text = wording.number(value, decimals)
        working = formula(operation, [self._text(part) for part in parts], text, unit)
        sources = self._sources(parts)
        return self._place(
            Figure(
                figure_id, "comparison", name, value, unit, text, operation=operation, formula=working,
                parts=tuple(str(part) for part in parts), cells=sources.cells,
                submissions=tuple(sorted(sources.submissions)),
            )
        )  # fmt: skip

    def operand(self, part: FigureKey | str) -> Decimal:
        """The value with which a figure enters a calculation: in its printed unit, by the policy of rounding."""
        if isinstance(part, str):
            placed = self._figures[part]
            assert placed.value is not None, f"figure {part} has no value to work with"
            return compared(placed.value, len(placed.text.partition(",")[2]), self.differences)
        entry, exact = INDICATOR_BY_CODE[part.indicator], self._summary.value(part)
        assert exact is not None, f"figure {part} is not known"
        return compared(exact / entry.printed_per, entry.decimals, self.differences)

    def worked_number(self, figure_id: str, name: str, value: Decimal, unit: str) -> Markup:
        """A whole number that follows from a table's own figures."""
        return self._place(Figure(figure_id, "coverage", name, value, unit, wording.number(value, 0)))

    @staticmethod
    def rounded(value: Decimal, decimals: int) -> Decimal:
        """A number as it is printed."""
        return wording.rounded(value, decimals)

    def written(self, figure_id: str, name: str, words: Markup) -> None:
        """What a person wrote, kept for those who quote it; it is no claim of the program."""
        text = " ".join(words.striptags().split())
        self._figures.setdefault(figure_id, Figure(figure_id, WRITTEN, name, None, "", text))

    def counted(self, figure_id: str, name: str, members: Sequence[str], unit: str = "đơn vị") -> Markup:
        """How many units, or other things, are named; below ten it is padded to two digits, as official letters do."""
        text = wording.count(len(members))
        return self._place(
            Figure(
                figure_id, "coverage", name, Decimal(len(members)), unit, text, operation=Operation.COUNT,
                formula=formula(Operation.COUNT, (), text, unit), parts=tuple(members),
            )
        )  # fmt: skip

    def reports(self, indicator: str, basis: str = "period") -> Markup:
        """A count of monthly reports, padded to two digits."""
        key = FigureKey(indicator, basis)
        entry, value, sources = INDICATOR_BY_CODE[indicator], self._summary.value(key), self._summary.sources(key)
        assert value is not None, f"figure {key} is not known"
        return self._place(
            Figure(
                f"{indicator}.padded@{basis}", "coverage", entry.name, value, entry.unit_of_measure,
                wording.count(int(value)), operation=Operation.SAME, parts=(str(key),), cells=sources.cells,
                submissions=tuple(sorted(sources.submissions)),
            )
        )  # fmt: skip

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

    def _text(self, part: FigureKey | str) -> str:
        return self._figures[part].text if isinstance(part, str) else str(self._summary.text(part))

    def _sources(self, parts: Sequence[FigureKey | str]) -> Sources:
        found = NO_SOURCES
        for part in parts:
            if isinstance(part, str):
                placed = self._figures[part]
                found |= Sources(placed.cells, frozenset(placed.submissions))
            else:
                found |= self._summary.sources(part)
        return found

    def unit_of(self, figure_id: str) -> str:
        """The unit in which a figure was placed."""
        return self._figures[figure_id].unit_of_measure

    def day(self, figure_id: str, name: str, day: date, *, long: bool = False) -> Markup:
        """A day of the calendar."""
        return self._calendar(figure_id, name, wording.long_day(day) if long else wording.short_day(day))

    def share_of_days(self, figure_id: str, name: str, gone: int, whole: int) -> Markup:
        """What part of some days has gone, in percent."""
        value = Decimal(100 * gone) / whole
        text = wording.number(value, 1)
        working = f"{gone} ngày ÷ {whole} ngày = {text}%"
        return self._place(Figure(figure_id, "calendar", name, value, "%", text, formula=working))

    def moment(self, figure_id: str, name: str, at: datetime) -> Markup:
        """A moment, in Vietnam."""
        return self._calendar(figure_id, name, wording.moment(at))

    def phrase(self, figure_id: str, name: str, text: str) -> Markup:
        """A phrase that holds digits, such as a period's name."""
        return self._calendar(figure_id, name, text)

    def reference(self, text: str) -> Markup:
        """A name, symbol or citation; placed only where it holds digits."""
        if not re.search(r"\d", text):
            return Markup.escape(text)
        number = self._references.setdefault(text, len(self._references) + 1)
        return self._place(Figure(f"reference.{number}", "reference", "tên, số hiệu", None, "", text))

    def again(self, figure: Figure) -> Markup:
        """A figure that is placed already, once more."""
        return self._place(figure)

    def fingerprint(self, text: str) -> Markup:
        """The hash of the edition's data; not itself a figure of the data."""
        return self._place(Figure("fingerprint", "fingerprint", "mã kiểm tra của số liệu", None, "", text))

    def ordinal(self, number: int) -> Markup:
        """The number of a row, column, heading, table or page."""
        return self._place(Figure(f"number.{number}", "numbering", "số thứ tự", Decimal(number), "", str(number)))

    def ordinal_caption(self, number: int | None, title: str) -> Markup:
        """The caption of a table, numbered where it stands in a document that counts its tables."""
        if number is None:
            return Markup.escape(title)
        return Markup("Bảng {}. {}").format(self.ordinal(number), title)

    def _calendar(self, figure_id: str, name: str, text: str) -> Markup:
        return self._place(Figure(figure_id, "calendar", name, None, "", text))

    def _place(self, figure: Figure) -> Markup:
        known = self._figures.setdefault(figure.figure_id, figure)
        if known.text != figure.text:
            raise ValueError(f"figure {figure.figure_id} is printed as {known.text!r} and as {figure.text!r}")
        return Markup('<span class="figure" data-figure="{}">{}</span>').format(figure.figure_id, figure.text)


_SPAN = re.compile(r'<span class="figure" data-figure="(?P<id>[^"]*)">(?P<text>[^<]*)</span>')
_CLAIM = re.compile(r'<span class="claim" data-claim="[^"]*"></span>')
_CELL = re.compile(r'<td class="(?P<kind>\w+)"><span id="(?P<id>[^"]*)">(?P<text>[^<]*)</span></td>')


def with_anchors(html: str) -> str:
    """The page with an id at the first place of every figure, which becomes a named destination of the PDF.

    All other marks are removed: every element of a page becomes an object of the PDF.
    """
    seen: set[str] = set()

    def anchored(span: re.Match[str]) -> str:
        figure_id = span["id"]
        if figure_id in seen or figure_id.startswith("number."):
            return span["text"]
        seen.add(figure_id)
        return f'<span id="{figure_id}">{span["text"]}</span>'

    html = _CLAIM.sub("", html)
    return _CELL.sub(r'<td class="\g<kind>" id="\g<id>">\g<text></td>', _SPAN.sub(anchored, html))


def measured_figure(summary: Summary, key: FigureKey, value: Decimal) -> Figure:
    """A figure of the catalogue with its working, as it is printed."""
    entry, text, sources = INDICATOR_BY_CODE[key.indicator], str(summary.text(key)), summary.sources(key)
    numerator, denominator = summary.parts(key) if entry.numerator else (None, None)
    parts = [key.of(part) for part in entry.parts]
    operation = {Kind.RATIO: Operation.RATIO, Kind.BALANCE: Operation.BALANCE}.get(entry.kind)
    return Figure(
        str(key), "measure", entry.name, value, entry.unit_of_measure, text, numerator, denominator,
        status=str(summary.status(key)),
        operation=operation or "",
        formula=formula(
            operation, [str(summary.text(part)) for part in parts], text, entry.unit_of_measure, len(entry.plus)
        ) if operation else "",
        parts=tuple(str(part) for part in parts),
        cells=sources.cells,
        submissions=tuple(sorted(sources.submissions)),
    )  # fmt: skip
