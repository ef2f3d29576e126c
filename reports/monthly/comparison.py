"""A change as a sentence: increase, decrease, unchanged, or no basis for comparison."""

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.coverage import COMPARED
from domain.indicators import Basis, FigureKey
from domain.summary import Common, Summary
from domain.workings import Operation
from reports.figure_book import FigureBook


def change_in_words(
    book: FigureBook, summary: Summary, indicator: str, basis: str, earlier_words: Markup, *, briefly: bool = False
) -> Markup:
    """How a flow changed between two periods, over the units or territory that reported in both.

    Where that is not the whole province the sentence ends with the restriction: in full, or `briefly` in two words.
    Differences follow the book's policy of rounding.
    """
    common, entry = summary.common(basis), INDICATOR_BY_CODE[indicator]
    after = FigureKey.over(indicator, COMPARED[Basis(basis)], common.now)
    before = FigureKey.over(indicator, basis, common.then)
    if summary.value(after) is None or summary.value(before) is None:
        return Markup("không có cơ sở so sánh với {}").format(earlier_words)
    now, then = book.operand(after), book.operand(before)
    if now == then:
        sentence = Markup("không thay đổi so với {}").format(earlier_words)
    elif not then:
        sentence = Markup("{} không phát sinh").format(earlier_words)
    else:
        percent = book.worked(
            f"{indicator}@change_from_{basis}_pct", f"{entry.name}: mức thay đổi", Operation.CHANGE_PCT,
            [after, before], "%", 1,
        )  # fmt: skip
        verb = "tăng" if now > then else "giảm"
        sentence = Markup("{} {}% so với {}").format(verb, percent, earlier_words)
    if common.is_all:
        return sentence
    return sentence + (Markup(" (cùng đơn vị)") if briefly else _restriction(book, common, basis, after, before))


def _restriction(book: FigureBook, common: Common, basis: str, after: FigureKey, before: FigureKey) -> Markup:
    entry = INDICATOR_BY_CODE[after.indicator]
    units = book.counted(f"coverage.same_units_{basis}", "đơn vị có báo cáo cả hai kỳ", sorted(common.now))
    over = Markup("{} đơn vị có báo cáo cả hai kỳ").format(units)
    if common.is_reorganised:
        over = Markup(
            "địa bàn Gia Lai cũ gồm {} đơn vị hiện nay, trước là {} đơn vị; phần thuộc Bình Định cũ không so sánh được"
        ).format(
            units,
            book.counted(f"coverage.same_ground_{basis}", "đơn vị cũ của cùng địa bàn", sorted(common.then)),
        )
    if book.operand(after) == book.operand(before):
        return Markup(" (tính trên {})").format(over)
    earlier, now = (
        book.worked(
            f"{entry.code}@{which}_same_units_{basis}", entry.name, Operation.SAME, [key], entry.unit_of_measure,
            entry.decimals,
        )
        for which, key in (("earlier", before), ("period", after))
    )  # fmt: skip
    return Markup(" (tính trên {}: từ {} thành {} {})").format(over, earlier, now, entry.unit_of_measure)
