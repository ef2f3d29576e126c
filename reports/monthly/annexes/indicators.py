"""Every indicator of the catalogue with its figures and its definition: a new entry stands here by itself."""

from itertools import groupby

from markupsafe import Markup

from domain.catalogue import INDICATORS
from domain.indicators import Basis, FigureKey, Indicator, Kind
from domain.summary import Summary
from reports.content import Cell, TableContent, TableRow
from reports.figure_book import NO_BASIS, NO_FIGURE, FigureBook
from reports.monthly.annexes.activities import mark, uncompared_note
from reports.tabulation import ColumnOf, ordinals, rows_of, tabulate, texts


def indicator_table(book: FigureBook, summary: Summary, number: int | None = None) -> TableContent:
    """One row per indicator, under the heading of its group; what has no unit of its own is shown by group of activity."""

    def figures(name: str, width: str, basis: Basis) -> ColumnOf[Indicator]:
        return ColumnOf(name, width, lambda _, entry: _figure(book, summary, entry, basis))

    columns: list[ColumnOf[Indicator]] = [
        ordinals(book, "4%"),
        texts("Chỉ tiêu", "19%", lambda entry: entry.name),
        texts("Đơn vị tính", "8%", lambda entry: entry.unit_of_measure, kind="middle"),
        figures("Trong kỳ", "8%", Basis.PERIOD),
        figures("Luỹ kế trong năm", "9%", Basis.CUMULATIVE),
        figures(f"Kỳ trước{mark(summary, Basis.PREVIOUS)}", "8%", Basis.PREVIOUS),
        figures(f"Cùng kỳ năm trước{mark(summary, Basis.SAME_LAST_YEAR)}", "9%", Basis.SAME_LAST_YEAR),
        texts("Định nghĩa", "35%", lambda entry: book.reference(entry.definition)),
    ]
    shown = [entry for entry in INDICATORS if entry.unit_of_measure]
    blanks = [Cell("", "text")] * (len(columns) - 2)
    rows: list[TableRow] = []
    for group, members in groupby(zip(shown, rows_of(columns, shown), strict=True), key=lambda pair: pair[0].group):
        heading = TableRow([Cell("", "middle"), Cell(group, "text"), *blanks], is_total=True)
        rows += [heading, *(row for _, row in members)]
    caption = book.ordinal_caption(number, "Số liệu theo chỉ tiêu")
    return tabulate(
        book,
        caption,
        columns,
        rows,
        note=Markup("Dấu …: chưa có số liệu; dấu –: không áp dụng. {}").format(uncompared_note(book, summary)),
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
