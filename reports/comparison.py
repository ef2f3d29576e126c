"""Puts a change into words: increase, decrease, unchanged, or no basis for comparison."""

from decimal import Decimal

from markupsafe import Markup

from domain.comparison import compared, relative_change_pct
from domain.indicators import INDICATOR_BY_CODE, Basis
from domain.summary import COMPARED, Common, Summary
from reports.figure_book import FigureBook


def change_in_words(book: FigureBook, summary: Summary, indicator: str, basis: str, earlier_words: Markup) -> Markup:
    """How a flow changed, over the ground that reported in both periods; by the one policy of rounding.

    Where units are missing from either period, or others reported the same ground, the sentence says so.
    """
    common = summary.common(basis)
    entry = INDICATOR_BY_CODE[indicator]
    now = summary.over_units(indicator, COMPARED[Basis(basis)], common.now)
    then = summary.over_units(indicator, basis, common.then)
    if now is None or then is None:
        return Markup("không có cơ sở so sánh với {}").format(earlier_words)
    now, then = (compared(value / entry.printed_per, entry.decimals, book.differences) for value in (now, then))
    change = relative_change_pct(now, then)
    if now == then:
        sentence = Markup("không thay đổi so với {}").format(earlier_words)
    elif change is None:
        sentence = Markup("{} không phát sinh").format(earlier_words)
    else:
        percent = book.derived(
            f"{indicator}@change_from_{basis}_pct", f"{entry.name}: mức thay đổi", abs(change), "%", 1,
            numerator=abs(now - then), denominator=then,
        )  # fmt: skip
        verb = "tăng" if now > then else "giảm"
        sentence = Markup("{} {}% so với {}").format(verb, percent, earlier_words)
    return sentence if common.is_all else sentence + _restriction(book, common, indicator, basis, now, then)


def _restriction(book: FigureBook, common: Common, indicator: str, basis: str, now: Decimal, then: Decimal) -> Markup:
    entry = INDICATOR_BY_CODE[indicator]
    units = book.counted(f"coverage.same_units_{basis}", "đơn vị có báo cáo cả hai kỳ", len(common.now))
    over = Markup("{} đơn vị có báo cáo cả hai kỳ").format(units)
    if common.is_reorganised:
        over = Markup(
            "địa bàn Gia Lai cũ gồm {} đơn vị hiện nay, trước là {} đơn vị; phần thuộc Bình Định cũ không so sánh được"
        ).format(units, book.counted(f"coverage.same_ground_{basis}", "đơn vị cũ của cùng địa bàn", len(common.then)))
    before, after = (
        book.derived(
            f"{indicator}@{which}_same_units_{basis}", entry.name, value, entry.unit_of_measure, entry.decimals
        )
        for which, value in (("earlier", then), ("period", now))
    )
    if now == then:
        return Markup(" (tính trên {})").format(over)
    return Markup(" (tính trên {}: từ {} thành {} {})").format(over, before, after, entry.unit_of_measure)
