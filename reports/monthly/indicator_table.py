"""Every indicator of the catalogue with its figures and its definition: a new entry stands here by itself."""

from domain.catalogue import INDICATORS
from domain.indicators import Basis, FigureKey, Indicator, Kind
from domain.summary import Summary
from reports.content import Cell, Column, TableContent, TableRow
from reports.figure_book import NO_BASIS, NO_FIGURE, FigureBook
from reports.monthly.summary_tables import column_numbers

_SHOWN = (Basis.PERIOD, Basis.CUMULATIVE, Basis.PREVIOUS, Basis.SAME_LAST_YEAR)


def indicator_table(book: FigureBook, summary: Summary, number: int) -> TableContent:
    """One row per indicator, under the heading of its group; what has no unit of its own is shown by group of activity."""
    columns = [
        Column("TT", "4%"),
        Column("Chỉ tiêu", "19%"),
        Column("Đơn vị tính", "8%"),
        Column("Trong kỳ", "8%"),
        Column("Luỹ kế trong năm", "9%"),
        Column("Kỳ trước", "8%"),
        Column("Cùng kỳ năm trước", "9%"),
        Column("Định nghĩa", "35%"),
    ]
    rows: list[TableRow] = []
    group = ""
    shown = [entry for entry in INDICATORS if entry.unit_of_measure]
    for place, entry in enumerate(shown, start=1):
        if entry.group != group:
            group = entry.group
            rows.append(TableRow([Cell("", "middle"), Cell(group, "text"), *([Cell("", "text")] * 6)], True))
        rows.append(
            TableRow(
                [
                    Cell(book.ordinal(place), "middle"),
                    Cell(entry.name, "text"),
                    Cell(entry.unit_of_measure, "middle"),
                    *(_figure(book, summary, entry, basis) for basis in _SHOWN),
                    Cell(book.reference(entry.definition), "text"),
                ]
            )
        )
    return TableContent(
        book.ordinal_caption(number, "Số liệu theo chỉ tiêu"),
        "",
        columns,
        column_numbers(book, columns),
        rows,
        "Dấu …: chưa có số liệu; dấu –: không áp dụng.",
    )


def _figure(book: FigureBook, summary: Summary, entry: Indicator, basis: Basis) -> Cell:
    """A stock is not cumulated; what nobody was asked for then is not missing."""
    if basis is Basis.CUMULATIVE and entry.kind in (Kind.STOCK, Kind.OPENING):
        return Cell(NO_BASIS, "number")
    key = FigureKey(entry.code, basis)
    if summary.value(key) is None:
        is_missing = basis is Basis.PERIOD and summary.was_asked(key)
        return Cell(NO_FIGURE if is_missing else NO_BASIS, "absent")
    return Cell(book.measure(entry.code, basis), "number")
