"""A reporting period: a month, or a quarter, half-year, nine months or year made of months."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Self

from domain.errors import BadPeriod


class PeriodKind(Enum):
    """How many months a period spans, and how its number is written."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"

    @property
    def label(self) -> str:
        """The kind in Vietnamese."""
        return {"month": "tháng", "quarter": "quý", "half": "6 tháng", "nine_months": "9 tháng", "year": "năm"}[
            self.value
        ]


_MONTHS_IN = {
    PeriodKind.MONTH: 1,
    PeriodKind.QUARTER: 3,
    PeriodKind.HALF: 6,
    PeriodKind.NINE_MONTHS: 9,
    PeriodKind.YEAR: 12,
}
_GRAMMAR = re.compile(r"(?P<year>\d{4})(-(?:(?P<month>\d{2})|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<nine>9M)))?")
_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_ROMAN = ("I", "II", "III", "IV")


@dataclass(frozen=True, slots=True)
class Period:
    """One period of one reporting year; `2024-02`, `2024-Q1`, `2024-H1`, `2024-9M`, `2024`."""

    year: int
    kind: PeriodKind
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a period as people type it.

        Raises:
            BadPeriod: if the text is none of the five forms, or its year is out of range.
        """
        match = _GRAMMAR.fullmatch(text.strip().upper())
        if match:
            year = int(match["year"])
            if not _FIRST_YEAR <= year <= _LAST_YEAR:
                raise BadPeriod(f"Kỳ báo cáo “{text}”: năm {year} nằm ngoài khoảng {_FIRST_YEAR}–{_LAST_YEAR}.")
            if match["month"] and 1 <= int(match["month"]) <= 12:
                return cls(year, PeriodKind.MONTH, int(match["month"]))
            if match["quarter"]:
                return cls(year, PeriodKind.QUARTER, int(match["quarter"]))
            if match["half"]:
                return cls(year, PeriodKind.HALF, int(match["half"]))
            if match["nine"]:
                return cls(year, PeriodKind.NINE_MONTHS, 1)
            if not match["month"]:
                return cls(year, PeriodKind.YEAR, 1)
        raise BadPeriod(
            f"Kỳ báo cáo “{text}” không đúng dạng. Viết 2024-02 (tháng), 2024-Q1 (quý), "
            "2024-H1 (6 tháng), 2024-9M (9 tháng) hoặc 2024 (năm)."
        )

    @classmethod
    def month(cls, year: int, number: int) -> Self:
        """The month `number` of `year`; numbers outside 1–12 count over the year's end."""
        years, index = divmod(number - 1, 12)
        return cls(year + years, PeriodKind.MONTH, index + 1)

    def __str__(self) -> str:
        match self.kind:
            case PeriodKind.MONTH:
                return f"{self.year}-{self.number:02d}"
            case PeriodKind.QUARTER:
                return f"{self.year}-Q{self.number}"
            case PeriodKind.HALF:
                return f"{self.year}-H{self.number}"
            case PeriodKind.NINE_MONTHS:
                return f"{self.year}-9M"
            case PeriodKind.YEAR:
                return str(self.year)

    @property
    def is_month(self) -> bool:
        """Whether units report this period; the others are rolled up from months."""
        return self.kind is PeriodKind.MONTH

    def months(self) -> tuple["Period", ...]:
        """The months this period is made of, oldest first."""
        length = _MONTHS_IN[self.kind]
        first = (self.number - 1) * length + 1
        return tuple(Period.month(self.year, number) for number in range(first, first + length))

    @property
    def last_month(self) -> "Period":
        """The month whose closing stocks are the period's."""
        return self.months()[-1]

    def previous(self) -> "Period":
        """The period of the same kind before this one; nine months look back a year."""
        if self.kind in (PeriodKind.NINE_MONTHS, PeriodKind.YEAR):
            return self.same_last_year()
        in_a_year = 12 // _MONTHS_IN[self.kind]
        if self.number > 1:
            return Period(self.year, self.kind, self.number - 1)
        return Period(self.year - 1, self.kind, in_a_year)

    def same_last_year(self) -> "Period":
        """The same period one year earlier."""
        return Period(self.year - 1, self.kind, self.number)

    def year_to_date(self) -> tuple["Period", ...]:
        """The months from the first of the reporting year to this period's last, oldest first."""
        return tuple(Period.month(self.year, number) for number in range(1, self.last_month.number + 1))

    def months_back(self, count: int) -> tuple["Period", ...]:
        """The `count` months that end with this period's last, oldest first."""
        last = self.last_month
        return tuple(Period.month(last.year, last.number - back) for back in reversed(range(count)))

    def label(self) -> str:
        """The period in official Vietnamese; months 1 and 2 alone are padded (NĐ 30/2020, Phụ lục I)."""
        match self.kind:
            case PeriodKind.MONTH:
                return f"tháng {padded_month(self.number)} năm {self.year}"
            case PeriodKind.QUARTER:
                return f"quý {_ROMAN[self.number - 1]}/{self.year}"
            case PeriodKind.HALF:
                return f"6 tháng {'đầu' if self.number == 1 else 'cuối'} năm {self.year}"
            case PeriodKind.NINE_MONTHS:
                return f"9 tháng đầu năm {self.year}"
            case PeriodKind.YEAR:
                return f"năm {self.year}"


_MONTH_FIRST = re.compile(r"(?:tháng |kỳ )?(\d{1,2})(?: ?[/-] ?| năm )(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4}) ?[/-] ?(\d{1,2})")


def month_named(text: str | None) -> Period | None:
    """The month that a text names; nothing for a quarter, a year or anything else."""
    try:
        period = Period.parse(text or "")
    except BadPeriod:
        return None
    return period if period.is_month else None


def tidy_month(text: str) -> str:
    """`02/2024`, `tháng 2 năm 2024` and `2024/2` as `2024-02`; anything else as it is."""
    plain = " ".join(text.lower().split())
    if found := _MONTH_FIRST.fullmatch(plain):
        return f"{found[2]}-{int(found[1]):02d}"
    if found := _YEAR_FIRST.fullmatch(plain):
        return f"{found[1]}-{int(found[2]):02d}"
    return text


def padded_month(number: int) -> str:
    """A month's number as official letters write it: only January and February get a zero."""
    return f"{number:02d}" if number <= 2 else str(number)


def month_range(first: Period, last: Period) -> tuple[Period, ...]:
    """Every month from `first` to `last`, both included, oldest first.

    Raises:
        BadPeriod: if there is none.
    """
    start, end = first.months()[0], last.last_month
    count = (end.year - start.year) * 12 + end.number - start.number + 1
    if count < 1:
        raise BadPeriod(f"Tháng cuối {last} đứng trước tháng đầu {first}.")
    return tuple(Period.month(start.year, start.number + step) for step in range(count))
