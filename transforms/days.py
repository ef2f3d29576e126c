"""Days as clerks type them: day first, in figures or in words, or as the number that Excel keeps."""

from datetime import date

import polars as pl

_DAY = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$"
_SHORT_DAY = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2})$"
_LONG_DAY = r"^(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})$"
_ISO_DAY = r"^(\d{4})-(\d{2})-(\d{2})(?:[t ]00:00:00)?$"
_FIRST_SERIAL, _LAST_SERIAL = 36_526, 73_050
"""2000-01-01 and 2099-12-31 as Excel counts days from 1900."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
"""No report speaks of a day before or after; what does, is a slip of a figure in the year."""


def day_as_typed(text: pl.Expr) -> pl.Expr:
    """`5/3/2024`, `05-03-24`, `ngày 05 tháng 3 năm 2024`: day first, always; or `2024-03-05`."""

    def day(pattern: str, century: str = "") -> pl.Expr:
        parts = [text.str.extract(pattern, group).str.zfill(2) for group in (1, 2)]
        joined = pl.concat_str(*parts, pl.lit(century) + text.str.extract(pattern, 3), separator="/")
        return joined.str.to_date("%d/%m/%Y", strict=False)

    iso = text.str.extract(r"^(\d{4}-\d{2}-\d{2})", 1).str.to_date("%Y-%m-%d", strict=False)
    return pl.when(pl.col("kind") == "text").then(
        pl.coalesce(day(_DAY), day(_SHORT_DAY, "20"), day(_LONG_DAY), pl.when(text.str.contains(_ISO_DAY)).then(iso))
    )


def is_far_day(day: pl.Expr) -> pl.Expr:
    """`05/02/2404` and `05/02/0024`."""
    return ~day.is_between(FIRST_DAY, LAST_DAY)


def day_by_serial() -> pl.Expr:
    """A day whose cell lost its format and shows Excel's number instead."""
    serial = pl.col("number")
    is_day = serial.is_between(_FIRST_SERIAL, _LAST_SERIAL) & (serial == serial.round(0))
    return (
        pl.when(is_day & (pl.col("kind") == "number"))
        .then(pl.lit(date(1899, 12, 30)) + pl.duration(days=serial.cast(pl.Int64, strict=False)))
        .cast(pl.Date)
    )
