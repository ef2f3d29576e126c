"""The poverty rate of the last months; months of the same units are joined, a month with fewer is drawn open."""

from decimal import Decimal
from pathlib import Path

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.indicators import FigureKey
from domain.period import Period
from domain.reference import Reference
from domain.summary import Summary
from reports.charts import draw as charts
from reports.content import Chart
from reports.figure_book import FigureBook
from reports.monthly.key_figures import month_axis, month_label

_RATE, _LEAST = "poverty_rate_pct", 3
"""With fewer months there is nothing to see."""


def has_poverty_chart(summary: Summary, reference: Reference) -> bool:
    """Whether the rates of enough months are known by the poverty standard in force."""
    return sum(_rate(summary, reference, month) is not None for month in summary.months_shown) >= _LEAST


def poverty_chart(book: FigureBook, summary: Summary, reference: Reference, fonts: Path, number: int) -> Chart | None:
    """The months measured by the standard in force; nothing where too few are known."""
    if not has_poverty_chart(summary, reference):
        return None
    points, values, run, before = [], [], 0, None
    for month in summary.months_shown:
        rate, stating = _rate(summary, reference, month), _stating(summary, month)
        if stating != before:
            run, before = run + 1, stating
        owing = summary.coverage.closing[str(month)]
        is_open = rate is not None and stating < owing
        label = month_label(book, month)
        text = "" if rate is None else book.measure(_RATE, "trend", "month", str(month)).striptags()
        share = _share(book, month, stating, owing) if is_open else ""
        points.append(
            charts.Point(month_axis(label, share), None if rate is None else float(rate), text, run, is_open=is_open)
        )
        values.append(f"{label}: {text or 'chưa có'}{f' ({share} đơn vị)' if share else ''}")
    name = INDICATOR_BY_CODE[_RATE].name
    caption = Markup("Hình {}. {} (%)").format(book.ordinal(number), name)
    caption += "; trục đứng không bắt đầu từ không"
    if any(point.is_open for point in points):
        caption += "; điểm rỗng: chưa đủ đơn vị"
    if run > 1:
        caption += "; chỉ nối các tháng cùng đơn vị"
    return Chart(charts.line(points, f"{name} (%): {'; '.join(values)}.", fonts), caption)


def _share(book: FigureBook, month: Period, stating: frozenset[str], owing: frozenset[str]) -> str:
    """`14/17`: how many of the units state their households."""
    parts = (
        book.counted(f"stating.{month}", "đơn vị có số liệu hộ dân", sorted(stating)),
        book.counted(f"to_state.{month}", "đơn vị phải báo cáo số hộ", sorted(owing)),
    )
    return "/".join(part.striptags() for part in parts)


def _stating(summary: Summary, month: Period) -> frozenset[str]:
    """The units whose households are in the month's rate."""
    behind = summary.sources(FigureKey("households", "trend", "month", str(month))).submissions
    return frozenset(str(record.unit_code) for record in summary.submissions if record.submission_id in behind)


def _rate(summary: Summary, reference: Reference, month: Period) -> Decimal | None:
    """The month's rate; null where it was measured by another standard than the period's."""
    then, today = reference.calendar.window(month).last_day, summary.window.last_day
    if reference.poverty_standard(then) != reference.poverty_standard(today):
        return None
    return summary.value(FigureKey(_RATE, "trend", "month", str(month)))
