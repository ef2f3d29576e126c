"""The annexes by village and by twinned agency."""

from typing import NamedTuple

from markupsafe import Markup

from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary
from domain.villages import Partner, Village
from reports.content import Cell, TableContent
from reports.figure_book import NO_BASIS, FigureBook
from reports.tabulation import IN_MILLIONS, ColumnOf, figures_by, ordinals, rows_of, tabulate, texts, total_row


class _Line(NamedTuple):
    village: Village
    unit_name: str
    twins: Markup
    """The agencies it is twinned with; empty where there are none."""


def village_table(book: FigureBook, summary: Summary, reference: Reference, number: int | None = None) -> TableContent:
    """Every village of the units that reported, in their order, with the agencies it is twinned with."""
    last_day = summary.window.last_day
    counted = {state.unit.code: state.unit.name for state in summary.units if state.is_counted}
    twins = reference.villages.partners_of(last_day)
    known = [pair for pair in reference.villages.with_reporter(reference.units, last_day) if pair[1].code in counted]
    # Made row by row, so that the names of a row are placed together.
    lines = (
        _Line(
            village,
            counted[unit.code],
            Markup("; ").join(book.reference(partner.name) for partner in twins.get(village.village_id, ())),
        )
        for village, unit in known
    )
    figures = figures_by(book, "village", lambda line: line.village.village_id, absent_kind="absent")
    columns: list[ColumnOf[_Line]] = [
        ordinals(book, "4%"),
        texts("Đơn vị", "13%", lambda line: book.reference(line.unit_name), total="Toàn tỉnh"),
        texts("Thôn, làng", "16%", lambda line: book.reference(line.village.name)),
        ColumnOf("Cơ quan, đơn vị kết nghĩa", "27%", lambda _, line: _text_or_absent(line.twins)),
        figures("Lượt hoạt động", "7%", "activities"),
        figures("Lượt hộ", "6%", "hh_total"),
        figures("Kinh phí trong kỳ", "8%", "value_total_vnd"),
        figures("Số hộ", "6%", "households"),
        figures("Hộ nghèo", "6%", "poor_households"),
        figures("Tỷ lệ hộ nghèo (%)", "7%", "poverty_rate_pct"),
    ]
    rows = [*rows_of(columns, lines), total_row(columns)]
    note = "Toàn tỉnh gồm cả hoạt động không ghi cho một thôn, làng nào. Dấu –: không có."
    caption = book.ordinal_caption(number, "Kết quả theo thôn, làng")
    return tabulate(book, caption, columns, rows, IN_MILLIONS, note)


def partner_table(
    book: FigureBook, summary: Summary, reference: Reference, number: int | None = None
) -> TableContent | None:
    """Every twinned agency with results in the period; nothing where no row names one of the register."""
    register, last_day = reference.villages, summary.window.last_day
    active = [
        partner
        for partner in register.partners
        if summary.value(FigureKey("activities", "period", "partner", partner.partner_id))
    ]
    if not active:
        return None

    def name_today(partner: Partner) -> Markup:
        return book.reference((register.partner_on(partner.partner_id, last_day) or partner).name)

    figures = figures_by(book, "partner", lambda partner: partner.partner_id, absent_kind="absent")
    columns: list[ColumnOf[Partner]] = [
        ordinals(book, "5%"),
        texts("Cơ quan, đơn vị kết nghĩa", "45%", name_today),
        figures("Lượt hoạt động", "10%", "activities"),
        figures("Lượt hộ", "10%", "hh_total"),
        figures("Kinh phí trong kỳ", "10%", "value_total_vnd"),
        figures("Tiền mặt", "10%", "cash_vnd"),
        figures("Hiện vật quy đổi", "10%", "inkind_vnd"),
    ]
    rows = rows_of(columns, active)
    note = "Chỉ gồm hoạt động ghi rõ cơ quan, đơn vị có trong danh bạ; không cộng thành toàn tỉnh."
    caption = book.ordinal_caption(number, "Kết quả theo cơ quan, đơn vị kết nghĩa")
    return tabulate(book, caption, columns, rows, IN_MILLIONS, note)


def _text_or_absent(text: Markup) -> Cell:
    return Cell(text, "text") if text else Cell(NO_BASIS, "absent")
