"""How the poverty rate moved, in percentage points over the same ground; never across a change of standard."""

from decimal import Decimal

from markupsafe import Markup

from domain.comparison import difference
from domain.indicators import INDICATOR_BY_CODE, Basis
from domain.reference import Reference
from domain.summary import COMPARED, Summary
from reports.figure_book import FigureBook

_RATE = "poverty_rate_pct"


def rate_over_common_ground(summary: Summary, basis: str, rate: str = _RATE) -> tuple[Decimal, Decimal] | None:
    """The rate now and in the earlier basis, over the units that reported in both; nothing without any."""
    entry, common = INDICATOR_BY_CODE[rate], summary.common(basis)
    sides = []
    for side, codes in ((COMPARED[Basis(basis)], common.now), (Basis(basis), common.then)):
        part, whole = (summary.over_units(each, side, codes) for each in (entry.numerator, entry.denominator))
        if part is None or not whole:
            return None
        sides.append(100 * part / whole)
    return sides[0], sides[1]


def is_comparable(summary: Summary, reference: Reference, basis: str) -> bool:
    """Whether poverty was told by the same standard then and now."""
    then = reference.spans(summary.period)[basis].months[-1]
    standards = [
        reference.poverty_standard(day) for day in (reference.calendar.window(then).last_day, summary.window.last_day)
    ]
    return standards[0] == standards[1]


def poverty_change(
    book: FigureBook, summary: Summary, reference: Reference, basis: str, words: Markup
) -> Markup | None:
    """One sentence; nothing where there is nothing to compare with."""
    rates = rate_over_common_ground(summary, basis)
    if rates is None:
        return None
    if not is_comparable(summary, reference, basis):
        return Markup("không so sánh với {} vì chuẩn nghèo đã thay đổi").format(words)
    entry = INDICATOR_BY_CODE[_RATE]
    now, then = rates
    points = difference(now, then, entry.decimals, book.differences)
    if not points:
        sentence = Markup("không thay đổi so với {}").format(words)
    else:
        moved = book.derived(f"{_RATE}@change_from_{basis}_pp", f"{entry.name}: mức thay đổi", abs(points), "điểm %", 2)
        sentence = Markup("{} {} điểm % so với {}").format("tăng" if points > 0 else "giảm", moved, words)
    before = book.derived(f"{_RATE}@earlier_same_units_{basis}", entry.name, then, "%", entry.decimals)
    common = summary.common(basis)
    if common.is_all:
        return sentence + Markup(" ({}%)").format(before)
    after = book.derived(f"{_RATE}@period_same_units_{basis}", entry.name, now, "%", entry.decimals)
    units = book.counted(f"coverage.same_units_{basis}", "đơn vị có báo cáo cả hai kỳ", len(common.now))
    return sentence + Markup(" (trên {} đơn vị có số liệu cả hai kỳ: từ {}% thành {}%)").format(units, before, after)
