"""Tết with Tết by the lunar year, in the periods in which its gifts were given."""

from markupsafe import Markup

from domain.reference import Reference
from domain.spans import lunar_year_name, tet_season
from domain.summary import Summary
from reports.figure_book import FigureBook
from reports.monthly.comparison import change_in_words


def tet_results(book: FigureBook, summary: Summary, reference: Reference) -> list[Markup]:
    """What was given for Tết, beside the Tết before; nothing outside its season."""
    season = tet_season(summary.period, reference.calendar, reference.tet_days)
    if season is None:
        return []
    name, earlier = (
        book.phrase(f"tet.{year}", "Tết theo năm âm lịch", f"Tết {lunar_year_name(year)} ({year})")
        for year in (season.lunar_year, season.lunar_year - 1)
    )
    so_far = Markup("")
    if summary.window.last_day < season.first_day:
        so_far = Markup(" tính đến ngày {}").format(
            book.day("window.last_day", "ngày cuối kỳ", summary.window.last_day)
        )
    return [
        Markup(
            "{}{} (mùng một là ngày {}): trao {} suất quà Tết; kinh phí các hoạt động dịp Tết {} triệu đồng, {}."
        ).format(
            name,
            so_far,
            book.day("tet.first_day", "mùng một Tết", season.first_day),
            book.measure("tet_gifts", "tet"),
            book.measure("tet_value_vnd", "tet"),
            change_in_words(book, summary, "tet_value_vnd", "tet_last_year", earlier),
        )
    ]
