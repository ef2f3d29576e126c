"""The cells of one row of a table, read by kind; every cell that cannot be read is noted, not the first alone."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple, TypeVar, cast

from domain.calendar import moment_in_vietnam
from domain.errors import BadPeriod
from domain.period import Period

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)
_MOST_SHOWN = 60


class Problem(NamedTuple):
    """What is wrong with one cell, and how to mend it."""

    what: str
    remedy: str


class Cells:
    """One row, its cells by column.

    A cell that cannot be read is noted in `problems` and given as null whatever its type, so that the cells after it
    are looked at too; the record of a row with problems is of no use and must be dropped.
    """

    def __init__(self, cells: Mapping[str, str]) -> None:
        self._cells = cells
        self.problems: list[Problem] = []

    def text(self, column: str) -> str:
        """What stands there; a column that the table may do without is blank."""
        return self._cells.get(column, "")

    def filled(self, column: str, meaning: str) -> str:
        """What stands there, which must not be blank."""
        value = self.text(column)
        if not value:
            self.problems.append(Problem(f"thiếu {meaning}", f"ghi vào cột {column}"))
        return value

    def read(self, column: str, parse: Callable[[str], T], wanted: str, example: str) -> T:
        """The cell by a parser of its own, which raises ValueError at what is not `wanted`."""
        value = self.text(column)
        try:
            return parse(value)
        except (ValueError, ArithmeticError, BadPeriod):
            shown = value if len(value) <= _MOST_SHOWN else f"{value[:_MOST_SHOWN]}…"
            found = f"“{shown}” không phải {wanted}" if value else f"để trống, phải là {wanted}"
            self.problems.append(Problem(f"cột {column}: {found}", f"viết {example}"))
            return cast(T, None)

    def day(self, column: str) -> date:
        """A day in ISO form."""
        return self.read(column, date.fromisoformat, "ngày", "như 2024-02-15")

    def maybe_day(self, column: str) -> date | None:
        """A day, or a blank."""
        return self.day(column) if self.text(column) else None

    def moment(self, column: str) -> datetime:
        """A day or moment in ISO form; a bare day means 00:00 in Vietnam."""
        return self.read(column, moment_in_vietnam, "thời điểm", "như 2024-02-15 hoặc 2024-02-15T17:00")

    def maybe_moment(self, column: str) -> datetime | None:
        """A day or moment, or a blank."""
        return self.moment(column) if self.text(column) else None

    def hour(self, column: str) -> time:
        """A time of day."""
        return self.read(column, time.fromisoformat, "giờ", "như 17:00")

    def period(self, column: str) -> Period:
        """A reporting period."""
        return self.read(column, Period.parse, "kỳ báo cáo", "như 2024-02 hoặc 2024-Q1")

    def maybe_period(self, column: str) -> Period | None:
        """A reporting period, or a blank."""
        return self.period(column) if self.text(column) else None

    def whole(self, column: str) -> int:
        """A whole number."""
        return self.read(column, int, "số nguyên", "chỉ bằng chữ số, như 1500000")

    def maybe_whole(self, column: str) -> int | None:
        """A whole number, or a blank."""
        return self.whole(column) if self.text(column) else None

    def decimal(self, column: str) -> Decimal:
        """A number with a decimal point."""
        return self.read(column, _finite, "số", "bằng chữ số, dấu chấm trước phần thập phân, như 12.5")

    def member(self, column: str, members: type[E]) -> E:
        """One of the values that the column knows."""
        return self.read(column, members, "giá trị của cột này", f"một trong: {', '.join(members)}")


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(f"{text} is no number")
    return number
