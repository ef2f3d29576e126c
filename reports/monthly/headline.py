"""The first page: what happened, what falls short, what is asked; four figures with and without the season; the plan."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim, Direction, State
from domain.indicators import FigureKey
from domain.plans import Target, TargetKind, TargetScope
from domain.reference import Reference
from domain.summary import Summary
from reports.content import Headline, Progress
from reports.figure_book import FigureBook
from reports.monthly.annexes.units import coverage
from reports.monthly.assessment import Shortcoming
from reports.monthly.claims import change, covered, joint
from reports.monthly.comparison import ground, percent_of, verb
from reports.monthly.headline_table import headline_table
from reports.monthly.plan_results import (
    after_number,
    fulfilled,
    fulfilled_pct,
    is_year_over,
    planned,
    resting_on,
    rests_on_enough,
    targets_of,
    time_gone,
    year_gone_pct,
)
from reports.monthly.tet_results import has_gifts
from reports.monthly.villages import active_villages, twinned_villages

_BARS = 2
"""How many lines of the year's plan are drawn."""


def headline(
    book: FigureBook,
    summary: Summary,
    reference: Reference,
    earlier: Mapping[str, Markup],
    limits: Markup,
    asked: Markup,
    section_of_tet: int | None,
) -> Headline:
    """The first page's summary.

    Args:
        book: where the figures are placed.
        summary: what is known of the period.
        reference: the tables people edit.
        earlier: the periods compared with, in words, by basis.
        limits: what falls short, in brief; empty where nothing does.
        asked: what the reader should decide.
        section_of_tet: the number under which Tết is compared with Tết.
    """
    sentences = [("Kết quả:", _results(book, summary, reference, earlier))]
    if limits:
        sentences.append(("Hạn chế:", limits))
    sentences.append(("Cần cho ý kiến:", asked))
    return Headline(
        sentences,
        headline_table(book, summary, reference, earlier, section_of_tet),
        _progress(book, summary, reference),
    )


def limits_in_brief(book: FigureBook, found: Sequence[Shortcoming]) -> Markup:
    """What falls short, as the first page says it; empty where nothing does."""
    brief = [each for each in found if each.brief]
    if not brief:
        return Markup("")
    said = [
        Markup("{}{}").format(Markup(", " if tail else "; ").join(each.brief for each in together), tail)
        for tail, together in ((tail, list(group)) for tail, group in groupby(brief, key=lambda each: each.tail))
    ]
    words = Markup("{}.").format(Markup("; ").join(said))
    return book.claim(joint("headline.limits", [each.claim.claim_id for each in brief]), words)


def drawn_targets(summary: Summary, reference: Reference) -> list[tuple[int, Target]]:
    """The lines of the plan that stand on the first page as bars."""
    return [
        (place, target)
        for place, target in targets_of(summary, reference)
        if target.kind is TargetKind.LEVEL
        and target.scope is TargetScope.VILLAGES
        and target.value
        and INDICATOR_BY_CODE[target.indicator].adds_over_time
        and summary.value(FigureKey(target.indicator, "cumulative")) is not None
        and rests_on_enough(summary, "cumulative")
    ][:_BARS]


def _results(book: FigureBook, summary: Summary, reference: Reference, earlier: Mapping[str, Markup]) -> Markup:
    """What was done and raised, in how many villages, and how it moved; the gifts of Tết told apart."""
    if summary.value(FigureKey("activities")) is None:
        return Markup("chưa có báo cáo nào được chấp nhận, chưa có số liệu để tổng hợp.")
    season, parts = has_gifts(summary), ["value_total_vnd@period", "activities@period", "hh_total@period"]
    gifts = Markup("")
    if summary.value(FigureKey("tet_gift_value_vnd")):
        gifts = Markup(" (quà Tết {})").format(book.measure("tet_gift_value_vnd"))
        parts.append("tet_gift_value_vnd@period")
    words = Markup("huy động {} triệu đồng{}, hoàn thành {} lượt hoạt động, hỗ trợ {} lượt hộ").format(
        book.measure("value_total_vnd"), gifts, book.measure("activities"), book.measure("hh_total")
    )
    active, twinned = active_villages(summary, reference), twinned_villages(summary, reference)
    if twinned:
        claim = covered("villages.active", State.ACTIVE_VILLAGES, active, twinned)
        villages = Markup("{}/{} làng kết nghĩa có hoạt động").format(
            book.measure("villages_active"), book.measure("villages_with_partner")
        )
        words += Markup("; {}").format(book.claim(claim, villages))
        parts.append(claim.claim_id)
    moves = (
        []
        if _is_month_of_the_change(summary)
        else [_moved(book, summary, name, indicator) for name, indicator in _compared(season)]
    )
    known = [(claim, said) for claim, said in moves if claim is not None]
    if known:
        over = (
            Markup("")
            if summary.common("previous").is_all
            else Markup(" ({})").format(ground(book, summary, known[0][0], "previous"))
        )
        compared = Markup(", ").join(said for _, said in known)
        lead = "Không kể quà Tết, " if season else "So với kỳ trước, "
        words += Markup(". {}{}").format(lead, compared)
        words += Markup(" so với {}{}").format(earlier["previous"], over) if season else over
        parts += [claim.claim_id for claim, _ in known]
    return book.claim(joint("headline.results", parts), words + ".")


def _is_month_of_the_change(summary: Summary) -> bool:
    """Whether districts and communes both report: then what changed is who reports, before anything else."""
    return len({state.unit.level for state in summary.units}) > 1


def _compared(season: bool) -> list[tuple[str, str]]:
    return [
        ("kinh phí", "value_without_tet_vnd" if season else "value_total_vnd"),
        ("số lượt hoạt động", "activities_without_tet" if season else "activities"),
    ]


def _moved(book: FigureBook, summary: Summary, name: str, indicator: str) -> tuple[Claim | None, Markup]:
    claim = change(book, summary, indicator, "previous")
    if claim is None or claim.direction is Direction.FROM_NOTHING:
        return None, Markup("")
    if claim.direction is Direction.SAME:
        words = Markup("{} không đổi").format(name)
    else:
        words = Markup("{} {} {}%").format(name, verb(claim), percent_of(book, claim, indicator, "previous"))
    said = replace(claim, claim_id=f"headline.results.{indicator}")
    return said, book.claim(said, words)


def _progress(book: FigureBook, summary: Summary, reference: Reference) -> list[Progress]:
    """A bar for each drawn line of the plan, with a mark where the time has got to."""
    found = []
    for place, target in drawn_targets(summary, reference):
        claim = fulfilled(book, summary, place, target)
        assert claim is not None
        entry = INDICATOR_BY_CODE[target.indicator]
        words = Markup("{}: <strong>{}%</strong> kế hoạch năm ({}{}{})").format(
            entry.name,
            fulfilled_pct(book, place, target),
            planned(book, place, target),
            after_number(entry.unit_of_measure),
            Markup("; {} báo cáo tháng").format(coverage(book, "cumulative"))
            if resting_on(book, summary, "cumulative")
            else "",
        )
        gone = Markup("đã hết năm")
        if not is_year_over(summary, reference):
            gone = Markup("đã qua {} thời gian").format(time_gone(book, summary, reference))
        found.append(
            Progress(
                book.claim(claim, words),
                float(claim.outcome or 0) / 100,
                float(year_gone_pct(summary, reference)) / 100,
                gone,
            )
        )
    return found
