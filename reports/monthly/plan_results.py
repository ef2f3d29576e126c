"""How far the year's plan is fulfilled beside the time gone: levels, reductions, ceilings; always with what it stands on."""

from collections.abc import Collection
from decimal import Decimal

from markupsafe import Markup

from domain.calendar import Window
from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim, ClaimKind, Direction
from domain.comparison import against_ceiling, difference
from domain.indicators import FigureKey, Indicator, Kind
from domain.plans import Target, TargetKind, TargetScope
from domain.reference import Reference
from domain.summary import Summary
from domain.workings import Operation
from reports.figure_book import FigureBook
from reports.monthly.annexes.units import coverage
from reports.monthly.claims import compared_keys, side
from reports.monthly.poverty_changes import is_comparable

POINTS = "điểm phần trăm"
_ENOUGH = Decimal("0.9")
"""The part of the monthly reports that must have come before a plan is judged."""
_MOST = Decimal("0.8")
"""The part of the units that must state a stock before a rate over them is judged."""


def targets_of(summary: Summary, reference: Reference) -> list[tuple[int, Target]]:
    """The targets of the reporting year, numbered as their figures are."""
    return list(enumerate((each for each in reference.targets if each.year == summary.period.year), start=1))


def plan_result(book: FigureBook, summary: Summary, reference: Reference, place: int, target: Target) -> Markup:
    """`Kinh phí huy động: lũy kế 5.518,5 triệu đồng, đạt 15,3% kế hoạch năm (36.000 triệu đồng), …`."""
    entry = INDICATOR_BY_CODE[target.indicator]
    head = Markup("{}: ").format(entry.name)
    if target.scope is TargetScope.PROVINCE:
        asked = planned(book, place, target)
        return head + Markup("mục tiêu chung của cả tỉnh là {} {}; không tính riêng cho các làng kết nghĩa").format(
            {TargetKind.LEVEL: "đạt", TargetKind.CEILING: "không quá", TargetKind.REDUCTION: "giảm"}[target.kind],
            asked + after_number(_unit(entry, target)),
        )
    match target.kind:
        case TargetKind.LEVEL:
            return head + _level(book, summary, reference, place, target)
        case TargetKind.CEILING:
            return head + _ceiling(book, summary, place, target)
        case TargetKind.REDUCTION:
            return head + _reduction(book, summary, reference, place, target)


def fulfilled(book: FigureBook, summary: Summary, place: int, target: Target) -> Claim | None:
    """How much of a level the year's cumulated flow, or the stock, comes to; nothing where that is not known."""
    now = side(summary, achieved_by(target))
    if now is None or not target.value:
        return None
    planned(book, place, target)
    percent = book.rounded(book.operand(achieved_by(target)) * 100 / target.value, 1)
    return Claim(f"plan.{place}.fulfilled", ClaimKind.FULFILLED, "", now, plan=target.value, outcome=percent)


def fulfilled_pct(book: FigureBook, place: int, target: Target) -> Markup:
    """That percentage as printed."""
    name = f"{INDICATOR_BY_CODE[target.indicator].name}: mức đạt kế hoạch"
    parts: list[FigureKey | str] = [achieved_by(target), f"target.{place}"]
    return book.worked(f"target.{place}@fulfilled_pct", name, Operation.SHARE_PCT, parts, "%", 1)


def achieved_by(target: Target) -> FigureKey:
    """Flows are counted from the year's start; stocks and rates as they stand."""
    is_flow = INDICATOR_BY_CODE[target.indicator].kind is Kind.FLOW
    return FigureKey(target.indicator, "cumulative" if is_flow else "period")


def planned(book: FigureBook, place: int, target: Target) -> Markup:
    """What the plan asks for, as printed."""
    entry = INDICATOR_BY_CODE[target.indicator]
    name = f"Kế hoạch năm: {entry.name}"
    return book.planned(f"target.{place}", name, target.value, _unit(entry, target), target.source)


def year_gone(summary: Summary, reference: Reference) -> tuple[Window, Window]:
    """The days of the reporting year up to the period's end, and all its days."""
    year = reference.calendar.reporting_year(summary.period)
    return Window(year.first_day, summary.window.last_day), year


def year_gone_pct(summary: Summary, reference: Reference) -> Decimal:
    """What part of the reporting year has gone, in percent, exact."""
    gone, year = year_gone(summary, reference)
    return Decimal(100 * gone.days) / year.days


def time_gone(book: FigureBook, summary: Summary, reference: Reference) -> Markup:
    """That part as printed, with a percent sign."""
    gone, year = year_gone(summary, reference)
    return book.share_of_days("year.gone_pct", "thời gian của năm báo cáo đã qua", gone.days, year.days) + "%"


def is_year_over(summary: Summary, reference: Reference) -> bool:
    """Whether the period ends with the reporting year."""
    gone, year = year_gone(summary, reference)
    return gone == year


def when_words(book: FigureBook, summary: Summary, reference: Reference) -> Markup:
    """`khi đã qua 16,9% thời gian`; at the end of the year, that it has ended."""
    if is_year_over(summary, reference):
        return Markup("khi kết thúc năm")
    return Markup("khi đã qua {} thời gian").format(time_gone(book, summary, reference))


def after_number(unit: str) -> str:
    """The unit as it follows a number: a percent sign stands close, a word apart."""
    return unit if unit == "%" else f" {unit}"


def rests_on_enough(summary: Summary, basis: str) -> bool:
    """Whether nearly all monthly reports came: with fewer nobody can say whether the plan is behind or they are lacking."""
    covered = summary.coverage
    return covered.received_reports[basis] >= _ENOUGH * covered.expected_reports[basis]


def is_stated_by_most(summary: Summary, units: Collection[str]) -> bool:
    """Whether so many units state a stock that a rate over them may be judged."""
    return len(units) >= _MOST * len(summary.coverage.closing["period"])


def resting_on(book: FigureBook, summary: Summary, basis: str) -> Markup:
    """On how many monthly reports a span's figures rest; nothing where none is lacking."""
    if summary.coverage.received_reports[basis] == summary.coverage.expected_reports[basis]:
        return Markup("")
    return Markup(" (tính trên {} báo cáo tháng)").format(coverage(book, basis))


def _unit(entry: Indicator, target: Target) -> str:
    is_points = target.kind is TargetKind.REDUCTION and entry.unit_of_measure == "%"
    return POINTS if is_points else entry.unit_of_measure


def _level(book: FigureBook, summary: Summary, reference: Reference, place: int, target: Target) -> Markup:
    entry, asked = INDICATOR_BY_CODE[target.indicator], planned(book, place, target)
    unit = after_number(entry.unit_of_measure)
    claim = fulfilled(book, summary, place, target)
    if claim is None:
        return Markup("chưa có số liệu để so với kế hoạch năm ({}{})").format(asked, unit)
    key = achieved_by(target)
    if not rests_on_enough(summary, key.basis):
        return Markup("chưa đánh giá tiến độ kế hoạch năm ({}{}): mới có {} báo cáo tháng").format(
            asked, unit, coverage(book, key.basis)
        )
    words = Markup("{}{}{}, đạt {}% kế hoạch năm ({}{}), {}{}").format(
        "lũy kế " if entry.kind is Kind.FLOW else "",
        book.measure(key.indicator, key.basis),
        unit,
        fulfilled_pct(book, place, target),
        asked,
        unit,
        when_words(book, summary, reference),
        resting_on(book, summary, key.basis),
    )
    return book.claim(claim, words)


def _ceiling(book: FigureBook, summary: Summary, place: int, target: Target) -> Markup:
    entry, asked = INDICATOR_BY_CODE[target.indicator], planned(book, place, target)
    unit, key = after_number(entry.unit_of_measure), FigureKey(target.indicator)
    now = side(summary, key)
    if now is None:
        return Markup("chưa có số liệu để so với mức không quá {}{}").format(asked, unit)
    whole = len(summary.coverage.closing["period"])
    if not is_stated_by_most(summary, now.units) or (entry.kind is not Kind.RATIO and len(now.units) < whole):
        return Markup("chưa đủ số liệu để so với mức không quá {}{}").format(asked, unit)
    found = against_ceiling(now.value / entry.printed_per, target.value, entry.decimals, book.differences)
    points = POINTS if entry.unit_of_measure == "%" else entry.unit_of_measure
    is_equal = found.is_met and not found.distance
    distance = Markup("")
    if not is_equal:
        distance = book.worked(
            f"target.{place}@distance", f"{entry.name}: chênh lệch với mức trần", Operation.DIFFERENCE,
            [key, f"target.{place}"], points, entry.decimals,
        )  # fmt: skip
    claim = Claim(
        f"plan.{place}.ceiling", ClaimKind.MOVED, "", now, plan=target.value, outcome=abs(found.distance),
        direction=Direction.DOWN if found.is_met else Direction.UP,
    )  # fmt: skip
    over = book.counted(f"target.{place}.stating", "đơn vị có số liệu", now.units)
    verdict = Markup("đạt, bằng mức trần")
    if not is_equal:
        beside = "thấp hơn" if found.is_met else "vượt"
        verdict = Markup("{}, {} {} {}").format("đạt" if found.is_met else "không đạt", beside, distance, points)
    words = Markup("{}{} so với mức không quá {}{}: {} (tính trên {} đơn vị)").format(
        book.measure(target.indicator), unit, asked, unit, verdict, over
    )
    return book.claim(claim, words)


def _reduction(book: FigureBook, summary: Summary, reference: Reference, place: int, target: Target) -> Markup:
    entry, asked = INDICATOR_BY_CODE[target.indicator], planned(book, place, target)
    claim = reduced(book, summary, reference, place, target)
    if claim is None:
        if compared_keys(summary, target.indicator, "year_start") and entry.kind is Kind.RATIO:
            return Markup("không so với kế hoạch giảm {} {} vì chuẩn nghèo đã thay đổi").format(asked, POINTS)
        return Markup("chưa có số liệu đầu năm để so với kế hoạch giảm {} {}").format(asked, POINTS)
    assert claim.now is not None
    over = book.counted(f"target.{place}.units", "đơn vị có số liệu cả hai thời điểm", claim.now.units)
    if claim.direction is not Direction.DOWN:
        points = moved_pp(book, place, target, claim)
        words = Markup(
            "từ đầu năm {} {} {}, chưa đạt mức hạ {} {} của kế hoạch năm (tính trên {} đơn vị có số liệu cả hai thời điểm)"
        )
        way = "tăng" if claim.direction is Direction.UP else "thay đổi"
        return book.claim(claim, words.format(way, points, POINTS, asked, POINTS, over))
    words = Markup(
        "từ đầu năm giảm {} {}, đạt {}% kế hoạch năm (giảm {} {}), {} (tính trên {} đơn vị có số liệu cả hai thời điểm)"
    ).format(
        moved_pp(book, place, target, claim),
        POINTS,
        book.worked(
            f"target.{place}@fulfilled_pct", f"{entry.name}: mức đạt kế hoạch", Operation.SHARE_PCT,
            [f"target.{place}@moved_pp", f"target.{place}"], "%", 1,
        ),
        asked,
        POINTS,
        when_words(book, summary, reference),
        over,
    )  # fmt: skip
    return book.claim(claim, words)


def reduced(book: FigureBook, summary: Summary, reference: Reference, place: int, target: Target) -> Claim | None:
    """How much of a reduction is done since the year began, over the units that state it on both days."""
    entry = INDICATOR_BY_CODE[target.indicator]
    keys = compared_keys(summary, target.indicator, "year_start") if entry.kind is Kind.RATIO else None
    if keys is None or not target.value or not is_comparable(summary, reference, "year_start"):
        return None
    if keys[0].member != keys[1].member:
        return None
    planned(book, place, target)
    now, then = (book.operand(key) for key in keys)
    fell = difference(then, now, entry.decimals, book.differences)
    return Claim(
        f"plan.{place}.reduced",
        ClaimKind.REDUCED,
        "",
        side(summary, keys[0]),
        side(summary, keys[1]),
        plan=target.value,
        outcome=book.rounded(100 * fell / target.value, 1) if fell > 0 else abs(fell),
        direction=Direction.DOWN if fell > 0 else (Direction.UP if fell < 0 else Direction.SAME),
    )


def moved_pp(book: FigureBook, place: int, target: Target, claim: Claim) -> Markup:
    """By how many points the ratio moved since the year began, as printed."""
    assert claim.now is not None
    assert claim.against is not None
    entry = INDICATOR_BY_CODE[target.indicator]
    keys = [FigureKey.parse(each.figure) for each in (claim.against, claim.now)]
    name = f"{entry.name}: thay đổi từ đầu năm"
    return book.worked(f"target.{place}@moved_pp", name, Operation.DIFFERENCE, keys, POINTS, entry.decimals)
