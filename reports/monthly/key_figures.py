"""What a reader sees first: the cards with the key figures, and the columns of the last months."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.indicators import FigureKey
from domain.period import Period
from domain.plans import Target, TargetKind
from domain.summary import Summary
from domain.workings import Operation
from reports.charts import draw as charts
from reports.content import Card, Chart
from reports.figure_book import NO_BASIS, FigureBook
from reports.monthly.comparison import change_in_words

_SHOWN = ("value_total_vnd", "activities")
"""What the columns may show: the money, unless only the number of activities is planned."""


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


def month_label(book: FigureBook, month: Period) -> str:
    """A month as charts name it; placed, for it holds digits."""
    label = f"T{month.number}/{month.year}"
    book.phrase(f"month.{month}", "tháng trên biểu đồ", label)
    return label


def monthly_trend(
    book: FigureBook,
    summary: Summary,
    fonts: Path,
    number: int,
    targets: Sequence[tuple[int, Target]] = (),
    width: int = charts.WHOLE,
) -> Chart:
    """The money, or the activities, of the last months, beside what a year's plan asks of a month on average.

    `targets` are the province's: a unit alone is not measured by them.
    """
    planned = _planned_flow(targets)
    indicator = planned[1].indicator if planned else _SHOWN[0]
    entry = INDICATOR_BY_CODE[indicator]
    asked, asked_text = _asked_of_a_month(book, *planned) if planned else (None, None)
    bars = [_bar(book, summary, indicator, month, asked) for month in summary.months_shown]
    title = f"{entry.name} theo tháng"
    plan = f", kế hoạch bình quân tháng {asked_text.striptags()}" if asked_text is not None else ""
    values = "; ".join(f"{bar.label}: {bar.text}" for bar in bars)
    alternative = f"{title} ({entry.unit_of_measure}){plan}: {values}."
    caption = Markup("Hình {}. {} ({})").format(book.ordinal(number), title, entry.unit_of_measure)
    if asked_text is not None:
        caption += Markup("; vạch đỏ: kế hoạch bình quân tháng {}").format(asked_text)
    return Chart(charts.columns(bars, alternative, fonts, width), caption)


def _bar(book: FigureBook, summary: Summary, indicator: str, month: Period, asked: Decimal | None) -> charts.Bar:
    """A month's column; dark where it reaches what is asked of it or, where nothing is, for the last month."""
    label = month_label(book, month)
    value = summary.value(FigureKey(indicator, "trend", "month", str(month)))
    size = None if value is None else value / INDICATOR_BY_CODE[indicator].printed_per
    text = book.measure(indicator, "trend", "month", str(month), absent="chưa có").striptags()
    planned = asked if month.year == summary.period.year else None
    is_dark = month == summary.months_shown[-1] if asked is None else planned is not None and (size or 0) >= planned
    return charts.Bar(
        label, None if size is None else float(size), text, is_dark, None if planned is None else float(planned)
    )


def _planned_flow(targets: Sequence[tuple[int, Target]]) -> tuple[int, Target] | None:
    """The target that the columns are measured by, with its number in the plan."""
    planned = {
        target.indicator: (place, target)
        for place, target in targets
        if target.kind is TargetKind.LEVEL and target.value
    }
    return next((planned[indicator] for indicator in _SHOWN if indicator in planned), None)


def _asked_of_a_month(book: FigureBook, place: int, target: Target) -> tuple[Decimal, Markup]:
    """What the year's plan asks of a month on average, in printed units, and as printed."""
    entry, yearly, monthly = INDICATOR_BY_CODE[target.indicator], f"target.{place}", f"target.{place}@monthly"
    book.planned(yearly, f"Kế hoạch năm: {entry.name}", target.value, entry.unit_of_measure, target.source)
    text = book.worked(
        monthly, f"{entry.name}: kế hoạch bình quân tháng", Operation.TWELFTH, [yearly], entry.unit_of_measure,
        entry.decimals,
    )  # fmt: skip
    return book.operand(monthly), text
