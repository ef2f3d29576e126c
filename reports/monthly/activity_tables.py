"""What the groups of activities came to: a table in the body, and one in the appendix with who benefited."""

from collections.abc import Sequence

from markupsafe import Markup

from domain import codes
from domain.indicators import FigureKey
from domain.summary import Summary
from reports.content import Cell, Column, TableContent, TableRow
from reports.figure_book import NO_BASIS, FigureBook
from reports.monthly.summary_tables import column_numbers, coverage

_OF_A_GROUP = ("activities", "hh_total", "hh_poor", "hh_nearpoor", "hh_dtts", "persons", "labour_days", "cash_vnd",
               "inkind_vnd", "value_total_vnd")  # fmt: skip


def activity_table(book: FigureBook, summary: Summary) -> TableContent:
    """What each group of activities came to, with the bases of comparison."""
    rows = []
    for number, activity in enumerate(_shown(summary), start=1):
        rows.append(
            TableRow(
                [
                    Cell(book.ordinal(number), "middle"),
                    Cell(activity.name, "text"),
                    *_activity_cells(book, summary, "activity", activity.code, for_households=activity.for_households),
                ]
            )
        )
    rows.append(TableRow([Cell("", "text"), Cell("Tổng cộng", "text"), *_activity_cells(book, summary, "", "")], True))
    columns = [
        Column("TT", "7%"),
        Column("Nhóm hoạt động", "27%"),
        Column("Lượt hoạt động", "10%"),
        Column("Lượt hộ", "9%"),
        Column("Kinh phí trong kỳ", "12%"),
        Column("Luỹ kế trong năm", "12%"),
        Column("Kỳ trước", "11%"),
        Column("Cùng kỳ năm trước", "12%"),
    ]
    return TableContent(
        Markup("Bảng {}. Kết quả theo nhóm hoạt động").format(book.ordinal(1)),
        "Đơn vị tính kinh phí: triệu đồng",
        columns,
        column_numbers(book, columns),
        rows,
        _coverage_note(book),
    )


def activity_annex(book: FigureBook, summary: Summary, number: int) -> TableContent:
    """The same groups with the households by kind, the persons, the days of labour, and what the value is made of."""
    columns = [
        Column("TT", "4%"),
        Column("Nhóm hoạt động", "24%"),
        Column("Lượt hoạt động", "7%"),
        Column("Lượt hộ", "7%"),
        Column("Hộ nghèo", "7%"),
        Column("Hộ cận nghèo", "7%"),
        Column("Hộ DTTS", "7%"),
        Column("Lượt người", "7%"),
        Column("Ngày công", "7%"),
        Column("Tiền mặt", "7%"),
        Column("Hiện vật quy đổi", "8%"),
        Column("Kinh phí trong kỳ", "8%"),
    ]

    def cells(dimension: str, member: str) -> list[Cell]:
        return [
            Cell(book.measure(each, "period", dimension, member, absent=NO_BASIS), "number") for each in _OF_A_GROUP
        ]

    rows = [
        TableRow([Cell(book.ordinal(place), "middle"), Cell(each.name, "text"), *cells("activity", each.code)])
        for place, each in enumerate(_shown(summary), start=1)
    ]
    rows.append(TableRow([Cell("", "text"), Cell("Tổng cộng", "text"), *cells("", "")], True))
    return TableContent(
        book.ordinal_caption(number, "Kết quả trong kỳ theo nhóm hoạt động"),
        "Đơn vị tính kinh phí: triệu đồng",
        columns,
        column_numbers(book, columns),
        rows,
        "Một hộ được hỗ trợ nhiều lần tính bấy nhiêu lượt; một hộ có thể vừa là hộ nghèo vừa là hộ DTTS.",
    )


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


def _activity_cells(
    book: FigureBook, summary: Summary, dimension: str, member: str, *, for_households: bool = True
) -> list[Cell]:
    measures = (
        ("activities", "period"),
        ("hh_total", "period"),
        ("value_total_vnd", "period"),
        ("value_total_vnd", "cumulative"),
        ("value_total_vnd", "previous"),
        ("value_total_vnd", "same_last_year"),
    )
    has_households = for_households or bool(summary.value(FigureKey("hh_total", "period", dimension, member)))
    return [
        Cell(book.measure(indicator, basis, dimension, member, absent=NO_BASIS), "number")
        if indicator != "hh_total" or has_households
        else Cell(NO_BASIS, "number")
        for indicator, basis in measures
    ]


def _coverage_note(book: FigureBook) -> Markup:
    told = []
    for basis, words in (("previous", "kỳ trước"), ("same_last_year", "cùng kỳ năm trước")):
        received, expected = (book.reports(each, basis) for each in ("reports_received", "reports_expected"))
        told.append(Markup("{} {}/{}").format(words, received, expected))
    return Markup("Báo cáo được tính: kỳ này {}; {}. Dấu –: không áp dụng hoặc không có số liệu.").format(
        coverage(book), Markup("; ").join(told)
    )
