"""What is known about a period before it becomes a document: who reported, and every measured figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain import wording
from domain.calendar import Window
from domain.catalogue import INDICATOR_BY_CODE
from domain.coverage import COMPARED, Coverage
from domain.figures import FigureStatus
from domain.indicators import REGISTER, UNITS, Basis, FigureKey, Indicator, Kind
from domain.period import Period
from domain.quality import NOTHING_NOTED, Quality
from domain.restatement import Restatement
from domain.submissions import SubmissionRecord
from domain.units import Unit


@dataclass(frozen=True, slots=True)
class UnitState:
    """How one expected unit stands in one period; missing, nil, rejected and late are four different things."""

    unit: Unit
    is_counted: bool
    is_nil: bool = False
    is_rejected: bool = False
    working_days_late: int = 0
    revision: int | None = None
    received_at: datetime | None = None
    months_owed: int = 1
    months_sent: int = 1
    lacking: tuple[str, ...] = ()
    """The months, as they are named, of which no report counts."""

    @property
    def is_complete(self) -> bool:
        """Whether a report counts of every month that the unit owes."""
        return self.is_counted and self.months_sent >= self.months_owed

    @property
    def label(self) -> str:
        """The state in Vietnamese."""
        if not self.is_counted:
            return "bị trả lại, chưa nộp lại" if self.is_rejected else "chưa báo cáo"
        parts = ["không phát sinh" if self.is_nil else "đã báo cáo"]
        if self.months_owed > 1:
            parts = [f"đã báo cáo {self.months_sent}/{self.months_owed} tháng"]
        if self.working_days_late:
            parts.append(f"trễ {self.working_days_late} ngày làm việc")
        if self.revision is not None and self.revision > 1:
            parts.append(f"lần nộp {self.revision}")
        return ", ".join(parts)

    @property
    def exception(self) -> str:
        """What is not as it should be, in Vietnamese; empty where the report came whole, in time and with something in it."""
        return "" if self.label == "đã báo cáo" else self.label.removeprefix("đã báo cáo, ")


@dataclass(frozen=True, slots=True)
class Common:
    """The units over which two spans of months may be compared."""

    then: frozenset[str]
    now: frozenset[str]
    is_all: bool
    """Whether nothing of either span is left out."""
    is_reorganised: bool
    """Whether other units reported the same ground then."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Of how many cells a figure is made, and of which submissions."""

    cells: int
    submissions: frozenset[int]

    def __or__(self, other: "Sources") -> "Sources":
        """Those of two figures together."""
        return Sources(self.cells + other.cells, self.submissions | other.submissions)


NO_SOURCES = Sources(0, frozenset())


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure as it was counted, and of what."""

    value: Decimal | None
    sources: Sources


@dataclass(frozen=True)
class Summary:
    """All figures of a period, as known at a moment."""

    period: Period
    window: Window
    cut_at: datetime
    is_sample: bool
    units: Sequence[UnitState]
    coverage: Coverage
    measured: Mapping[FigureKey, Measure]
    months_shown: Sequence[Period]
    """The months of the trend."""
    submissions: Sequence[SubmissionRecord] = ()
    """Everything that counts, in the order of period and unit."""
    restatement: Restatement | None = None
    quality: Quality = NOTHING_NOTED

    def parts(self, key: FigureKey) -> tuple[Decimal | None, Decimal | None]:
        """Numerator and denominator of a ratio."""
        indicator = INDICATOR_BY_CODE[key.indicator]
        return self.value(key.of(indicator.numerator)), self.value(key.of(indicator.denominator))

    def value(self, key: FigureKey) -> Decimal | None:
        """The figure; `None` where nobody reported or was asked, 0 where those who reported had nothing.

        Raises:
            ValueError: if units are to be added whose figures do not add up.
        """
        indicator = INDICATOR_BY_CODE[key.indicator]
        if indicator.kind is Kind.RATIO:
            numerator, denominator = self.parts(key)
            if numerator is None or not denominator:
                return None
            return indicator.times * numerator / denominator
        if indicator.kind is Kind.BALANCE:
            return self._balance(indicator, key)
        if not self.was_asked(key):
            return None
        if key.dimension == UNITS:
            return self._over_units(indicator, key)
        if indicator.table == REGISTER and not self._has_reports(key):
            return None
        measure = self.measured.get(key)
        if measure is not None:
            return measure.value
        if indicator.kind is not Kind.FLOW or indicator.blank_is_unknown or not self._has_reports(key):
            return None
        return Decimal(0)

    def sources(self, key: FigureKey) -> Sources:
        """Of what the figure is made, through all its parts."""
        indicator = INDICATOR_BY_CODE[key.indicator]
        keys = [key.of(part) for part in indicator.parts]
        if key.dimension == UNITS and not keys:
            keys = [FigureKey(key.indicator, key.basis, "unit", code) for code in self._stating(indicator, key)]
        measure = self.measured.get(key)
        found = NO_SOURCES if measure is None else measure.sources
        for part in keys:
            found |= self.sources(part)
        return found

    def _balance(self, indicator: Indicator, key: FigureKey) -> Decimal | None:
        if indicator.needs_whole_span and not self._is_whole(key):
            return None
        added, taken = ([self.value(key.of(part)) for part in parts] for parts in (indicator.plus, indicator.minus))
        if any(value is None for value in (*added, *taken)):
            return None
        return sum((value for value in added if value is not None), Decimal(0)) - sum(
            (value for value in taken if value is not None), Decimal(0)
        )

    def _is_whole(self, key: FigureKey) -> bool:
        """Whether the units of the figure sent all they owed, and those that opened the span are those that closed it."""
        basis, covered = key.member if key.dimension == "month" else key.basis, self.coverage
        units = frozenset(key.member.split("+")) if key.dimension in ("unit", UNITS) else covered.expected[basis]
        sent = covered.reporting.get(basis, frozenset())
        return units <= sent and units & covered.opening[basis] == units & covered.closing[basis]

    def _over_units(self, indicator: Indicator, key: FigureKey) -> Decimal | None:
        """The sum over the units; `None` where one of them has no figure."""
        if not indicator.adds_over_units:
            raise ValueError(f"the figures of {indicator.code} do not add up over units")
        codes = self._stating(indicator, key)
        values = [self.value(FigureKey(key.indicator, key.basis, "unit", code)) for code in codes]
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(values) else None

    def _stating(self, indicator: Indicator, key: FigureKey) -> list[str]:
        """The units of the key that have a say: for stocks, those that were there at the time."""
        codes = frozenset(key.member.split("+"))
        if indicator.kind is Kind.STOCK:
            codes &= self.coverage.closing[key.basis]
        if indicator.kind is Kind.OPENING:
            codes &= self.coverage.opening[key.basis]
        return sorted(codes)

    def was_asked(self, key: FigureKey) -> bool:
        """Whether units were asked for it in all months of the span; a figure made of others, for all of them."""
        indicator = INDICATOR_BY_CODE[key.indicator]
        months = self.coverage.months.get(key.member if key.dimension == "month" else key.basis)
        return (not months or months[0] >= indicator.first_period) and all(
            self.was_asked(key.of(part)) for part in indicator.parts
        )

    def common(self, basis: str, indicator: str = "") -> "Common":
        """The ground that is whole in a basis and in what it is compared with: all its units reported, then and now.

        With `indicator`, all of them also stated it: a unit without anything to report states no households. A stock is
        compared by its last days alone, so that only the reports of the last months must be there.
        """
        compared, covered = COMPARED[Basis(basis)], self.coverage
        is_stock = indicator != "" and _is_stock(indicator)
        blocks = (covered.closing_blocks if is_stock else covered.blocks)[basis]
        sent = covered.closed if is_stock else covered.reporting
        owing = covered.closing if is_stock else covered.expected
        now, then = (sent.get(each, frozenset()) for each in (compared, basis))
        whole = [block for block in blocks if block.now <= now and block.then <= then]
        if indicator:
            whole = [
                block
                for block in whole
                if self.value(FigureKey.over(indicator, compared, block.now)) is not None
                and self.value(FigureKey.over(indicator, basis, block.then)) is not None
            ]
        return Common(
            then=frozenset().union(*(block.then for block in whole)),
            now=frozenset().union(*(block.now for block in whole)),
            is_all=len(whole) == len(blocks)
            and sum(len(block.now) for block in whole) == len(owing[compared])
            and sum(len(block.then) for block in whole) == len(owing[basis]),
            is_reorganised=any(block.is_reorganised for block in whole),
        )

    def status(self, key: FigureKey) -> FigureStatus:
        """How final a measured figure is."""
        basis = key.member if key.dimension == "month" else key.basis
        owed, sent = self.coverage.expected[basis], self.coverage.reporting.get(basis, frozenset())
        is_whole = key.member in sent if key.dimension == "unit" else owed <= sent
        if key.dimension == UNITS:
            is_whole = set(key.member.split("+")) <= sent
        if not is_whole:
            return FigureStatus.PROVISIONAL
        printed = self.restatement.printed_before.get(key, frozenset()) if self.restatement else frozenset()
        return FigureStatus.REVISED if printed - {self.text(key)} else FigureStatus.COMPLETE

    def text(self, key: FigureKey) -> str | None:
        """The figure as it is printed; `None` where it is not known."""
        value, indicator = self.value(key), INDICATOR_BY_CODE[key.indicator]
        return None if value is None else wording.number(value / indicator.printed_per, indicator.decimals)

    def _has_reports(self, key: FigureKey) -> bool:
        if key.dimension == "month":
            return bool(self.coverage.reported.get(key.member))
        reported = self.coverage.reported.get(key.basis, frozenset())
        return key.member in reported if key.dimension == "unit" else bool(reported)


def _is_stock(indicator: str) -> bool:
    """Whether it is taken on the last day: a stock, or what is made of stocks alone."""
    entry = INDICATOR_BY_CODE[indicator]
    return all(map(_is_stock, entry.parts)) if entry.parts else entry.kind is Kind.STOCK
