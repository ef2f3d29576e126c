"""A series, worded for a terminal."""

from decimal import Decimal

from domain import wording
from domain.catalogue import INDICATOR_BY_CODE
from domain.placement import Ground
from services.queries.series import Series

_NO_FIGURE = "…"


def series_lines(found: Series) -> list[str]:
    """The series for a terminal: one line per account, `~` marks an estimate."""
    entry = INDICATOR_BY_CODE[found.indicator]

    def shown(value: Decimal | None, estimated: bool = False) -> str:
        text = _NO_FIGURE if value is None else wording.number(value / entry.printed_per, entry.decimals)
        return f"{('~' if estimated else '') + text:>12}"

    width = max((len(row.name) for row in found.rows), default=9)
    lines = [f"{found.name} ({found.unit_of_measure}), {_GROUND_WORDS[found.ground]}"]
    lines.append(" " * (width + 8) + "".join(f"{month:>12}" for month in found.months))
    for row in found.rows:
        cells = "".join(shown(value, mark) for value, mark in zip(row.values, row.estimated, strict=True))
        lines.append(f"{row.code:<7} {row.name:<{width}}{cells}")
    lines.append(f"{'':<7} {'Toàn tỉnh':<{width}}" + "".join(shown(value) for value in found.totals))
    counts = "".join(f"{f'{got}/{owed}':>12}" for got, owed in zip(found.received, found.expected, strict=True))
    lines.append(f"{'':<7} {'Báo cáo':<{width}}{counts}")
    return lines


_GROUND_WORDS = {
    Ground.AS_REPORTED: "như đã báo cáo",
    Ground.OLD: "theo địa bàn huyện cũ",
    Ground.NEW: "theo địa bàn xã, phường hiện nay",
}
