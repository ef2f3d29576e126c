"""The tables of units: their figures and states, and those to follow up."""

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from domain.quality import ExplanationRecord
from domain.summary import Summary, UnitState
from domain.units import Region
from reports.content import Cell, TableContent
from reports.figure_book import NO_BASIS, NO_FIGURE, FigureBook
from reports.tabulation import IN_MILLIONS, ColumnOf, ordinals, rows_of, tabulate, texts, total_row

_REGION_NAMES = {Region.WEST: "Tây", Region.EAST: "Đông"}


def coverage(book: FigureBook, basis: str = "period") -> Markup:
    """Accepted reports out of those expected: 15/17."""
    return Markup("{}/{}").format(book.reports("reports_received", basis), book.reports("reports_expected", basis))


def unit_table(book: FigureBook, summary: Summary) -> TableContent:
    """Every expected unit with its figures and its state."""
    footnotes: list[ExplanationRecord] = []
    figures = _figures(book, _explanations(summary), footnotes)
    columns: list[ColumnOf[UnitState]] = [
        ordinals(book, "4%"),
        texts("Đơn vị", "17%", lambda state: state.unit.name, total="Tổng cộng"),
        texts("Khu vực", "5%", lambda state: _REGION_NAMES[state.unit.region], kind="middle"),
        figures("Lượt hoạt động", "7%", "activities"),
        figures("Lượt hộ", "7%", "hh_total"),
        figures("Kinh phí trong kỳ", "9%", "value_total_vnd"),
        figures("Luỹ kế trong năm", "9%", "value_total_vnd", "cumulative"),
        figures("Làng có hoạt động", "7%", "villages_active"),
        figures("Số làng", "6%", "villages_reported"),
        figures("Hộ nghèo", "7%", "poor_households"),
        figures("Tỷ lệ hộ nghèo (%)", "7%", "poverty_rate_pct"),
        ColumnOf(
            "Tình trạng",
            "15%",
            lambda _, state: Cell(_state_phrase(book, state), "text"),
            lambda: Cell(Markup("{} báo cáo").format(coverage(book)), "text"),
        ),
    ]
    rows = [*rows_of(columns, summary.units), total_row(columns)]
    note = Markup("Dấu … : đơn vị chưa có số liệu được chấp nhận, không phải là không.")
    for number, each in enumerate(footnotes, start=1):
        note += Markup(" ({}) {} ({}).").format(
            book.ordinal(number), book.reference(each.text.rstrip(".")), book.reference(each.explained_by)
        )
    return tabulate(book, book.ordinal_caption(2, "Kết quả chi tiết theo đơn vị"), columns, rows, IN_MILLIONS, note)


def _figures(
    book: FigureBook, explained: Mapping[tuple[str, str], ExplanationRecord], footnotes: list[ExplanationRecord]
) -> Callable[..., ColumnOf[UnitState]]:
    """A maker of columns from name, width, indicator and basis (default: the period).

    A cell is missing where its unit has not reported the period. One that its unit explained bears the number of a
    footnote, and its explanation is added to `footnotes`.
    """

    def cell(state: UnitState, indicator: str, basis: str) -> Cell:
        is_known = state.is_counted or basis == "cumulative"
        text = book.measure(indicator, basis, "unit", state.unit.code) if is_known else Markup(NO_FIGURE)
        kind = "absent" if text == NO_FIGURE else "number"
        explanation = explained.get((state.unit.code, indicator)) if basis == "period" else None
        if explanation is not None:
            footnotes.append(explanation)
            text += Markup(" ({})").format(book.ordinal(len(footnotes)))
        return Cell(text, kind)

    def column(name: str, width: str, indicator: str, basis: str = "period") -> ColumnOf[UnitState]:
        return ColumnOf(
            name,
            width,
            lambda _, state: cell(state, indicator, basis),
            lambda: Cell(book.measure(indicator, basis, absent=NO_BASIS), "number"),
        )

    return column


def _explanations(summary: Summary) -> dict[tuple[str, str], ExplanationRecord]:
    """The first explanation of each figure, by unit and indicator."""
    first: dict[tuple[str, str], ExplanationRecord] = {}
    for each in summary.quality.explanations:
        first.setdefault((each.unit_code, each.question.split("/")[2]), each)
    return first


def _state_phrase(book: FigureBook, state: UnitState) -> Markup | str:
    """The unit's state in words, placed only where it holds a digit."""
    has_digit = any(letter.isdigit() for letter in state.label)
    return _placed_state(book, state) if has_digit else state.label


def _placed_state(book: FigureBook, state: UnitState) -> Markup:
    return book.phrase(f"state.{state.unit.code}", "tình trạng báo cáo", state.label)


def follow_up_table(book: FigureBook, states: Sequence[UnitState]) -> TableContent:
    """The units that are late, missing, rejected or nil, each once."""
    columns: list[ColumnOf[UnitState]] = [
        ordinals(book, "6%"),
        texts("Đơn vị", "40%", lambda state: state.unit.name),
        texts("Tình trạng", "29%", lambda state: _placed_state(book, state)),
        texts("Thời điểm nhận", "25%", lambda state: _received(book, state), kind="middle"),
    ]
    rows = rows_of(columns, dict.fromkeys(states))
    return tabulate(book, book.ordinal_caption(3, "Các đơn vị cần theo dõi"), columns, rows)


def _received(book: FigureBook, state: UnitState) -> Markup | str:
    if state.received_at is None:
        return NO_BASIS
    return book.moment(f"received.{state.unit.code}", "thời điểm nhận", state.received_at)
