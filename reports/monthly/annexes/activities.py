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
from reports.monthly.tet_results import has_gifts
from reports.tabulation import IN_MILLIONS, ColumnOf, figures_by, ordinals, rows_of, tabulate, texts, total_row


def activity_table(book: FigureBook, summary: Summary) -> TableContent:
    """What each group of activities came to, what of it is under way, and the bases of comparison, marked where they differ."""
    figures = figures_by(book, "activity", lambda activity: activity.code)
    households = figures("Lượt hộ", "8%", "hh_total")

    def households_of(place: int, activity: codes.Activity) -> Cell:
        return _households(households, summary, place, activity)

    marks = {basis: mark(summary, basis) for basis in ("previous", "same_last_year")}
    columns: list[ColumnOf[codes.Activity]] = [
        ordinals(book, "4%"),
        texts("Nhóm hoạt động", "35%", lambda activity: activity.name, total="Tổng cộng"),
        figures("Lượt hoàn thành", "8%", "activities"),
        replace(households, cell=households_of),
        figures("Kinh phí", "9%", "value_total_vnd"),
        figures("Trong đó đang làm", "8%", "under_way_value_vnd"),
        figures("Lũy kế năm", "10%", "value_total_vnd", "cumulative"),
        figures(f"Kỳ trước{marks['previous']}", "9%", "value_total_vnd", "previous"),
        figures(f"Cùng kỳ{marks['same_last_year']}", "9%", "value_total_vnd", "same_last_year"),
    ]
    rows = [*rows_of(columns, _shown(summary)), total_row(columns)]
    caption = book.ordinal_caption(1, "Kết quả theo nhóm hoạt động")
    return tabulate(book, caption, columns, rows, IN_MILLIONS, _coverage_note(book, summary))


def _households(column: ColumnOf[codes.Activity], summary: Summary, place: int, activity: codes.Activity) -> Cell:
    """The households reached; no figure where a group is not for households and reached none."""
    reached = summary.value(FigureKey("hh_total", "period", "activity", activity.code))
    return column.cell(place, activity) if activity.for_households or reached else Cell(NO_BASIS, "number")


def beneficiary_table(book: FigureBook, summary: Summary, number: int) -> TableContent:
    """For whom each group of activities was: households by kind, persons, days of labour."""
    figures = figures_by(book, "activity", lambda activity: activity.code)
    households = (
        ("Lượt hộ", "hh_total"),
        ("Hộ nghèo", "hh_poor"),
        ("Hộ cận nghèo", "hh_nearpoor"),
        ("Hộ DTTS", "hh_dtts"),
    )
    columns: list[ColumnOf[codes.Activity]] = [
        ordinals(book, "5%"),
        texts("Nhóm hoạt động", "39%", lambda activity: activity.name, total="Tổng cộng"),
        figures("Lượt hoàn thành", "8%", "activities"),
        *(_of_households(figures(name, "8%", indicator), summary) for name, indicator in households),
        _only_where_any(figures("Lượt người", "8%", "persons"), summary, "persons"),
        _only_where_any(figures("Ngày công", "8%", "labour_days"), summary, "labour_days"),
    ]
    rows = [*rows_of(columns, _shown(summary)), total_row(columns)]
    note = "Một hộ được hỗ trợ nhiều lần tính bấy nhiêu lượt; một hộ có thể vừa là hộ nghèo vừa là hộ DTTS."
    return tabulate(
        book, book.ordinal_caption(number, "Đối tượng được hỗ trợ theo nhóm hoạt động"), columns, rows, note=note
    )


def activity_annex(book: FigureBook, summary: Summary, number: int | None = None) -> TableContent:
    """The same groups with the households by kind, the persons, the days of labour, and what the value is made of."""
    figures = figures_by(book, "activity", lambda activity: activity.code)
    columns: list[ColumnOf[codes.Activity]] = [
        ordinals(book, "4%"),
        texts("Nhóm hoạt động", "16%", lambda activity: activity.name, total="Tổng cộng"),
        figures("Lượt hoạt động", "7%", "activities"),
        *(
            _of_households(figures(name, "7%", indicator), summary)
            for name, indicator in (
                ("Lượt hộ", "hh_total"),
                ("Hộ nghèo", "hh_poor"),
                ("Hộ cận nghèo", "hh_nearpoor"),
                ("Hộ DTTS", "hh_dtts"),
            )
        ),
        _only_where_any(figures("Lượt người", "7%", "persons"), summary, "persons"),
        _only_where_any(figures("Ngày công", "7%", "labour_days"), summary, "labour_days"),
        figures("Tiền mặt", "7%", "cash_vnd"),
        figures("Hiện vật quy đổi", "8%", "inkind_vnd"),
        figures("Kinh phí trong kỳ", "8%", "value_total_vnd"),
        figures("Trong đó đang làm", "8%", "under_way_value_vnd"),
    ]
    rows = [*rows_of(columns, _shown(summary)), total_row(columns)]
    caption = book.ordinal_caption(number, "Kết quả trong kỳ theo nhóm hoạt động")
    note = "Một hộ được hỗ trợ nhiều lần tính bấy nhiêu lượt; một hộ có thể vừa là hộ nghèo vừa là hộ DTTS."
    return tabulate(book, caption, columns, rows, IN_MILLIONS, note)


def _of_households(column: ColumnOf[codes.Activity], summary: Summary) -> ColumnOf[codes.Activity]:
    return replace(column, cell=lambda place, activity: _households(column, summary, place, activity))


def _only_where_any(column: ColumnOf[codes.Activity], summary: Summary, indicator: str) -> ColumnOf[codes.Activity]:
    """The column, with no figure where a group is not counted so and has nothing of it."""

    def cell(place: int, activity: codes.Activity) -> Cell:
        found = summary.value(FigureKey(indicator, "period", "activity", activity.code))
        is_asked = activity.for_persons if indicator == "persons" else activity.code == "NTM"
        return column.cell(place, activity) if found or is_asked else Cell(NO_BASIS, "number")

    return replace(column, cell=cell)


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


def mark(summary: Summary, basis: str) -> str:
    """Beside the heading of a column that is not of the same units as the period."""
    return "" if summary.common(basis).is_all else " (*)"


def uncompared_note(book: FigureBook, summary: Summary) -> Markup:
    """What the mark means; nothing where nothing is marked."""
    if not any(mark(summary, basis) for basis in ("previous", "same_last_year")):
        return Markup("")
    earlier = [
        Markup("{} {}").format(name, coverage(book, basis))
        for basis, name in (("previous", "kỳ trước"), ("same_last_year", "cùng kỳ"))
    ]
    return Markup(
        "(*) Không cùng đơn vị hoặc chưa đủ báo cáo (kỳ này {} báo cáo; {}): không so sánh trực tiếp với kỳ này."
    ).format(coverage(book), Markup("; ").join(earlier))


def _coverage_note(book: FigureBook, summary: Summary) -> Markup:
    notes = [Markup("Dấu –: không áp dụng hoặc không có số liệu."), uncompared_note(book, summary)]
    if has_gifts(summary):
        notes.append(Markup("Quà Tết rơi vào các tháng khác nhau từng năm: chỉ so Tết với Tết."))
    return Markup(" ").join(note for note in notes if note)
