"""The poverty rate of the last months beside the path that the year's plan asks for."""

from decimal import Decimal
from pathlib import Path

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.indicators import FigureKey
from domain.period import Period
from domain.plans import Target, TargetKind
from domain.reference import Reference
from domain.summary import Summary
from domain.workings import MONTHS_OF_A_YEAR
from reports.charts import draw as charts
from reports.content import Chart
from reports.figure_book import FigureBook
from reports.monthly.key_figures import month_label
from reports.monthly.plan_results import targets_of
from reports.monthly.poverty_changes import is_comparable

_RATE = "poverty_rate_pct"


def has_poverty_chart(summary: Summary, reference: Reference) -> bool:
    """Whether the rates of at least two months are known by the poverty standard in force."""
    return sum(_rate(summary, reference, month) is not None for month in summary.months_shown) >= 2


def poverty_chart(book: FigureBook, summary: Summary, reference: Reference, fonts: Path, number: int) -> Chart | None:
    """The line of the months measured by the standard in force; nothing where fewer than two are known."""
    if not has_poverty_chart(summary, reference):
        return None
    points, values = [], []
    target = next((found for found in targets_of(summary, reference) if found[1].indicator == _RATE), None)
    for month in summary.months_shown:
        rate = _rate(summary, reference, month)
        path = _path(summary, reference, target[1], month) if target else None
        label = month_label(book, month)
        text = "" if rate is None else book.measure(_RATE, "trend", "month", str(month)).striptags()
        points.append(charts.Point(label, None if rate is None else float(rate), text, path))
        values.append(f"{label}: {text or 'chưa có'}")
    name = INDICATOR_BY_CODE[_RATE].name
    caption = Markup("Hình {}. {} (%)").format(book.ordinal(number), name)
    if target is not None and any(point.path is not None for point in points):
        caption += Markup("; nét đứt: đường kế hoạch {} {}").format(*_planned(book, *target))
    alternative = f"{name} (%): {'; '.join(values)}."
    return Chart(charts.line(points, alternative, fonts), caption)


def _rate(summary: Summary, reference: Reference, month: Period) -> Decimal | None:
    """The month's rate; null where it was measured by another standard than the period's."""
    then, today = reference.calendar.window(month).last_day, summary.window.last_day
    if reference.poverty_standard(then) != reference.poverty_standard(today):
        return None
    return summary.value(FigureKey(_RATE, "trend", "month", str(month)))


def _planned(book: FigureBook, place: int, target: Target) -> tuple[str, Markup]:
    name, is_fall = f"Kế hoạch năm: {INDICATOR_BY_CODE[_RATE].name}", target.kind is TargetKind.REDUCTION
    unit = "điểm %" if is_fall else "%"
    value = book.planned(f"target.{place}", name, target.value, unit, target.source)
    aim = {TargetKind.REDUCTION: "giảm", TargetKind.CEILING: "không quá", TargetKind.LEVEL: "đạt"}[target.kind]
    return aim, value + Markup(f" {unit} cả năm" if is_fall else "%")


def _path(summary: Summary, reference: Reference, target: Target, month: Period) -> float | None:
    """The planned rate of that month: a level all year long, or a reduction spread evenly over the months."""
    if month.year != summary.period.year:
        return None
    if target.kind is not TargetKind.REDUCTION:
        return float(target.value)
    start = summary.value(FigureKey(_RATE, "year_start"))
    if start is None or not is_comparable(summary, reference, "year_start"):
        return None
    return float(start - target.value * Decimal(month.number) / MONTHS_OF_A_YEAR)
