"""What falls short, drafted from figures by rules, for a person to keep, change or strike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from domain.catalogue import INDICATOR_BY_CODE
from domain.claims import Claim, ClaimKind, Direction, State
from domain.indicators import FigureKey, Kind
from domain.plans import Target, TargetKind, TargetScope
from domain.quality import Doubt, Question
from domain.reference import Reference
from domain.summary import Summary
from domain.workings import Operation
from reports.figure_book import FigureBook
from reports.figure_names import in_a_sentence
from reports.monthly.claims import counted
from reports.monthly.plan_results import (
    POINTS,
    fulfilled,
    fulfilled_pct,
    is_stated_by_most,
    is_year_over,
    moved_pp,
    planned,
    reduced,
    resting_on,
    rests_on_enough,
    targets_of,
    time_gone,
    year_gone_pct,
)
from reports.monthly.reporting_discipline import belongs

_NAMED = 6
"""How many units are named."""


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """What falls short: the claim, in brief for the first page, and in full where it is to be printed."""

    claim: Claim
    brief: Markup
    """Empty where the first page says it otherwise."""
    tail: Markup
    """What the brief ends with; of several with one tail it is said once."""
    full: Callable[[], Markup]


def limits(book: FigureBook, found: Sequence[Shortcoming]) -> list[Markup]:
    """All of it, in full sentences of one paragraph."""
    return [Markup(" ").join(book.claim(each.claim, each.full()) for each in found)]


def shortcomings(book: FigureBook, summary: Summary, reference: Reference, idle: Sequence[str]) -> list[Shortcoming]:
    """What is behind plan, villages without activity, units without a report, and questions without an answer.

    Args:
        book: where the figures are placed.
        summary: what is known of the period.
        reference: the tables people edit.
        idle: the ids of the twinned villages of reporting units without activity.
    """
    found = [
        each
        for place, target in targets_of(summary, reference)
        if target.scope is TargetScope.VILLAGES
        and (each := _behind(book, summary, reference, place, target)) is not None
    ]
    if idle:
        found.append(_idle(book, idle))
    found += _unreported(book, summary)
    unanswered = [each for each in summary.quality.open_questions if _is_no_season(each)]
    if unanswered:
        found.append(_unanswered(book, summary, unanswered))
    return found


def _behind(book: FigureBook, summary: Summary, reference: Reference, place: int, target: Target) -> Shortcoming | None:
    if target.kind is TargetKind.LEVEL:
        return _level_behind(book, summary, reference, place, target)
    if target.kind is TargetKind.REDUCTION:
        return _reduction_behind(book, summary, reference, place, target)
    return None


def _level_behind(
    book: FigureBook, summary: Summary, reference: Reference, place: int, target: Target
) -> Shortcoming | None:
    claim, gone = fulfilled(book, summary, place, target), book.rounded(year_gone_pct(summary, reference), 1)
    if claim is None or claim.now is None or claim.outcome is None or claim.outcome >= gone:
        return None
    if not rests_on_enough(summary, FigureKey.parse(claim.now.figure).basis):
        return None
    # What the missing reports may still bring is no reason to say that the plan is behind.
    if claim.now.received and claim.outcome * claim.now.expected / claim.now.received >= gone:
        return None
    basis = FigureKey.parse(claim.now.figure).basis
    name, percent = in_a_sentence(_name(target)), fulfilled_pct(book, place, target)
    rest = resting_on(book, summary, basis)
    is_over = is_year_over(summary, reference)
    gone_words = time_gone(book, summary, reference) if not is_over else Markup("")
    judged = Claim(
        f"plan.{place}.behind", ClaimKind.FULFILLED, "", claim.now, plan=claim.plan, outcome=claim.outcome,
        direction=Direction.DOWN,
    )  # fmt: skip

    def full() -> Markup:
        if is_over:
            return Markup("{} cả năm đạt {}% kế hoạch, không đạt kế hoạch năm{}.").format(_name(target), percent, rest)
        said = Markup("{} lũy kế mới đạt {}% kế hoạch năm trong khi đã qua {} thời gian").format(
            _name(target), percent, gone_words
        )
        if rest:
            return Markup("{}{}.").format(said, rest)
        behind = book.worked(
            f"target.{place}@behind_pp", f"{_name(target)}: chậm so với thời gian", Operation.DIFFERENCE,
            ["year.gone_pct", f"target.{place}@fulfilled_pct"], POINTS, 1,
        )  # fmt: skip
        return Markup("{}, chậm {} {}.").format(said, behind, POINTS)

    brief = Markup("{} lũy kế đạt {}%").format(name, percent)
    tail = Markup(" kế hoạch năm khi đã qua {} thời gian{}").format(gone_words, rest)
    if is_over:
        tail = Markup(" kế hoạch năm khi kết thúc năm, không đạt kế hoạch")
    return Shortcoming(judged, brief, tail, full)


def _reduction_behind(
    book: FigureBook, summary: Summary, reference: Reference, place: int, target: Target
) -> Shortcoming | None:
    claim = reduced(book, summary, reference, place, target)
    if claim is None or claim.now is None or claim.against is None:
        return None
    if not is_stated_by_most(summary, claim.now.units):
        return None
    is_over = is_year_over(summary, reference)
    pace = planned(book, place, target)
    asked = target.value
    if not is_over:
        time_gone(book, summary, reference)
        asked = book.rounded(book.operand("year.gone_pct") * target.value / 100, 2)
    fell = book.operand(FigureKey.parse(claim.against.figure)) - book.operand(FigureKey.parse(claim.now.figure))
    if fell >= asked:
        return None
    moved = moved_pp(book, place, target, claim)
    if not is_over:
        pace = book.worked(
            f"target.{place}@pace_pp", f"{_name(target)}: mức giảm theo tiến độ", Operation.PERCENT_OF,
            ["year.gone_pct", f"target.{place}"], POINTS, 2,
        )  # fmt: skip
    judged = Claim(
        f"plan.{place}.slow", ClaimKind.MOVED, "", claim.now, claim.against, plan=target.value,
        outcome=book.rounded(abs(fell), 2), direction=claim.direction,
    )  # fmt: skip
    way = {Direction.DOWN: "giảm", Direction.UP: "tăng"}.get(claim.direction or Direction.SAME, "thay đổi")
    slower = "không đạt kế hoạch năm" if is_over else "chậm hơn tiến độ kế hoạch"
    said = Markup("{} {} {} {} từ đầu năm, {} ({})").format(
        in_a_sentence(_name(target)), way, moved, POINTS, slower, pace
    )
    units = claim.now.units

    def full() -> Markup:
        over = book.counted(f"target.{place}.units", "đơn vị có số liệu cả hai thời điểm", units)
        return Markup("{}{} (tính trên {} đơn vị có số liệu cả hai thời điểm).").format(
            said[:1].upper(), said[1:], over
        )

    return Shortcoming(judged, said, Markup(""), full)


def _idle(book: FigureBook, idle: Sequence[str]) -> Shortcoming:
    claim = counted("villages.idle", State.IDLE_VILLAGES, idle)
    count = book.counted("villages.idle_count", "làng kết nghĩa chưa có hoạt động", sorted(idle), "làng")
    full = Markup("{} làng kết nghĩa của các đơn vị đã báo cáo chưa có hoạt động trong kỳ (Phụ lục II).").format(count)
    brief = Markup("{} làng kết nghĩa chưa có hoạt động (Phụ lục II)").format(count)
    return Shortcoming(claim, brief, Markup(""), lambda: full)


def _unreported(book: FigureBook, summary: Summary) -> list[Shortcoming]:
    """The units whose report is late, lacking or returned, in one sentence; the first page asks for them by name."""
    names = {State.MISSING: "chưa báo cáo", State.REJECTED: "có báo cáo phải làm lại", State.LATE: "báo cáo trễ hạn"}
    own = {state: [unit.unit.code for unit in summary.units if belongs(unit, state)] for state in names}
    known = {state: codes for state, codes in own.items() if codes}
    if not known:
        return []

    def full() -> Markup:
        said = [
            Markup("{} đơn vị {}").format(
                book.counted(f"coverage.{state}", f"đơn vị {names[state]}", codes), names[state]
            )
            for state, codes in known.items()
        ]
        return Markup("{}.").format(Markup(", ").join(said))

    claim = Claim("units.behind", ClaimKind.JOINT, "", parts=tuple(f"units.{state}" for state in known))
    return [Shortcoming(claim, Markup(""), Markup(""), full)]


def _is_no_season(question: Question) -> bool:
    """Whether a month's own season cannot be why it is asked: stocks that jump, totals that fall, statements copied."""
    if question.doubt in (Doubt.FALLING, Doubt.COPIED):
        return True
    entry = INDICATOR_BY_CODE.get(question.indicator)
    return entry is not None and entry.kind is Kind.STOCK and question.doubt is Doubt.JUMP


def _unanswered(book: FigureBook, summary: Summary, questions: Sequence[Question]) -> Shortcoming:
    asked = [each.question_id for each in questions]
    units = sorted({each.unit_code for each in questions})
    names = {state.unit.code: in_a_sentence(state.unit.name) for state in summary.units}
    claim = counted("questions.open", State.OPEN_QUESTIONS, asked)

    def full() -> Markup:
        named = Markup(", ").join(book.reference(names.get(code, code)) for code in units[:_NAMED])
        more = Markup(", …") if len(units) > _NAMED else Markup("")
        return Markup("{} đơn vị chưa giải trình số liệu thay đổi đột ngột: {}{}.").format(
            book.counted("quality.questions.units", "đơn vị có số liệu chưa giải trình", units), named, more
        )

    return Shortcoming(claim, Markup(""), Markup(""), full)


def _name(target: Target) -> str:
    return INDICATOR_BY_CODE[target.indicator].name
