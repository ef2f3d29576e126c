"""The period at a glance: what was done and raised, how it changed, and on how many reports the year's totals stand."""

from collections.abc import Mapping

from markupsafe import Markup

from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary
from reports.figure_book import FigureBook
from reports.monthly.claims import total
from reports.monthly.comparison import change_in_words
from reports.monthly.plan_results import resting_on
from reports.monthly.reorganisation import totals_of_both_sides
from reports.monthly.tet_results import has_gifts


def overview(book: FigureBook, summary: Summary, reference: Reference, earlier: Mapping[str, Markup]) -> list[Markup]:
    """What the period's money is made of, how it changed, and the totals; one sentence where nothing was accepted.

    `earlier` names the periods compared with, by basis.
    """
    if not any(state.is_counted for state in summary.units):
        return [Markup("Chưa có báo cáo nào được chấp nhận; chưa có số liệu trong kỳ để tổng hợp.")]
    return [
        Markup(" ").join([_made_of(book, summary), *_changes(book, summary, earlier)]),
        *totals_of_both_sides(book, summary, reference),
        Markup(" ").join(_totals(book, summary, reference)),
    ]


def _made_of(book: FigureBook, summary: Summary) -> Markup:
    words = Markup(
        "Kinh phí các cơ quan, đơn vị, doanh nghiệp huy động trong kỳ gồm {} triệu đồng tiền mặt và {} triệu đồng hiện vật "
        "quy đổi"
    ).format(book.measure("cash_vnd"), book.measure("inkind_vnd"))
    if summary.value(FigureKey("under_way_value_vnd")):
        words += Markup(", trong đó đã chi {} triệu đồng cho {} hoạt động đang thực hiện, chưa hoàn thành").format(
            book.measure("under_way_value_vnd"), book.measure("works_under_way")
        )
    if summary.value(FigureKey("tet_gift_value_vnd")):
        words += Markup("; quà Tết {} triệu đồng ({} suất)").format(
            book.measure("tet_gift_value_vnd"), book.measure("tet_gifts")
        )
    return words + "."


def _changes(book: FigureBook, summary: Summary, earlier: Mapping[str, Markup]) -> list[Markup]:
    """How the money changed; with Tết in it, without the gifts of Tết: their change is the season."""
    name, indicator = "Kinh phí", "value_total_vnd"
    if has_gifts(summary):
        name, indicator = "Không kể quà Tết, kinh phí", "value_without_tet_vnd"
    bases = ["previous", "same_last_year"]
    if summary.period.previous() == summary.period.same_last_year():
        bases = bases[:1]
    said = [change_in_words(book, summary, indicator, basis, earlier[basis]) for basis in bases]
    return [Markup("{} {}.").format(name, Markup("; ").join(said))]


def _totals(book: FigureBook, summary: Summary, reference: Reference) -> list[Markup]:
    """The totals of the year and, where it began earlier, of the programme in force; by the days of the activities."""
    year_start = reference.calendar.reporting_year(summary.period).first_day
    day = book.day("year_start", "ngày đầu năm báo cáo", year_start)
    found = [_total(book, summary, "cumulative", Markup("Lũy kế từ ngày {}").format(day))]
    programme = reference.programme(summary.period)
    if programme is not None and programme.valid_from < year_start and "programme" in summary.coverage.days:
        since = Markup("Từ ngày {} (thực hiện {}) đến nay").format(
            book.day("programme.first_day", "ngày bắt đầu", programme.valid_from), book.reference(programme.name)
        )
        found.append(_total(book, summary, "programme", since))
    return found


def _total(book: FigureBook, summary: Summary, basis: str, since: Markup) -> Markup:
    rest = resting_on(book, summary, basis)
    said = [
        Markup("{} huy động {} triệu đồng{}").format(since, book.measure("value_total_vnd", basis), rest),
        Markup("hoàn thành {} lượt hoạt động").format(book.measure("activities", basis)),
    ]
    claims = [
        total(summary, f"total.{indicator}.{basis}", FigureKey(indicator, basis))
        for indicator in ("value_total_vnd", "activities")
    ]
    told = [words if claim is None else book.claim(claim, words) for claim, words in zip(claims, said, strict=True)]
    return Markup("{}.").format(Markup(", ").join(told))
