"""The tables of units: their figures and states, and those to follow up."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import islice

from markupsafe import Markup

from domain.indicators import FigureKey
from domain.quality import ExplanationRecord
from domain.reference import Reference
from domain.summary import Summary, UnitState
from domain.units import Unit
from domain.villages import Village
from reports.content import Cell, TableContent, TableRow
from reports.figure_book import NO_BASIS, NO_FIGURE, FigureBook
from reports.monthly.reorganisation import sides_of
from reports.tabulation import IN_MILLIONS, ColumnOf, ordinals, rows_of, tabulate, texts, total_row


def coverage(book: FigureBook, basis: str = "period") -> Markup:
    """Accepted reports out of those expected: 15/17."""
    return Markup("{}/{}").format(book.reports("reports_received", basis), book.reports("reports_expected", basis))


def unit_table(book: FigureBook, summary: Summary) -> TableContent:
    """Every expected unit with its figures and its state, by level and part of the province where there are several."""
    footnotes: list[ExplanationRecord] = []
    figures = _figures(book, _explanations(summary), footnotes)
    columns: list[ColumnOf[UnitState]] = [
        ordinals(book, "5%"),
        texts("Đơn vị", "23%", lambda state: book.reference(state.unit.name), total="Tổng cộng"),
        figures("Lượt hoạt động", "8%", "activities"),
        figures("Lượt hộ", "8%", "hh_total"),
        figures("Kinh phí trong kỳ", "9%", "value_total_vnd"),
        figures("Lũy kế trong năm", "10%", "value_total_vnd", "cumulative"),
        _villages(book, figures),
        figures("Hộ nghèo", "7%", "poor_households"),
        figures("Tỷ lệ hộ nghèo (%)", "8%", "poverty_rate_pct"),
        ColumnOf(
            "Tình trạng",
            "13%",
            lambda _, state: Cell(_exception(book, state), "text"),
            lambda: Cell(Markup("{} báo cáo").format(coverage(book)), "text"),
        ),
    ]
    parts = _parts(summary)
    numbered = iter(rows_of(columns, [state for _, states in parts for state in states]))
    rows: list[TableRow] = []
    for name, states in parts:
        if len(parts) > 1:
            rows.append(_subtotal(book, columns, name, [state for state in states if state.is_counted]))
        rows += islice(numbered, len(states))
    rows.append(total_row(columns))
    note = _unit_note(book, summary)
    for number, each in enumerate(footnotes, start=1):
        note += Markup(" ({}) {} ({}).").format(
            book.ordinal(number), book.reference(each.text.rstrip(".")), book.reference(each.explained_by)
        )
    return tabulate(book, book.ordinal_caption(2, "Kết quả theo đơn vị"), columns, rows, IN_MILLIONS, note)


def _parts(summary: Summary) -> list[tuple[str, list[UnitState]]]:
    """The units by level and part of the province, those without units left out."""
    names = {
        "districts": "Cấp huyện",
        "west": "Xã, phường thuộc Gia Lai cũ",
        "east": "Xã, phường thuộc Bình Định cũ",
    }
    return [(names[side], states) for side, states in sides_of(summary).items() if states]


def _subtotal(
    book: FigureBook, columns: Sequence[ColumnOf[UnitState]], name: str, counted: Sequence[UnitState]
) -> TableRow:
    """The heading of a part of the province, with the sums of those of it that reported."""
    cells = [Cell("", "text") for _ in columns]
    cells[1] = Cell(name, "text")
    codes = frozenset(state.unit.code for state in counted)
    if codes:
        for place, indicator in ((2, "activities"), (3, "hh_total"), (4, "value_total_vnd")):
            key = FigureKey.over(indicator, "period", codes)
            cells[place] = Cell(book.measure(key.indicator, key.basis, key.dimension, key.member), "number")
    return TableRow(cells, is_total=True)


def _villages(book: FigureBook, figures: Callable[..., ColumnOf[UnitState]]) -> ColumnOf[UnitState]:
    """Twinned villages with activity out of all of them, in one column."""
    active, twinned = figures("", "", "villages_active"), figures("", "", "villages_with_partner")

    def both(one: Cell, other: Cell) -> Cell:
        if one.kind == "absent":
            return one
        return Cell(Markup("{}/{}").format(one.text, other.text), "number")

    return ColumnOf(
        "Làng có hoạt động/kết nghĩa",
        "9%",
        lambda place, state: both(active.cell(place, state), twinned.cell(place, state)),
        lambda: both(active.total(), twinned.total()),
    )


def _unit_note(book: FigureBook, summary: Summary) -> Markup:
    note = Markup(
        "Dấu …: đơn vị chưa có báo cáo được chấp nhận, không phải là không có; dấu –: báo cáo không có số liệu này."
    )
    if any(
        summary.value(FigureKey("under_way_value_vnd", "period", "unit", state.unit.code)) for state in summary.units
    ):
        note += Markup(" Kinh phí gồm cả phần đã chi cho việc đang làm ({} triệu đồng).").format(
            book.measure("under_way_value_vnd")
        )
    own = [
        summary.value(FigureKey("villages_with_partner", "period", "unit", state.unit.code)) for state in summary.units
    ]
    whole, added = summary.value(FigureKey("villages_with_partner")), sum((each for each in own if each), Decimal(0))
    if whole is not None and added > whole:
        twice = book.worked_number(
            "villages_with_partner@twice", "làng do hai đơn vị báo cáo trong kỳ", added - whole, "làng"
        )
        note += Markup(" {} làng do cả huyện và xã báo cáo trong kỳ, ở dòng tổng chỉ tính một lần.").format(twice)
    return note


def _figures(
    book: FigureBook, explained: Mapping[tuple[str, str], ExplanationRecord], footnotes: list[ExplanationRecord]
) -> Callable[..., ColumnOf[UnitState]]:
    """A maker of columns from name, width, indicator and basis (default: the period).

    A cell is missing where its unit has not reported the period. One that its unit explained bears the number of a
    footnote, and its explanation is added to `footnotes`.
    """

    def cell(state: UnitState, indicator: str, basis: str) -> Cell:
        is_known = state.is_counted or basis == "cumulative"
        # A unit that reported and does not say this is no unit that did not report.
        absent = NO_BASIS if state.is_counted else NO_FIGURE
        text = book.measure(indicator, basis, "unit", state.unit.code, absent=absent) if is_known else Markup(NO_FIGURE)
        kind = "absent" if text in (NO_FIGURE, NO_BASIS) else "number"
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


def _exception(book: FigureBook, state: UnitState) -> Markup | str:
    """What is not as it should be with a unit's report; nothing where it came whole and in time."""
    label = state.exception
    return book.reference(label) if label else ""


def _placed_state(book: FigureBook, state: UnitState) -> Markup:
    return book.phrase(f"state.{state.unit.code}", "tình trạng báo cáo", state.label)


def follow_up_table(book: FigureBook, states: Sequence[UnitState], number: int) -> TableContent:
    """The units that are late, missing, rejected or nil, each once."""
    columns: list[ColumnOf[UnitState]] = [
        ordinals(book, "6%"),
        texts("Đơn vị", "40%", lambda state: book.reference(state.unit.name)),
        texts("Tình trạng", "29%", lambda state: _placed_state(book, state)),
        texts("Thời điểm nhận", "25%", lambda state: _received(book, state), kind="middle"),
    ]
    rows = rows_of(columns, states)
    return tabulate(book, book.ordinal_caption(number, "Đơn vị trễ hạn, chưa báo cáo, không phát sinh"), columns, rows)


def idle_table(
    book: FigureBook, summary: Summary, idle: Sequence[tuple[Village, Unit]], reference: Reference, number: int
) -> TableContent:
    """The twinned villages of reporting units without activity, by unit, with who is to act."""
    twins = reference.villages.partners_of(summary.window.last_day)
    by_unit: dict[str, list[Village]] = {}
    names = {unit.code: unit.name for _, unit in idle}
    for village, unit in idle:
        by_unit.setdefault(unit.code, []).append(village)

    def told(village: Village) -> Markup:
        partners = Markup(", ").join(book.reference(partner.name) for partner in twins.get(village.village_id, ()))
        name = book.reference(village.name)
        return Markup("{} – {}").format(name, partners) if partners else name

    columns: list[ColumnOf[str]] = [
        ordinals(book, "6%"),
        texts("Đơn vị", "25%", lambda code: book.reference(names[code])),
        texts("Số làng", "9%", lambda code: book.counted(
            f"villages.idle:{code}", "làng kết nghĩa chưa có hoạt động", [each.village_id for each in by_unit[code]], "làng"
        ), kind="middle"),
        texts("Làng – cơ quan, đơn vị kết nghĩa", "60%", lambda code: Markup("; ").join(map(told, by_unit[code]))),
    ]  # fmt: skip
    rows = rows_of(columns, by_unit)
    return tabulate(book, book.ordinal_caption(number, "Làng kết nghĩa chưa có hoạt động trong kỳ"), columns, rows)


def _received(book: FigureBook, state: UnitState) -> Markup | str:
    if state.received_at is None:
        return NO_BASIS
    return book.moment(f"received.{state.unit.code}", "thời điểm nhận", state.received_at)
