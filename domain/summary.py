"""What is known about a period before it becomes a document: who reported, and every measured figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from domain.calendar import Window
from domain.indicators import INDICATOR_BY_CODE, FigureKey, Kind
from domain.period import Period
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

    @property
    def words(self) -> str:
        """The state in Vietnamese."""
        if not self.is_counted:
            return "bị trả lại, chưa nộp lại" if self.is_rejected else "chưa báo cáo"
        parts = ["không phát sinh" if self.is_nil else "đã báo cáo"]
        if self.working_days_late:
            parts.append(f"trễ {self.working_days_late} ngày làm việc")
        if self.revision is not None and self.revision > 1:
            parts.append(f"lần nộp {self.revision}")
        return ", ".join(parts)


@dataclass(frozen=True)
class Summary:
    """All figures of a period, as known at a moment.

    `reporting` names, for each basis and each month of the trend, the units whose rows are in it.
    """

    period: Period
    window: Window
    cut_at: datetime
    is_sample: bool
    units: Sequence[UnitState]
    reporting: Mapping[str, frozenset[str]]
    expected_reports: Mapping[str, int]
    received_reports: Mapping[str, int]
    measured: Mapping[FigureKey, Decimal]
    months_shown: Sequence[Period]

    def parts(self, key: FigureKey) -> tuple[Decimal | None, Decimal | None]:
        """Numerator and denominator of a ratio."""
        indicator = INDICATOR_BY_CODE[key.indicator]
        return (
            self.value(FigureKey(indicator.numerator, key.basis, key.dimension, key.member)),
            self.value(FigureKey(indicator.denominator, key.basis, key.dimension, key.member)),
        )

    def value(self, key: FigureKey) -> Decimal | None:
        """The figure; `None` where nobody reported, 0 where those who reported had nothing."""
        indicator = INDICATOR_BY_CODE[key.indicator]
        if indicator.kind is Kind.RATIO:
            numerator, denominator = self.parts(key)
            if numerator is None or not denominator:
                return None
            return 100 * numerator / denominator
        if key in self.measured:
            return self.measured[key]
        if indicator.kind is Kind.STOCK or not self._has_reports(key):
            return None
        return Decimal(0)

    def over_units(self, indicator: str, basis: str, codes: frozenset[str]) -> Decimal | None:
        """An additive indicator over some units only; `None` where one of them has no figure."""
        values = [self.value(FigureKey(indicator, basis, "unit", code)) for code in sorted(codes)]
        known = [value for value in values if value is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(values) else None

    def same_units(self, basis: str) -> frozenset[str]:
        """The units that are in both the period and another basis."""
        return self.reporting.get("period", frozenset()) & self.reporting.get(basis, frozenset())

    def _has_reports(self, key: FigureKey) -> bool:
        if key.dimension == "month":
            return bool(self.reporting.get(key.member))
        reporting = self.reporting.get(key.basis, frozenset())
        return key.member in reporting if key.dimension == "unit" else bool(reporting)
