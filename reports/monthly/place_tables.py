"""The annexes by village and by twinned agency."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TypeVar

from markupsafe import Markup

from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary
from reports.content import Cell, Column, TableContent, TableRow
from reports.figure_book import NO_BASIS, NO_FIGURE, FigureBook
from reports.monthly.summary_tables import column_numbers

T = TypeVar("T")
MOST_ROWS = 85
"""Of more the page shows those with the most money; the workbook has all, and the sheets of units their own."""
_OF_A_VILLAGE = (
    "activities", "hh_total", "value_total_vnd", "households", "poor_households", "poverty_rate_pct",
)  # fmt: skip
_OF_A_PARTNER = ("activities", "hh_total", "value_total_vnd", "cash_vnd", "inkind_vnd")


def village_table(
    book: FigureBook, summary: Summary, reference: Reference, number: int, most: int | None
) -> TableContent:
    """Every village of the units that reported, or the `most` with money, with the agencies it is twinned with."""
    last_day = summary.window.last_day
    counted = {state.unit.code: state.unit.name for state in summary.units if state.is_counted}
    twins = reference.villages.partners_of(last_day)
    known = [pair for pair in reference.villages.with_reporter(reference.units, last_day) if pair[1].code in counted]
    villages = _most(known, most, lambda pair: summary.value(_money("village", pair[0].village_id)))
    columns = [
        Column("TT", "4%"),
        Column("Đơn vị", "13%"),
        Column("Thôn, làng", "16%"),
        Column("Cơ quan, đơn vị kết nghĩa", "27%"),
        Column("Lượt hoạt động", "7%"),
        Column("Lượt hộ", "6%"),
        Column("Kinh phí trong kỳ", "8%"),
        Column("Số hộ", "6%"),
        Column("Hộ nghèo", "6%"),
        Column("Tỷ lệ hộ nghèo (%)", "7%"),
    ]
    rows = []
    for place, (village, unit) in enumerate(villages, start=1):
        names = [book.reference(partner.name) for partner in twins.get(village.village_id, ())]
        rows.append(
            TableRow(
                [
                    Cell(book.ordinal(place), "middle"),
                    Cell(book.reference(counted[unit.code]), "text"),
                    Cell(book.reference(village.name), "text"),
                    Cell(Markup("; ").join(names) or NO_BASIS, "text" if names else "absent"),
                    *(_measured(book, indicator, "village", village.village_id) for indicator in _OF_A_VILLAGE),
                ]
            )
        )
    totals = [_measured(book, indicator, "", "") for indicator in _OF_A_VILLAGE]
    blank = [Cell("", "text"), Cell("Toàn tỉnh", "text"), Cell("", "text"), Cell("", "text")]
    rows.append(TableRow([*blank, *totals], True))
    return TableContent(
        book.ordinal_caption(number, "Kết quả theo thôn, làng"),
        "Đơn vị tính kinh phí: triệu đồng",
        columns,
        column_numbers(book, columns),
        rows,
        Markup("Toàn tỉnh gồm cả hoạt động không ghi cho một thôn, làng nào. Dấu –: không có.{}").format(
            _left_out(book, "villages", "thôn, làng", [pair[0].village_id for pair in known], len(villages))
        ),
    )


def partner_table(
    book: FigureBook, summary: Summary, reference: Reference, number: int, most: int | None
) -> TableContent | None:
    """Every twinned agency with results in the period, or the `most`; nothing where no row names one of the register."""
    last_day = summary.window.last_day
    active = [
        (partner, value)
        for partner in reference.villages.partners
        if (value := summary.value(FigureKey("activities", "period", "partner", partner.partner_id)))
    ]
    if not active:
        return None
    shown = _most(active, most, lambda pair: summary.value(_money("partner", pair[0].partner_id)))
    columns = [
        Column("TT", "5%"),
        Column("Cơ quan, đơn vị kết nghĩa", "45%"),
        Column("Lượt hoạt động", "10%"),
        Column("Lượt hộ", "10%"),
        Column("Kinh phí trong kỳ", "10%"),
        Column("Tiền mặt", "10%"),
        Column("Hiện vật quy đổi", "10%"),
    ]
    rows = []
    for place, (partner, _) in enumerate(shown, start=1):
        today = reference.villages.partner_on(partner.partner_id, last_day) or partner
        rows.append(
            TableRow(
                [
                    Cell(book.ordinal(place), "middle"),
                    Cell(book.reference(today.name), "text"),
                    *(_measured(book, indicator, "partner", partner.partner_id) for indicator in _OF_A_PARTNER),
                ]
            )
        )
    return TableContent(
        book.ordinal_caption(number, "Kết quả theo cơ quan, đơn vị kết nghĩa"),
        "Đơn vị tính kinh phí: triệu đồng",
        columns,
        column_numbers(book, columns),
        rows,
        Markup("Chỉ gồm hoạt động ghi rõ cơ quan, đơn vị có trong danh bạ; không cộng thành toàn tỉnh.{}").format(
            _left_out(book, "partners", "cơ quan, đơn vị", [pair[0].partner_id for pair in active], len(shown))
        ),
    )


def _money(dimension: str, member: str) -> FigureKey:
    return FigureKey("value_total_vnd", "period", dimension, member)


def _most(rows: Sequence[T], most: int | None, money: Callable[[T], Decimal | None]) -> Sequence[T]:
    """All rows as they stand, or those with the most money where they are too many for the page."""
    if most is None or len(rows) <= most:
        return rows
    return sorted(rows, key=lambda row: -(money(row) or Decimal(0)))[:most]


def _left_out(book: FigureBook, key: str, name: str, members: Sequence[str], shown: int) -> Markup:
    if shown == len(members):
        return Markup("")
    return Markup(
        " In {} {} có kinh phí nhiều nhất trong tổng số {}; số còn lại ở tệp bảng số liệu và phiếu của từng đơn vị."
    ).format(book.ordinal(shown), name, book.counted(f"listed.{key}", f"số {name}", members, name))


def _measured(book: FigureBook, indicator: str, dimension: str, member: str) -> Cell:
    text = book.measure(indicator, "period", dimension, member, absent=NO_BASIS)
    return Cell(text, "absent" if text in (NO_BASIS, NO_FIGURE) else "number")
