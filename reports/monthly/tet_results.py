"""Tết with Tết by the lunar year, in the periods in which its gifts were given."""

from markupsafe import Markup

from domain.indicators import FigureKey
from domain.reference import Reference
from domain.spans import lunar_year_name, tet_season
from domain.summary import Summary
from reports.figure_book import FigureBook
from reports.monthly.comparison import change_in_words


def tet_results(book: FigureBook, summary: Summary, reference: Reference) -> list[Markup]:
    """What was given for Tết, beside the Tết before; nothing outside its season."""
    season = tet_season(summary.period, reference.calendar, reference.tet_days)
    if season is None or summary.value(FigureKey("tet_gifts", "tet")) is None:
        return []
    name, earlier = (tet_name(book, year) for year in (season.lunar_year, season.lunar_year - 1))
    given = Markup("đã trao")
    if summary.window.last_day < season.first_day:
        day = book.day("window.last_day", "ngày cuối kỳ", summary.window.last_day)
        given = Markup("đến ngày {} đã trao").format(day)
    return [
        Markup("{} (mồng Một: {}), {} {} suất quà Tết; kinh phí các hoạt động dịp Tết {} triệu đồng, {}.").format(
            name,
            book.day("tet.first_day", "mồng Một Tết", season.first_day),
            given,
            book.measure("tet_gifts", "tet"),
            book.measure("tet_value_vnd", "tet"),
            change_in_words(book, summary, "tet_value_vnd", "tet_last_year", earlier),
        )
    ]


def tet_name(book: FigureBook, year: int) -> Markup:
    """`Tết Giáp Thìn 2024`."""
    return book.phrase(f"tet.{year}", "Tết theo năm âm lịch", f"Tết {lunar_year_name(year)} {year}")


def has_gifts(summary: Summary) -> bool:
    """Whether Tết gifts are in the period or in one that it is compared with, so that money and counts go by the season."""
    return any(
        bool(summary.value(FigureKey("tet_gift_activities", basis)))
        or bool(summary.value(FigureKey("tet_gift_value_vnd", basis)))
        for basis in ("period", "previous", "same_last_year")
    )
