"""The period at a glance: what was done and raised, how it changed, and of how many reports that is made."""

from collections.abc import Mapping

from markupsafe import Markup

from domain.reference import Reference
from domain.summary import Summary
from reports.figure_book import FigureBook
from reports.monthly.annexes.units import coverage
from reports.monthly.comparison import change_in_words


def overview(book: FigureBook, summary: Summary, reference: Reference, earlier: Mapping[str, Markup]) -> list[Markup]:
    """The results of the period and of the year, then their coverage; one sentence where nothing was accepted.

    `earlier` names the periods compared with, by basis.
    """
    if not any(state.is_counted for state in summary.units):
        nothing = Markup(
            "Đến thời điểm chốt số liệu có {} báo cáo được chấp nhận; chưa có số liệu trong kỳ để tổng hợp."
        )
        return [nothing.format(coverage(book))]
    year_start = reference.calendar.window(summary.period.year_to_date()[0]).first_day
    results = Markup(
        "Trong kỳ, các cơ quan, đơn vị, doanh nghiệp đã hoàn thành {} lượt hoạt động kết nghĩa, huy động "
        "{} triệu đồng (tiền mặt {}, hiện vật quy đổi {}), hỗ trợ {} lượt hộ. Kinh phí huy động {}; {}. "
        "Luỹ kế từ ngày {} đạt {} triệu đồng với {} lượt hoạt động{}{}."
    ).format(
        book.measure("activities"),
        book.measure("value_total_vnd"),
        book.measure("cash_vnd"),
        book.measure("inkind_vnd"),
        book.measure("hh_total"),
        change_in_words(book, summary, "value_total_vnd", "previous", earlier["previous"]),
        change_in_words(book, summary, "value_total_vnd", "same_last_year", earlier["same_last_year"]),
        book.day("year_start", "ngày đầu năm báo cáo", year_start),
        book.measure("value_total_vnd", "cumulative"),
        book.measure("activities", "cumulative"),
        _restricted_to(book, summary, "cumulative"),
        _since_the_programme_began(book, summary, reference),
    )
    reported = Markup(
        "Có {} báo cáo được chấp nhận; số liệu trong báo cáo này chỉ gồm các đơn vị đó, đơn vị chưa báo cáo "
        "không được tính là không. {} thôn, làng có hoạt động; {} thôn, làng chưa có hoạt động trong kỳ."
    ).format(coverage(book), book.measure("villages_active"), book.measure("villages_inactive"))
    return [results, reported]


def _since_the_programme_began(book: FigureBook, summary: Summary, reference: Reference) -> Markup:
    """The totals under the programme in force; nothing where it began with this year."""
    programme, basis = reference.programme(summary.period), "programme"
    if programme is None or basis not in summary.coverage.expected_reports:
        return Markup("")
    if summary.coverage.expected_reports[basis] <= summary.coverage.expected_reports["cumulative"]:
        return Markup("")
    return Markup("; từ khi thực hiện {} (ngày {}) đạt {} triệu đồng với {} lượt hoạt động{}").format(
        book.reference(programme.name),
        book.day("programme.first_day", "ngày bắt đầu", programme.valid_from),
        book.measure("value_total_vnd", basis),
        book.measure("activities", basis),
        _restricted_to(book, summary, basis),
    )


def _restricted_to(book: FigureBook, summary: Summary, basis: str) -> Markup:
    """Of how many monthly reports the totals of a basis are made; nothing where none is lacking."""
    if summary.coverage.received_reports[basis] == summary.coverage.expected_reports[basis]:
        return Markup("")
    return Markup(" (tính trên {} báo cáo tháng)").format(coverage(book, basis))
