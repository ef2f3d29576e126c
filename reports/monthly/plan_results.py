"""How far the year's plan for the twinned villages is fulfilled: levels, reductions, ceilings."""

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.comparison import against_ceiling, difference
from domain.indicators import FigureKey, Kind
from domain.plans import Target, TargetKind
from domain.reference import Reference
from domain.summary import Summary
from domain.workings import Operation
from reports.figure_book import FigureBook
from reports.monthly.poverty_changes import is_comparable, over_common_ground


def targets_of(summary: Summary, reference: Reference) -> list[tuple[int, Target]]:
    """The targets of the reporting year, numbered as their figures are."""
    return list(enumerate((each for each in reference.targets if each.year == summary.period.year), start=1))


def plan_results(book: FigureBook, summary: Summary, reference: Reference) -> list[Markup]:
    """One sentence per target of the year, in the order of the table."""
    return [_sentence(book, summary, reference, place, target) for place, target in targets_of(summary, reference)]


def _sentence(book: FigureBook, summary: Summary, reference: Reference, place: int, target: Target) -> Markup:
    entry = INDICATOR_BY_CODE[target.indicator]
    unit = "điểm %" if target.kind is TargetKind.REDUCTION else entry.unit_of_measure
    planned = book.planned(f"target.{place}", f"Kế hoạch năm: {entry.name}", target.value, unit, target.source)
    head = Markup("{} (kế hoạch {}): ").format(entry.name, target.plan_owner)
    match target.kind:
        case TargetKind.LEVEL:
            return head + _level(book, summary, place, target, planned)
        case TargetKind.CEILING:
            return head + _ceiling(book, summary, place, target, planned)
        case TargetKind.REDUCTION:
            return head + _reduction(book, summary, reference, place, target, planned)


def _level(book: FigureBook, summary: Summary, place: int, target: Target, planned: Markup) -> Markup:
    """Flows are counted from the year's start; stocks and rates as they stand."""
    entry = INDICATOR_BY_CODE[target.indicator]
    basis = "cumulative" if entry.kind is Kind.FLOW else "period"
    achieved = FigureKey(target.indicator, basis)
    if summary.value(achieved) is None or not target.value:
        return Markup("chưa có số liệu để so với kế hoạch {}{}.").format(planned, _after_number(entry.unit_of_measure))
    percent = book.worked(
        f"target.{place}@fulfilled_pct", f"{entry.name}: mức đạt kế hoạch", Operation.SHARE_PCT,
        [achieved, f"target.{place}"], "%", 1,
    )  # fmt: skip
    return Markup("{}{} / {}{}, đạt {}% kế hoạch.").format(
        "luỹ kế " if basis == "cumulative" else "",
        book.measure(target.indicator, basis),
        planned,
        _after_number(entry.unit_of_measure),
        percent,
    )


def _after_number(unit: str) -> str:
    """The unit as it follows a number: a percent sign stands close, a word apart."""
    return unit if unit == "%" else f" {unit}"


def _ceiling(book: FigureBook, summary: Summary, place: int, target: Target, planned: Markup) -> Markup:
    entry = INDICATOR_BY_CODE[target.indicator]
    value = summary.value(FigureKey(target.indicator))
    if value is None:
        return Markup("chưa có số liệu để so với mức không quá {}{}.").format(
            planned, _after_number(entry.unit_of_measure)
        )
    found = against_ceiling(value / entry.printed_per, target.value, entry.decimals, book.differences)
    unit = "điểm %" if entry.unit_of_measure == "%" else entry.unit_of_measure
    distance = book.worked(
        f"target.{place}@distance", f"{entry.name}: chênh lệch với mức trần", Operation.DIFFERENCE,
        [FigureKey(target.indicator), f"target.{place}"], unit, entry.decimals,
    )  # fmt: skip
    return Markup("{}{} so với mức không quá {}{}: {}, {} {} {}.").format(
        book.measure(target.indicator),
        _after_number(entry.unit_of_measure),
        planned,
        _after_number(entry.unit_of_measure),
        "đạt" if found.is_met else "không đạt",
        "thấp hơn" if found.is_met else "vượt",
        distance,
        unit,
    )


def _reduction(
    book: FigureBook, summary: Summary, reference: Reference, place: int, target: Target, planned: Markup
) -> Markup:
    entry = INDICATOR_BY_CODE[target.indicator]
    rates = over_common_ground(summary, "year_start", target.indicator) if entry.kind is Kind.RATIO else None
    if rates is None:
        return Markup("chưa có số liệu đầu năm để so với kế hoạch giảm {} điểm %.").format(planned)
    if not is_comparable(summary, reference, "year_start"):
        return Markup("không so với kế hoạch giảm {} điểm % vì chuẩn nghèo đã thay đổi.").format(planned)
    now, then = rates
    fell = difference(book.operand(then), book.operand(now), entry.decimals, book.differences)
    moved = f"target.{place}@moved_pp"
    points = book.worked(
        moved, f"{entry.name}: thay đổi từ đầu năm", Operation.DIFFERENCE, [then, now], "điểm %", entry.decimals
    )
    if fell < 0 or not target.value:
        return Markup("từ đầu năm tăng {} điểm % / kế hoạch giảm {} điểm %, chưa đạt.").format(points, planned)
    percent = book.worked(
        f"target.{place}@fulfilled_pct", f"{entry.name}: mức đạt kế hoạch", Operation.SHARE_PCT,
        [moved, f"target.{place}"], "%", 2,
    )  # fmt: skip
    return Markup("từ đầu năm giảm {} điểm % / kế hoạch giảm {} điểm %, đạt {}% kế hoạch.").format(
        points, planned, percent
    )
