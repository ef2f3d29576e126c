"""Puts a change into words: increase, decrease, unchanged, or no basis for comparison."""

from decimal import Decimal

from markupsafe import Markup

from domain import wording
from domain.indicators import INDICATOR_BY_CODE
from domain.summary import Summary
from reports.figure_book import FigureBook


def change_in_words(book: FigureBook, summary: Summary, indicator: str, basis: str, earlier_words: Markup) -> Markup:
    """How a flow changed, over the units that are in both periods; differences are those of the printed values.

    Where units are missing from either period the sentence says over how many it speaks.
    """
    common = summary.same_units(basis)
    entry = INDICATOR_BY_CODE[indicator]
    now, then = (summary.over_units(indicator, each, common) for each in ("period", basis))
    if not common or now is None or then is None:
        return Markup("không có cơ sở so sánh với {}").format(earlier_words)
    now, then = (wording.rounded(value / entry.printed_per, entry.decimals) for value in (now, then))
    if now == then:
        sentence = Markup("không thay đổi so với {}").format(earlier_words)
    elif then == 0:
        sentence = Markup("{} không phát sinh").format(earlier_words)
    else:
        change = 100 * abs(now - then) / then
        percent = book.derived(
            f"{indicator}@change_from_{basis}_pct", f"{entry.name}: mức thay đổi", change, "%", 1,
            numerator=abs(now - then), denominator=then,
        )  # fmt: skip
        verb = "tăng" if now > then else "giảm"
        sentence = Markup("{} {}% so với {}").format(verb, percent, earlier_words)
    return sentence + _restriction(book, summary, indicator, basis, now, then)


def _restriction(book: FigureBook, summary: Summary, indicator: str, basis: str, now: Decimal, then: Decimal) -> Markup:
    common = summary.same_units(basis)
    if common == summary.reporting["period"] == summary.reporting[basis]:
        return Markup("")
    entry = INDICATOR_BY_CODE[indicator]
    units = book.counted(f"coverage.same_units_{basis}", "đơn vị có báo cáo cả hai kỳ", len(common))
    before, after = (
        book.derived(
            f"{indicator}@{which}_same_units_{basis}", entry.name, value, entry.unit_of_measure, entry.decimals
        )
        for which, value in (("earlier", then), ("period", now))
    )
    if now == then:
        return Markup(" (tính trên {} đơn vị có báo cáo cả hai kỳ)").format(units)
    return Markup(" (tính trên {} đơn vị có báo cáo cả hai kỳ: từ {} thành {} {})").format(
        units, before, after, entry.unit_of_measure
    )
