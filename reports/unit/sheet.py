"""The sheet of one unit: its own figures, activities and villages on a page or two, for the unit itself.

Who did not report, or had nothing to report, gets half a page that says so: tables of dots tell nobody anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markupsafe import Markup

from domain import form
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary, UnitState
from domain.villages import Village
from reports.content import Card, Chart, TableContent
from reports.figure_book import NO_FIGURE, FigureBook
from reports.monthly.annexes.activities import activity_table
from reports.monthly.annexes.units import coverage
from reports.monthly.key_figures import key_figures, monthly_trend
from reports.tabulation import IN_MILLIONS, ColumnOf, figures_by, ordinals, rows_of, tabulate, texts, total_row


@dataclass(frozen=True, slots=True)
class UnitSheet:
    """The content of a unit's sheet, ready to be laid out."""

    document_title: str
    unit: Markup
    period_label: Markup
    paragraphs: Sequence[Markup]
    """How the unit stands; where it has no figures of the period, what that means and what it must do."""
    cards: Sequence[Card]
    activities: TableContent | None
    chart: Chart | None
    villages: TableContent | None
    closing: Markup
    footer: str


def build_unit_sheet(summary: Summary, reference: Reference, book: FigureBook, fonts: Path) -> UnitSheet:
    """The sheet of the only unit that the summary is of; `book` holds every number it prints."""
    [state] = summary.units
    unit, last_day = state.unit, summary.window.last_day
    has_figures = state.is_counted and not state.is_nil
    return UnitSheet(
        document_title=f"Phiếu kết quả công tác kết nghĩa {summary.period.label()}: {unit.name}",
        unit=book.reference(unit.name),
        period_label=book.phrase("period", "kỳ báo cáo", summary.period.label()),
        paragraphs=[
            _standing(book, reference, summary, state),
            *([] if has_figures else [_why_empty(state), *_cumulated(book, summary)]),
        ],
        cards=key_figures(book, summary, _revision_card(book, state)) if has_figures else [],
        activities=activity_table(book, summary) if has_figures else None,
        chart=monthly_trend(book, summary, fonts, 1) if has_figures else None,
        villages=_village_table(book, reference.villages.of_unit(unit, reference.units, last_day))
        if has_figures
        else None,
        closing=_closing(book, reference, summary, state),
        footer=f"{form.SAMPLE_MARK} – không có giá trị pháp lý" if summary.is_sample else "",
    )


def _revision_card(book: FigureBook, state: UnitState) -> Card:
    return Card(
        book.phrase("state.revision", "lần nộp", str(state.revision)) if state.revision else Markup(NO_FIGURE),
        "lần nộp được tính",
        Markup("trễ hạn" if state.working_days_late else "đúng hạn"),
    )


def _closing(book: FigureBook, reference: Reference, summary: Summary, state: UnitState) -> Markup:
    """By whom, until when, and what to do about a number that is wrong."""
    cut = book.moment("cut_at", "thời điểm chốt số liệu", summary.cut_at)
    agency = f"{reference.sender.agency_in_text} {reference.sender.place}"
    if not state.is_counted:
        return Markup("Phiếu lập theo các báo cáo mà {} đã nhận đến {}.").format(agency, cut)
    return Markup(
        "Số liệu chốt đến {}, do {} tổng hợp từ báo cáo của đơn vị. Số nào chưa đúng, đề nghị đơn vị gửi bản thay thế, "
        "cả tệp."
    ).format(cut, agency)


def _standing(book: FigureBook, reference: Reference, summary: Summary, state: UnitState) -> Markup:
    """Whether and when the unit has reported."""
    due = book.moment("due", "hạn nộp", reference.calendar.due(summary.period))
    status = book.phrase("state", "tình trạng báo cáo", state.label)
    if state.received_at is None:
        return Markup("Tình trạng: {}. Hạn nộp: {}.").format(status, due)
    received = book.moment("received", "thời điểm nhận", state.received_at)
    return Markup("Tình trạng: {}. Nhận lúc {}; hạn nộp: {}.").format(status, received, due)


def _why_empty(state: UnitState) -> Markup:
    """Why there are no figures of the period, and what the unit must do."""
    if state.is_counted and state.months_sent < state.months_owed:
        return Markup("Các báo cáo tháng đã được chấp nhận đều ghi không phát sinh; các tháng khác chưa có báo cáo.")
    if state.is_counted:
        return Markup("Đơn vị báo cáo không phát sinh: trong kỳ không có hoạt động, không có biến động về hộ.")
    if state.is_rejected:
        return Markup(
            "Báo cáo đã nhận bị trả lại, chưa có bản nộp lại được chấp nhận; số liệu của đơn vị chưa được tính, không có "
            "nghĩa là không có kết quả. Đề nghị đơn vị sửa các lỗi đã nêu trong thư trả lời và nộp lại ngay cả tệp, với lần "
            "nộp kế tiếp."
        )
    return Markup(
        "Chưa nhận được báo cáo của đơn vị; số liệu của đơn vị chưa được tính, không có nghĩa là không có kết quả. Đề nghị "
        "đơn vị nộp báo cáo ngay; nếu trong kỳ không có hoạt động và biến động nào thì gửi biểu mẫu với mục “Không phát "
        "sinh” chọn Có."
    )


def _cumulated(book: FigureBook, summary: Summary) -> list[Markup]:
    """What the unit's reports of the year add up to; nothing where none was accepted."""
    keys = [FigureKey(indicator, "cumulative") for indicator in ("value_total_vnd", "activities", "hh_total")]
    if any(summary.value(key) is None for key in keys):
        return []
    return [
        Markup(
            "Luỹ kế từ đầu năm báo cáo, trên {} báo cáo tháng được chấp nhận: huy động {} triệu đồng, {} lượt hoạt động, {} "
            "lượt hộ được hỗ trợ."
        ).format(coverage(book, "cumulative"), *(book.measure(key.indicator, key.basis) for key in keys))
    ]


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
