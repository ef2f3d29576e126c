"""Changes of the poverty rate in percentage points, over the same territory; never across a change of standard."""

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.comparison import difference
from domain.coverage import COMPARED
from domain.indicators import Basis, FigureKey
from domain.reference import Reference
from domain.summary import Summary
from domain.workings import Operation
from reports.figure_book import FigureBook

_RATE = "poverty_rate_pct"


def over_common_ground(summary: Summary, basis: str, rate: str = _RATE) -> tuple[FigureKey, FigureKey] | None:
    """The keys of the rate now and in the earlier basis, over the units that reported in both; none without a value."""
    common = summary.common(basis, rate)
    now = FigureKey.over(rate, COMPARED[Basis(basis)], common.now)
    then = FigureKey.over(rate, basis, common.then)
    return None if summary.value(now) is None or summary.value(then) is None else (now, then)


def is_comparable(summary: Summary, reference: Reference, basis: str) -> bool:
    """Whether both periods measured poverty by the same national standard."""
    then = reference.spans(summary.period)[basis].months[-1]
    standards = [
        reference.poverty_standard(day) for day in (reference.calendar.window(then).last_day, summary.window.last_day)
    ]
    return standards[0] == standards[1]


def poverty_change(
    book: FigureBook, summary: Summary, reference: Reference, basis: str, earlier: Markup
) -> Markup | None:
    """One sentence; nothing where there is nothing to compare with. `earlier` names the other period."""
    rates = over_common_ground(summary, basis)
    if rates is None:
        return None
    if not is_comparable(summary, reference, basis):
        return Markup("không so sánh với {} vì chuẩn nghèo đã thay đổi").format(earlier)
    entry = INDICATOR_BY_CODE[_RATE]
    now, then = rates
    moved_by = difference(book.operand(now), book.operand(then), entry.decimals, book.differences)
    if not moved_by:
        sentence = Markup("không thay đổi so với {}").format(earlier)
    else:
        moved = book.worked(
            f"{_RATE}@change_from_{basis}_pp", f"{entry.name}: mức thay đổi", Operation.DIFFERENCE, rates, "điểm %",
            entry.decimals,
        )  # fmt: skip
        sentence = Markup("{} {} điểm % so với {}").format("tăng" if moved_by > 0 else "giảm", moved, earlier)
    before, after = (
        book.worked(f"{_RATE}@{which}_same_units_{basis}", entry.name, Operation.SAME, [key], "%", entry.decimals)
        for which, key in (("earlier", then), ("period", now))
    )
    common = summary.common(basis, _RATE)
    if common.is_all:
        return sentence + Markup(" ({}%)").format(before)
    units = book.counted(f"coverage.same_households_{basis}", "đơn vị có số liệu hộ dân cả hai kỳ", sorted(common.now))
    return sentence + Markup(" (trên {} đơn vị có số liệu cả hai kỳ: từ {}% thành {}%)").format(units, before, after)
