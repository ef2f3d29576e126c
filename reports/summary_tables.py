"""The tables of the monthly report: by activity, by unit, and the units to follow up."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from domain import codes
from domain.indicators import FigureKey
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


def activity_table(book: FigureBook, summary: Summary) -> TableContent:
    """What each group of activities came to, with the bases of comparison."""
    rows = []
    shown = [
        activity
        for activity in codes.ACTIVITIES
        if any(
            summary.value(FigureKey(indicator, basis, "activity", activity.code))
            for indicator in ("activities", "value_total_vnd")
            for basis in ("period", "cumulative", "previous", "same_last_year")
        )
    ]
    for number, activity in enumerate(shown, start=1):
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


def column_numbers(book: FigureBook, columns: Sequence[Column]) -> list[Markup]:
    """The row of column numbers under a heading."""
    return [book.ordinal(number) for number in range(1, len(columns) + 1)]


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
