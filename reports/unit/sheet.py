"""The sheet of one unit: its own figures, activities and villages on a page or two, for the unit itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from domain import form
from domain.reference import Reference
from domain.summary import Summary, UnitState
from domain.villages import Village
from reports.content import Card, Chart, TableContent
from reports.figure_book import NO_FIGURE, FigureBook
from reports.monthly.annexes.activities import activity_table
from reports.monthly.key_figures import key_figures, monthly_trend
from reports.tabulation import IN_MILLIONS, ColumnOf, figures_by, ordinals, rows_of, tabulate, texts, total_row


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """The content of a unit's sheet, ready to be laid out."""

    document_title: str
    unit: Markup
    period_label: Markup
    standing: Markup
    cards: Sequence[Card]
    chart: Chart
    activities: TableContent
    villages: TableContent
    closing: Markup
    footer: str


def build_unit_sheet(summary: Summary, reference: Reference, book: FigureBook, fonts: Path) -> UnitSheet:
    """The sheet of the only unit that the summary is of; `book` holds every number it prints."""
    [state] = summary.units
    unit, last_day = state.unit, summary.window.last_day
    villages = reference.villages.of_unit(unit, reference.units, last_day)
    status = Card(
        book.phrase("state.revision", "lần nộp", str(state.revision)) if state.revision else Markup(NO_FIGURE),
        "lần nộp được tính",
        Markup("trễ hạn") if state.working_days_late else Markup("đúng hạn" if state.is_counted else "chưa có báo cáo"),
    )
    return UnitSheet(
        document_title=f"Phiếu kết quả công tác kết nghĩa {summary.period.label()}: {unit.name}",
        unit=book.reference(unit.name),
        period_label=book.phrase("period", "kỳ báo cáo", summary.period.label()),
        standing=_standing(book, reference, summary, state),
        cards=key_figures(book, summary, status),
        chart=monthly_trend(book, summary, fonts, 1),
        activities=activity_table(book, summary),
        villages=_village_table(book, villages),
        closing=Markup(
            "Số liệu chốt đến {}, do {} tổng hợp từ báo cáo của đơn vị. Số nào chưa đúng, đề nghị đơn vị gửi lại cả tệp với "
            "lần nộp kế tiếp."
        ).format(
            book.moment("cut_at", "thời điểm chốt số liệu", summary.cut_at),
            f"{reference.sender.agency_in_text} {reference.sender.place}",
        ),
        footer=f"{form.SAMPLE_MARK} – không có giá trị pháp lý" if summary.is_sample else "",
    )


def _standing(book: FigureBook, reference: Reference, summary: Summary, state: UnitState) -> Markup:
    """Whether and when the unit has reported."""
    due = book.moment("due", "hạn nộp", reference.calendar.due(summary.period))
    status = book.phrase("state", "tình trạng báo cáo", state.label)
    if state.received_at is None:
        return Markup(
            "Tình trạng: {}. Hạn nộp: {}. Dấu … : chưa có số liệu được chấp nhận, không phải là không."
        ).format(status, due)
    received = book.moment("received", "thời điểm nhận", state.received_at)
    return Markup("Tình trạng: {}. Nhận lúc {}; hạn nộp: {}.").format(status, received, due)


def _village_table(book: FigureBook, villages: Sequence[Village]) -> TableContent:
    figures = figures_by(book, "village", lambda village: village.village_id)
    columns: list[ColumnOf[Village]] = [
        ordinals(book, "7%"),
        texts("Thôn, làng", "27%", lambda village: book.reference(village.name), total="Cả đơn vị"),
        figures("Lượt hoạt động", "10%", "activities"),
        figures("Lượt hộ", "9%", "hh_total"),
        figures("Kinh phí", "11%", "value_total_vnd"),
        figures("Số hộ", "9%", "households"),
        figures("Hộ nghèo", "9%", "poor_households"),
        figures("Hộ cận nghèo", "9%", "nearpoor_households"),
        figures("Tỷ lệ hộ nghèo (%)", "9%", "poverty_rate_pct"),
    ]
    rows = [*rows_of(columns, villages), total_row(columns)]
    caption = book.ordinal_caption(2, "Kết quả theo thôn, làng")
    note = "Cả đơn vị gồm cả hoạt động không ghi cho một thôn, làng nào."
    return tabulate(book, caption, columns, rows, IN_MILLIONS, note)
