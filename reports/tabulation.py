"""Tables as lists of columns: a column knows its heading, its cell of each row, and its cell of the total row."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from markupsafe import Markup

from reports.content import Cell, Column, TableContent, TableRow
from reports.figure_book import NO_BASIS, FigureBook

T = TypeVar("T")
IN_MILLIONS = "Đơn vị tính kinh phí: triệu đồng"
"""The measure of a table with money in it."""


def _blank() -> Cell:
    return Cell("", "text")


@dataclass(frozen=True, slots=True)
class ColumnOf(Generic[T]):
    """A column of a table that has one row for each T."""

    name: str
    width: str
    cell: Callable[[int, T], Cell]
    """Its cell in a row, from the row's number and subject."""
    total: Callable[[], Cell] = _blank


def ordinals(book: FigureBook, width: str) -> ColumnOf[Any]:
    """The numbers of the rows."""
    return ColumnOf("TT", width, lambda place, _: Cell(book.ordinal(place), "middle"))


def texts(name: str, width: str, text: Callable[[T], Markup | str], total: str = "", kind: str = "text") -> ColumnOf[T]:
    """A text from each row's subject, and a fixed one in the total row; `kind` is that of the rows' cells."""
    return ColumnOf(name, width, lambda _, subject: Cell(text(subject), kind), lambda: Cell(total, "text"))


def figures_by(
    book: FigureBook, dimension: str, member: Callable[[Any], str], absent_kind: str = "number"
) -> Callable[..., ColumnOf[Any]]:
    """A maker of columns from name, width, indicator and basis (default: the period).

    Each row has the figure of its member of the dimension, the total row that of all; `absent_kind` is the kind of the
    cells without one.
    """

    def column(name: str, width: str, indicator: str, basis: str = "period") -> ColumnOf[Any]:
        def cell(dimension: str = "", member: str = "") -> Cell:
            text = book.measure(indicator, basis, dimension, member, absent=NO_BASIS)
            return Cell(text, absent_kind if text == NO_BASIS else "number")

        return ColumnOf(name, width, lambda _, subject: cell(dimension, member(subject)), cell)

    return column


def rows_of(columns: Sequence[ColumnOf[T]], subjects: Iterable[T]) -> list[TableRow]:
    """A row for each subject; figures are placed row by row, from left to right."""
    return [
        TableRow([column.cell(place, subject) for column in columns]) for place, subject in enumerate(subjects, start=1)
    ]


def total_row(columns: Sequence[ColumnOf[T]]) -> TableRow:
    """The row of totals."""
    return TableRow([column.total() for column in columns], is_total=True)


def tabulate(
    book: FigureBook,
    caption: Markup | str,
    columns: Sequence[ColumnOf[T]],
    rows: Sequence[TableRow],
    measure: str = "",
    note: Markup | str = "",
) -> TableContent:
    """The table of these rows under the columns' headings and numbers.

    Args:
        book: where the columns' numbers are placed.
        caption: what stands above it.
        columns: those that the rows were made from.
        rows: with the total row, where there is one.
        measure: the unit of measure of the whole table, as a sentence.
        note: what stands below it.
    """
    return TableContent(
        caption,
        measure,
        [Column(column.name, column.width) for column in columns],
        [book.ordinal(number) for number in range(1, len(columns) + 1)],
        rows,
        note,
    )
