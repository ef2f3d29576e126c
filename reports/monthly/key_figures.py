"""The cards with a unit's key figures, and the columns of the last months."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.indicators import FigureKey
from domain.period import Period
from domain.plans import Target, TargetKind, TargetScope
from domain.summary import Summary
from domain.workings import Operation
from reports.charts import draw as charts
from reports.content import Card, Chart
from reports.figure_book import NO_BASIS, FigureBook
from reports.monthly.comparison import change_in_words

_SHOWN = ("value_total_vnd", "activities")
"""What the columns may show: the money, unless only the number of activities is planned."""
_GIFTS = {"value_total_vnd": "tet_gift_value_vnd", "activities": "tet_gift_activities"}
"""What of it is the gifts of Tết."""


def key_figures(book: FigureBook, summary: Summary, last: Card) -> list[Card]:
    """Five figures with their change or share, and what the document adds of its own."""
    previous = "tháng trước" if summary.period.is_month else "kỳ trước"

    def flow(indicator: str, name: str) -> Card:
        change = change_in_words(book, summary, indicator, "previous", Markup(previous), briefly=True)
        return Card(book.measure(indicator), name, change)

    villages = Markup("{}/{} làng kết nghĩa").format(
        book.measure("villages_active"), book.measure("villages_with_partner")
    )
    share = book.measure("village_activity_rate_pct", absent=NO_BASIS)
    rate = book.measure("poverty_rate_pct", absent=NO_BASIS)
    return [
        flow("value_total_vnd", "triệu đồng huy động trong kỳ"),
        flow("activities", "lượt hoạt động hoàn thành"),
        flow("hh_total", "lượt hộ được hỗ trợ"),
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


def month_axis(label: str, note: str = "") -> str:
    """A month's name below a chart, and a note below that: lines are parted by a bar."""
    return "|".join(filter(None, [*label.split("/"), note]))


def monthly_trend(
    book: FigureBook,
    summary: Summary,
    fonts: Path,
    number: int,
    targets: Sequence[tuple[int, Target]] = (),
    width: int = charts.WHOLE,
) -> Chart:
    """The money, or the activities, of the last months, beside what a year's plan asks of a month on average.

    `targets` are the villages'; a unit alone is not measured by them. A month of which reports are lacking is drawn open,
    with how many came; the gifts of Tết are told apart.
    """
    planned = _planned_flow(targets)
    indicator = planned[1].indicator if planned else _SHOWN[0]
    entry = INDICATOR_BY_CODE[indicator]
    asked, asked_text = _asked_of_a_month(book, *planned) if planned else (None, None)
    bars, values = [], []
    for month in _known_months(summary, indicator):
        bar, said = _bar(book, summary, indicator, month, asked)
        bars.append(bar)
        values.append(said)
    title = f"{entry.name} theo tháng"
    plan = f", kế hoạch bình quân tháng {asked_text.striptags()}" if asked_text is not None else ""
    alternative = f"{title} ({entry.unit_of_measure}){plan}: {'; '.join(values)}."
    caption = Markup("Hình {}. {} ({})").format(book.ordinal(number), title, entry.unit_of_measure)
    if asked_text is not None:
        caption += Markup("; vạch đỏ: kế hoạch bình quân tháng {}").format(asked_text)
    if any(bar.light for bar in bars):
        caption += "; phần nhạt: quà Tết"
    if any(bar.is_open for bar in bars):
        caption += "; cột rỗng: chưa đủ báo cáo"
    return Chart(charts.columns(bars, alternative, fonts, width), caption)


def _known_months(summary: Summary, indicator: str) -> Sequence[Period]:
    """The months shown, from the first of which anything is known."""
    shown = summary.months_shown
    known = [summary.value(FigureKey(indicator, "trend", "month", str(month))) is not None for month in shown]
    return shown[known.index(True) :] if any(known) else shown[-1:]


def _bar(
    book: FigureBook, summary: Summary, indicator: str, month: Period, asked: Decimal | None
) -> tuple[charts.Bar, str]:
    """A month's column, and the same in words."""
    label, key = month_label(book, month), FigureKey(indicator, "trend", "month", str(month))
    value, per = summary.value(key), INDICATOR_BY_CODE[indicator].printed_per
    text = book.measure(indicator, "trend", "month", str(month), absent="chưa có").striptags()
    gifts = summary.value(FigureKey(_GIFTS[indicator], "trend", "month", str(month))) or Decimal(0)
    owing, sent = summary.coverage.expected[str(month)], summary.coverage.reported[str(month)]
    is_open = value is not None and sent < owing
    share = ""
    if is_open:
        share = "/".join(
            book.counted(f"{what}.{month}", name, sorted(units)).striptags()
            for what, name, units in (("sent", "đơn vị đã báo cáo", sent), ("owing", "đơn vị phải báo cáo", owing))
        )
    planned = asked if month.year == summary.period.year else None
    bar = charts.Bar(
        month_axis(label, share),
        None if value is None else float(value / per),
        text,
        planned=None if planned is None else float(planned),
        light=float(gifts / per),
        is_open=is_open,
    )
    return bar, f"{label}: {text}{f' ({share} đơn vị)' if share else ''}"


def _planned_flow(targets: Sequence[tuple[int, Target]]) -> tuple[int, Target] | None:
    """The target that the columns are measured by, with its number in the plan."""
    planned = {
        target.indicator: (place, target)
        for place, target in targets
        if target.kind is TargetKind.LEVEL and target.value and target.scope is TargetScope.VILLAGES
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
