"""What a reader sees first: the cards with the key figures, and the columns of the last months."""

from collections.abc import Sequence
from pathlib import Path

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.indicators import FigureKey
from domain.period import Period
from domain.reference import Target, TargetKind
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
    place, target = _planned_flow(targets)
    indicator = target.indicator if target else _SHOWN[0]
    entry = INDICATOR_BY_CODE[indicator]
    asked = asked_text = None
    if target is not None:
        book.planned(
            f"target.{place}", f"Kế hoạch năm: {entry.name}", target.value, entry.unit_of_measure, target.source
        )
        asked_text = book.worked(
            f"target.{place}@monthly", f"{entry.name}: kế hoạch bình quân tháng", Operation.TWELFTH, [f"target.{place}"],
            entry.unit_of_measure, entry.decimals,
        )  # fmt: skip
        asked = book.operand(f"target.{place}@monthly")
    bars, told = [], []
    for month in summary.months_shown:
        label = month_label(book, month)
        key = FigureKey(indicator, "trend", "month", str(month))
        value = summary.value(key)
        size = None if value is None else value / entry.printed_per
        text = book.measure(indicator, "trend", "month", str(month), absent="chưa có").striptags()
        planned = asked if asked is not None and month.year == summary.period.year else None
        is_dark = month == summary.months_shown[-1] if asked is None else planned is not None and (size or 0) >= planned
        bars.append(
            charts.Bar(
                label,
                None if size is None else float(size),
                text,
                is_dark,
                None if planned is None else float(planned),
            )
        )
        told.append(f"{label}: {text}")
    title = f"{entry.name} theo tháng"
    plan = f", kế hoạch bình quân tháng {asked_text.striptags()}" if asked_text is not None else ""
    alternative = f"{title} ({entry.unit_of_measure}){plan}: {'; '.join(told)}."
    caption = Markup("Hình {}. {} ({})").format(book.ordinal(number), title, entry.unit_of_measure)
    if asked_text is not None:
        caption += Markup("; vạch đỏ: kế hoạch bình quân tháng {}").format(asked_text)
    return Chart(charts.columns(bars, alternative, fonts, width), caption)


def _planned_flow(targets: Sequence[tuple[int, Target]]) -> tuple[int, Target | None]:
    planned = {
        target.indicator: (place, target)
        for place, target in targets
        if target.kind is TargetKind.LEVEL and target.value
    }
    return next((planned[indicator] for indicator in _SHOWN if indicator in planned), (0, None))
