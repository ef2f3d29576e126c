from typing import Any

from markupsafe import Markup

from reports.content import Cell
from reports.tabulation import figures_by, ordinals, rows_of, tabulate, texts, total_row


class Book:
    """A figure book that knows the households of one village and of the province."""

    known = {("village", "A"): "12", ("", ""): "30"}

    def measure(self, indicator: str, basis: str, dimension: str, member: str, absent: str) -> Markup:
        return Markup(self.known.get((dimension, member), absent))

    def ordinal(self, number: int) -> Markup:
        return Markup(number)


def columns(**how: str) -> list[Any]:
    book: Any = Book()
    figures = figures_by(book, "village", lambda village: village, **how)
    return [
        ordinals(book, "10%"),
        texts("Làng", "60%", lambda village: f"làng {village}", total="Cộng"),
        figures("Số hộ", "30%", "households"),
    ]


def test_a_row_has_the_cell_of_each_column() -> None:
    [row] = rows_of(columns(), ["A"])
    assert row.cells == [Cell(Markup("1"), "middle"), Cell("làng A", "text"), Cell(Markup("12"), "number")]


def test_the_total_row_has_the_figure_of_all() -> None:
    row = total_row(columns())
    assert row.is_total
    assert row.cells == [Cell("", "text"), Cell("Cộng", "text"), Cell(Markup("30"), "number")]


def test_a_cell_without_a_figure_may_say_so_by_its_kind() -> None:
    kinds = [rows_of(columns(**how), ["B"])[0].cells[2].kind for how in ({}, {"absent_kind": "absent"})]
    assert kinds == ["number", "absent"]


def test_every_column_has_its_heading_and_number() -> None:
    book: Any = Book()
    table = tabulate(book, "Bảng", columns(), [], note="Ghi chú")
    assert [column.name for column in table.columns] == ["TT", "Làng", "Số hộ"]
    assert table.numbers == ["1", "2", "3"]
    assert (table.caption, table.measure, table.note) == ("Bảng", "", "Ghi chú")
