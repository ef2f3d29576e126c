"""What is known about a period before it becomes a document: who reported, and every measured figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain import wording
from domain.blocks import Block
from domain.calendar import Window
from domain.catalogue import INDICATOR_BY_CODE
from domain.figures import FigureStatus
from domain.indicators import REGISTER, UNITS, Basis, FigureKey, Indicator, Kind
from domain.period import Period
from domain.quality import NOTHING_NOTED, Quality
from domain.restatement import Restatement
from domain.submissions import SubmissionRecord
from domain.units import Unit

COMPARED = {
    Basis.PREVIOUS: Basis.PERIOD,
    Basis.SAME_LAST_YEAR: Basis.PERIOD,
    Basis.YEAR_START: Basis.PERIOD,
    Basis.TET_LAST_YEAR: Basis.TET,
}
"""What is compared with each earlier basis."""


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

    @property
    def words(self) -> str:
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


@dataclass(frozen=True)
class Summary:
    """All figures of a period, as known at a moment.

    `reporting` names, for each basis and each month of the trend, the units that sent every report they owe for it.
    """

    period: Period
    window: Window
    cut_at: datetime
    is_sample: bool
    units: Sequence[UnitState]
    reporting: Mapping[str, frozenset[str]]
    heard: Mapping[str, frozenset[str]]
    """Likewise, the units that sent at least one report."""
    expected: Mapping[str, frozenset[str]]
    """Likewise, the units that owe one."""
    expected_reports: Mapping[str, int]
    received_reports: Mapping[str, int]
    measured: Mapping[FigureKey, Decimal | None]
    made_of: Mapping[FigureKey, Sources]
    began: Mapping[str, str]
    """The first month of each basis, and of each month of the trend itself."""
    months_shown: Sequence[Period]
    blocks: Mapping[str, Sequence[Block]]
    """For each basis that is compared with, the units that cover the same ground then and now."""
    closing: Mapping[str, frozenset[str]]
    """For each basis, the units that state its closing stocks."""
    opening: Mapping[str, frozenset[str]]
    """For each basis, the units that state its opening stocks."""
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
        if key in self.measured:
            return self.measured[key]
        if indicator.kind is not Kind.FLOW or indicator.blank_is_unknown or not self._has_reports(key):
            return None
        return Decimal(0)

    def sources(self, key: FigureKey) -> Sources:
        """Of what the figure is made, through all its parts."""
        indicator = INDICATOR_BY_CODE[key.indicator]
        keys = [key.of(part) for part in indicator.parts]
        if key.dimension == UNITS and not keys:
            keys = [FigureKey(key.indicator, key.basis, "unit", code) for code in self._stating(indicator, key)]
        found = self.made_of.get(key, NO_SOURCES)
        for part in keys:
            found |= self.sources(part)
        return found

    def _balance(self, indicator: Indicator, key: FigureKey) -> Decimal | None:
        added, taken = ([self.value(key.of(part)) for part in parts] for parts in (indicator.plus, indicator.minus))
        if any(value is None for value in (*added, *taken)):
            return None
        return sum((value for value in added if value is not None), Decimal(0)) - sum(
            (value for value in taken if value is not None), Decimal(0)
        )

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
            codes &= self.closing[key.basis]
        if indicator.kind is Kind.OPENING:
            codes &= self.opening[key.basis]
        return sorted(codes)

    def was_asked(self, key: FigureKey) -> bool:
        """Whether units were asked for it in all months of the span; a figure made of others, for all of them."""
        indicator = INDICATOR_BY_CODE[key.indicator]
        began = self.began.get(key.member if key.dimension == "month" else key.basis)
        return (began is None or began >= indicator.first_period) and all(
            self.was_asked(key.of(part)) for part in indicator.parts
        )

    def common(self, basis: str, indicator: str = "") -> "Common":
        """The ground that is whole in a basis and in what it is compared with: all its units reported, then and now.

        With `indicator`, all of them also stated it: a unit without anything to report states no households.
        """
        compared = COMPARED[Basis(basis)]
        now, then = (self.reporting.get(each, frozenset()) for each in (compared, basis))
        whole = [block for block in self.blocks[basis] if block.now <= now and block.then <= then]
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
            is_all=len(whole) == len(self.blocks[basis])
            and sum(len(block.now) for block in whole) == len(self.expected[compared])
            and sum(len(block.then) for block in whole) == len(self.expected[basis]),
            is_reorganised=any(block.is_reorganised for block in whole),
        )

    def status(self, key: FigureKey) -> FigureStatus:
        """How final a measured figure is."""
        basis = key.member if key.dimension == "month" else key.basis
        owed, sent = self.expected[basis], self.reporting.get(basis, frozenset())
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
            return bool(self.heard.get(key.member))
        heard = self.heard.get(key.basis, frozenset())
        return key.member in heard if key.dimension == "unit" else bool(heard)
