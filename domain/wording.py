"""How numbers and days are written in Vietnamese: decimal comma, thousands dot, rounding half up."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal

from domain.calendar import VIETNAM
from domain.period import padded_month


def rounded(value: Decimal, decimals: int) -> Decimal:
    """The value rounded half up, as offices round; the one place where a printed value is rounded."""
    places = max(_PRECISION, value.adjusted() + decimals + 2)
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=Context(prec=places))


_PRECISION = 28
_LONGEST = 10**27
"""From here on a number is written by its power of ten: nobody counts its figures."""


def number(value: Decimal | int | float, decimals: int | None = None) -> str:
    """`31502` as 31.502 and `8.1142` as 8,11; without `decimals` at most three, and no idle zeros.

    Whatever a cell may hold can be written: `1e30` as 1 × 10³⁰, and what is no number as such.
    """
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        return "không phải số" if exact.is_nan() else "−∞" if exact < 0 else "∞"
    if exact.copy_abs() >= _LONGEST:
        power = str(exact.adjusted()).translate(_RAISED)
        return f"{number(exact.scaleb(-exact.adjusted()), decimals)} × 10{power}"
    shown = rounded(exact, 3 if decimals is None else decimals).copy_abs()
    text = f"{shown:,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = "−" if exact < 0 and shown else ""
    return sign + text.translate(_VIETNAMESE)


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_VIETNAMESE = str.maketrans({",": ".", ".": ","})


def short_day(day: date) -> str:
    """05/3/2024: days below 10 and months 1 and 2 are padded (NĐ 30/2020, Phụ lục I)."""
    return f"{day.day:02d}/{padded_month(day.month)}/{day.year}"


def long_day(day: date) -> str:
    """ngày 05 tháng 3 năm 2024."""
    return f"ngày {day.day:02d} tháng {padded_month(day.month)} năm {day.year}"


def moment(at: datetime) -> str:
    """17 giờ 00 ngày 16/02/2024, in Vietnam."""
    local = at.astimezone(VIETNAM)
    return f"{local:%H} giờ {local:%M} ngày {short_day(local.date())}"


def count(value: int) -> str:
    """A small count as letters write it: 03 đơn vị."""
    return f"{value:02d}" if 0 < value < 10 else number(value)
