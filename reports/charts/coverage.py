"""How many units reported in the last months: in time, late, not at all."""

from pathlib import Path

from markupsafe import Markup

from domain.indicators import FigureKey
from domain.period import Period
from domain.summary import Summary
from reports.charts import draw as charts
from reports.content import Chart
from reports.figure_book import NO_BASIS, FigureBook
from reports.monthly.key_figures import month_label

_NAMES = ("đúng hạn", "trễ hạn", "chưa có")


def coverage_chart(book: FigureBook, summary: Summary, fonts: Path, number: int) -> Chart:
    """A column per month, with the accepted reports out of those expected above it."""
    shown, values = [], []
    for month in summary.months_shown:
        on_time, received, expected = (
            _reports(summary, indicator, month)
            for indicator in ("reports_on_time", "reports_received", "reports_expected")
        )
        label = month_label(book, month)
        text = "/".join(
            book.measure(indicator, "trend", "month", str(month), absent=NO_BASIS).striptags()
            for indicator in ("reports_received", "reports_expected")
        )
        shown.append(charts.Stack(label, (on_time, received - on_time, expected - received), text))
        values.append(f"{label}: {text}")
    title = "Báo cáo được chấp nhận trên số phải nộp"
    svg = charts.stacks(shown, _NAMES, f"{title}: {'; '.join(values)}.", fonts)
    return Chart(svg, Markup("Hình {}. {}").format(book.ordinal(number), title))


def _reports(summary: Summary, indicator: str, month: Period) -> float:
    return float(summary.value(FigureKey(indicator, "trend", "month", str(month))) or 0)
