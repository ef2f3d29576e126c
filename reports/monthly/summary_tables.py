"""The tables of units: their figures and states, and those to follow up."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from domain.quality import ExplanationRecord
from domain.summary import Summary, UnitState
from domain.units import Region
from reports.content import Cell, Column, TableContent, TableRow
from reports.figure_book import NO_BASIS, NO_FIGURE, FigureBook

_REGION_WORDS = {Region.WEST: "Tây", Region.EAST: "Đông"}
_UNIT_MEASURES = (
    ("activities", "period"),
    ("hh_total", "period"),
    ("value_total_vnd", "period"),
    ("value_total_vnd", "cumulative"),
    ("villages_active", "period"),
    ("villages_reported", "period"),
    ("poor_households", "period"),
    ("poverty_rate_pct", "period"),
)


def coverage(book: FigureBook) -> Markup:
    """Accepted reports out of those expected: 15/17."""
    return Markup("{}/{}").format(book.reports("reports_received"), book.reports("reports_expected"))


def column_numbers(book: FigureBook, columns: Sequence[Column]) -> list[Markup]:
    """The row of column numbers under a heading."""
    return [book.ordinal(number) for number in range(1, len(columns) + 1)]


def unit_table(book: FigureBook, summary: Summary) -> TableContent:
    """Every expected unit with its figures and its state."""
    columns = [
        Column("TT", "4%"),
        Column("Đơn vị", "17%"),
        Column("Khu vực", "5%"),
        Column("Lượt hoạt động", "7%"),
        Column("Lượt hộ", "7%"),
        Column("Kinh phí trong kỳ", "9%"),
        Column("Luỹ kế trong năm", "9%"),
        Column("Làng có hoạt động", "7%"),
        Column("Số làng", "6%"),
        Column("Hộ nghèo", "7%"),
        Column("Tỷ lệ hộ nghèo (%)", "7%"),
        Column("Tình trạng", "15%"),
    ]
    notes = _footnotes(summary)
    rows = [_unit_row(book, number, state, notes) for number, state in enumerate(summary.units, start=1)]
    measures = [Cell(book.measure(*measure, absent=NO_BASIS), "number") for measure in _UNIT_MEASURES]
    rows.append(
        TableRow(
            [
                Cell("", "text"),
                Cell("Tổng cộng", "text"),
                Cell("", "text"),
                *measures,
                Cell(Markup("{} báo cáo").format(coverage(book)), "text"),
            ],
            True,
        )
    )
    return TableContent(
        Markup("Bảng {}. Kết quả chi tiết theo đơn vị").format(book.ordinal(2)),
        "Đơn vị tính kinh phí: triệu đồng",
        columns,
        column_numbers(book, columns),
        rows,
        Markup("Dấu … : đơn vị chưa có số liệu được chấp nhận, không phải là không.") + _told(book, notes),
    )


def _footnotes(summary: Summary) -> dict[tuple[str, str], tuple[int, ExplanationRecord]]:
    """What units explained about figures of this table, numbered in the order in which they stand there."""
    by_figure: dict[tuple[str, str], ExplanationRecord] = {}
    for each in summary.quality.explanations:
        indicator = each.question.split("/")[2]
        by_figure.setdefault((each.unit_code, indicator), each)
    shown = dict.fromkeys(
        (state.unit.code, indicator)
        for state in summary.units
        for indicator, basis in _UNIT_MEASURES
        if basis == "period"
    )
    told = [(place, by_figure[place]) for place in shown if place in by_figure]
    return {place: (number, each) for number, (place, each) in enumerate(told, start=1)}


def _told(book: FigureBook, notes: Mapping[tuple[str, str], tuple[int, ExplanationRecord]]) -> Markup:
    return Markup("").join(
        Markup(" ({}) {} ({}).").format(
            book.ordinal(number), book.reference(each.text.rstrip(".")), book.reference(each.explained_by)
        )
        for number, each in notes.values()
    )


def _unit_row(
    book: FigureBook, number: int, state: UnitState, notes: Mapping[tuple[str, str], tuple[int, ExplanationRecord]]
) -> TableRow:
    code = state.unit.code
    cells = []
    for indicator, basis in _UNIT_MEASURES:
        known = state.is_counted or basis == "cumulative"
        text = book.measure(indicator, basis, "unit", code) if known else Markup(NO_FIGURE)
        kind = "absent" if text == NO_FIGURE else "number"
        note = notes.get((code, indicator)) if basis == "period" else None
        cells.append(Cell(text + Markup(" ({})").format(book.ordinal(note[0])) if note else text, kind))
    words = state.words
    if any(letter.isdigit() for letter in words):
        words = book.words(f"state.{code}", "tình trạng báo cáo", words)
    return TableRow(
        [
            Cell(book.ordinal(number), "middle"),
            Cell(state.unit.name, "text"),
            Cell(_REGION_WORDS[state.unit.region], "middle"),
            *cells,
            Cell(words, "text"),
        ]
    )


def follow_up_table(book: FigureBook, states: Sequence[UnitState]) -> TableContent:
    """The units that are late, missing, rejected or nil, each once."""
    columns = [
        Column("TT", "6%"),
        Column("Đơn vị", "40%"),
        Column("Tình trạng", "29%"),
        Column("Thời điểm nhận", "25%"),
    ]
    rows = []
    for number, state in enumerate(dict.fromkeys(states), start=1):
        code = state.unit.code
        words = book.words(f"state.{code}", "tình trạng báo cáo", state.words)
        received = (
            book.moment(f"received.{code}", "thời điểm nhận", state.received_at) if state.received_at else NO_BASIS
        )
        rows.append(
            TableRow(
                [
                    Cell(book.ordinal(number), "middle"),
                    Cell(state.unit.name, "text"),
                    Cell(words, "text"),
                    Cell(received, "middle"),
                ]
            )
        )
    return TableContent(
        Markup("Bảng {}. Các đơn vị cần theo dõi").format(book.ordinal(3)),
        "",
        columns,
        column_numbers(book, columns),
        rows,
    )
