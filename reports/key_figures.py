"""What a reader sees first: the cards with the key figures, and the columns of the last months."""

from pathlib import Path

from markupsafe import Markup

from domain.indicators import FigureKey
from domain.summary import Summary
from reports import charts
from reports.comparison import change_in_words
from reports.content import Card, Chart
from reports.figure_book import NO_BASIS, FigureBook


def key_figures(book: FigureBook, summary: Summary, last: Card) -> list[Card]:
    """Five figures with their change or share, and what the document adds of its own."""
    previous = "tháng trước" if summary.period.is_month else "kỳ trước"

    def flow(indicator: str, name: str) -> Card:
        change = change_in_words(book, summary, indicator, "previous", Markup(previous), briefly=True)
        return Card(book.measure(indicator), name, change)

    villages = Markup("{}/{} thôn, làng").format(book.measure("villages_active"), book.measure("villages_reported"))
    share = book.measure("village_activity_rate_pct", absent=NO_BASIS)
    rate = book.measure("poverty_rate_pct", absent=NO_BASIS)
    return [
        flow("value_total_vnd", "triệu đồng huy động trong kỳ"),
        flow("activities", "lượt hoạt động hoàn thành"),
        flow("hh_total", "lượt hộ hưởng lợi"),
        Card(share + ("" if share == NO_BASIS else "%"), "thôn, làng có hoạt động", villages),
        Card(
            rate + ("" if rate == NO_BASIS else "%"),
            "tỷ lệ hộ nghèo của các làng",
            Markup("{} hộ thoát nghèo trong kỳ").format(book.measure("poor_exits")),
        ),
        last,
    ]


def monthly_trend(book: FigureBook, summary: Summary, fonts: Path) -> Chart:
    """The money of the last months."""
    bars, told = [], []
    for month in summary.months_shown:
        label = f"T{month.number}/{month.year}"
        book.words(f"month.{month}", "tháng trên biểu đồ", label)
        value = summary.value(FigureKey("value_total_vnd", "trend", "month", str(month)))
        text = book.measure("value_total_vnd", "trend", "month", str(month), absent="chưa có").striptags()
        bars.append((label, None if value is None else float(value), text))
        told.append(f"{label}: {text}")
    title = "Kinh phí huy động theo tháng"
    svg = charts.columns(bars, f"{title} (triệu đồng): {'; '.join(told)}.", fonts)
    return Chart(svg, Markup("Hình {}. {} (triệu đồng)").format(book.ordinal(1), title))
