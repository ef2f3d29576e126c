"""What the groups of activities came to: a table in the body, and one in the appendix with who benefited."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from domain import codes
from domain.indicators import FigureKey
from domain.summary import Summary
from reports.content import Cell, TableContent
from reports.figure_book import NO_BASIS, FigureBook
from reports.monthly.annexes.units import coverage
from reports.tabulation import IN_MILLIONS, ColumnOf, figures_by, ordinals, rows_of, tabulate, texts, total_row


def activity_table(book: FigureBook, summary: Summary) -> TableContent:
    """What each group of activities came to, with the bases of comparison."""
    figures = figures_by(book, "activity", lambda activity: activity.code)
    households = figures("Lượt hộ", "9%", "hh_total")

    def households_of(place: int, activity: codes.Activity) -> Cell:
        """The households reached; no figure where a group is not for households and reached none."""
        reached = summary.value(FigureKey("hh_total", "period", "activity", activity.code))
        return households.cell(place, activity) if activity.for_households or reached else Cell(NO_BASIS, "number")

    columns: list[ColumnOf[codes.Activity]] = [
        ordinals(book, "7%"),
        texts("Nhóm hoạt động", "27%", lambda activity: activity.name, total="Tổng cộng"),
        figures("Lượt hoạt động", "10%", "activities"),
        replace(households, cell=households_of),
        figures("Kinh phí trong kỳ", "12%", "value_total_vnd"),
        figures("Luỹ kế trong năm", "12%", "value_total_vnd", "cumulative"),
        figures("Kỳ trước", "11%", "value_total_vnd", "previous"),
        figures("Cùng kỳ năm trước", "12%", "value_total_vnd", "same_last_year"),
    ]
    rows = [*rows_of(columns, _shown(summary)), total_row(columns)]
    caption = book.ordinal_caption(1, "Kết quả theo nhóm hoạt động")
    return tabulate(book, caption, columns, rows, IN_MILLIONS, _coverage_note(book))


def activity_annex(book: FigureBook, summary: Summary, number: int) -> TableContent:
    """The same groups with the households by kind, the persons, the days of labour, and what the value is made of."""
    figures = figures_by(book, "activity", lambda activity: activity.code)
    columns: list[ColumnOf[codes.Activity]] = [
        ordinals(book, "4%"),
        texts("Nhóm hoạt động", "24%", lambda activity: activity.name, total="Tổng cộng"),
        figures("Lượt hoạt động", "7%", "activities"),
        figures("Lượt hộ", "7%", "hh_total"),
        figures("Hộ nghèo", "7%", "hh_poor"),
        figures("Hộ cận nghèo", "7%", "hh_nearpoor"),
        figures("Hộ DTTS", "7%", "hh_dtts"),
        figures("Lượt người", "7%", "persons"),
        figures("Ngày công", "7%", "labour_days"),
        figures("Tiền mặt", "7%", "cash_vnd"),
        figures("Hiện vật quy đổi", "8%", "inkind_vnd"),
        figures("Kinh phí trong kỳ", "8%", "value_total_vnd"),
    ]
    rows = [*rows_of(columns, _shown(summary)), total_row(columns)]
    caption = book.ordinal_caption(number, "Kết quả trong kỳ theo nhóm hoạt động")
    note = "Một hộ được hỗ trợ nhiều lần tính bấy nhiêu lượt; một hộ có thể vừa là hộ nghèo vừa là hộ DTTS."
    return tabulate(book, caption, columns, rows, IN_MILLIONS, note)


def _shown(summary: Summary) -> Sequence[codes.Activity]:
    """The groups with results in the period or in what it is compared with."""
    return [
        activity
        for activity in codes.ACTIVITIES
        if any(
            summary.value(FigureKey(indicator, basis, "activity", activity.code))
            for indicator in ("activities", "value_total_vnd")
            for basis in ("period", "cumulative", "previous", "same_last_year")
        )
    ]


def _coverage_note(book: FigureBook) -> Markup:
    earlier = [
        Markup("{} {}").format(name, coverage(book, basis))
        for basis, name in (("previous", "kỳ trước"), ("same_last_year", "cùng kỳ năm trước"))
    ]
    return Markup("Báo cáo được tính: kỳ này {}; {}. Dấu –: không áp dụng hoặc không có số liệu.").format(
        coverage(book), Markup("; ").join(earlier)
    )
