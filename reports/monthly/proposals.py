"""What the reader is asked for: by name and day on the first page, and as proposals at the end."""

from collections.abc import Sequence

from markupsafe import Markup

from domain.calendar import VIETNAM
from domain.claims import State
from domain.reference import Reference
from domain.summary import Summary, UnitState
from domain.units import Level
from reports.figure_book import FigureBook
from reports.monthly.claims import counted, joint
from reports.monthly.reporting_discipline import with_months

_WORKING_DAYS_TO_ANSWER = 5
"""So long after the figures were cut a unit has to send what is asked of it."""
_NAMED = 6
"""Of more units than this the others are named in the appendix."""


def decision(book: FigureBook, summary: Summary, reference: Reference, *, has_proposals: bool) -> Markup:
    """What the reader should decide; `has_proposals` where the report ends with written ones."""
    owing, asked, parts = _owing(summary), [], []
    for state, units in owing:
        claim = counted(f"units.{state}", state, [unit.unit.code for unit in units])
        parts.append(claim.claim_id)
    if owing:
        parts += ["answer_day", "coverage.owing"]
        parts += ["coverage.owing_more"] if sum(len(units) for _, units in owing) > _NAMED else []
        asked.append(
            Markup("chỉ đạo {} nộp trước ngày {}").format(
                _named(book, summary, owing), _answer_day(book, summary, reference)
            )
        )
    if has_proposals:
        asked.append(Markup("xem xét các kiến nghị ở cuối báo cáo này"))
    words = Markup("{}.").format(Markup("; ").join(asked or [Markup("không có nội dung nào trong kỳ này")]))
    return book.claim(joint("headline.asked", parts or ["headline.coverage"]), words)


def reporting_proposal(book: FigureBook, summary: Summary, reference: Reference) -> list[Markup]:
    """That the units without an accepted report send one, by name and day; nothing where all have."""
    owing = _owing(summary)
    if not owing:
        return []
    count = book.counted(
        "coverage.owing",
        "đơn vị chưa có báo cáo được chấp nhận",
        [unit.unit.code for _, units in owing for unit in units],
    )
    words = Markup(
        "Đề nghị {} chỉ đạo {} đơn vị chưa có báo cáo được chấp nhận, gồm {}, nộp báo cáo trước ngày {}; số liệu sẽ được bổ "
        "sung trong báo cáo kỳ sau."
    )
    day = _answer_day(book, summary, reference)
    return [words.format(reference.sender.addressee, count, _named(book, summary, owing), day)]


def proposals(reporting: Sequence[Markup], written: Sequence[Markup], addressee: str) -> list[Markup]:
    """The proposals to the addressee: that missing units report, then the written ones; a sentence where there are none."""
    nothing = Markup("Không có nội dung cần {} cho ý kiến trong kỳ này.").format(addressee)
    return [*reporting, *written] or [nothing]


def _named(book: FigureBook, summary: Summary, owing: Sequence[tuple[State, Sequence[UnitState]]]) -> Markup:
    """`huyện Chư Păh (chưa báo cáo) và huyện Chư Sê (báo cáo phải làm lại)`; of many, those that fit, and how many more."""
    why = {State.MISSING: "chưa báo cáo", State.REJECTED: "báo cáo phải làm lại"}
    room, groups = _NAMED, []
    for state, units in owing:
        shown = units[:room]
        room -= len(shown)
        if shown:
            names = _listed([book.reference(_who_answers(summary, unit)) for unit in shown])
            groups.append(Markup("{} ({})").format(names, why[state]))
    left = [unit.unit.code for _, units in owing for unit in units][_NAMED:]
    if left:
        more = book.counted("coverage.owing_more", "đơn vị khác chưa có báo cáo được chấp nhận", left)
        groups.append(Markup("{} đơn vị khác (Phụ lục II)").format(more))
    return _listed(groups)


def _who_answers(summary: Summary, state: UnitState) -> str:
    """The unit in a sentence; one that is no more, by those who took over its ground."""
    name, gone = with_months(summary, state), state.unit.valid_to
    is_gone = gone is not None and gone < summary.cut_at.astimezone(VIETNAM).date()
    is_district = state.unit.level is Level.DISTRICT
    return f"các xã, phường tiếp nhận địa bàn {name} cũ" if is_gone and is_district else name


def _listed(names: Sequence[Markup]) -> Markup:
    """`A, B và C`."""
    if len(names) == 1:
        return names[0]
    return Markup(" và ").join([Markup(", ").join(names[:-1]), names[-1]])


def _answer_day(book: FigureBook, summary: Summary, reference: Reference) -> Markup:
    cut = max(summary.cut_at, reference.calendar.due(summary.period)).astimezone(VIETNAM).date()
    day = reference.calendar.working_days_after(cut, _WORKING_DAYS_TO_ANSWER)
    return book.day("answer_day", "hạn nộp lại", day)


def _owing(summary: Summary) -> list[tuple[State, list[UnitState]]]:
    """The units of which no report counts, by why."""
    of = [state for state in summary.units if not state.is_complete]
    found = [
        (State.MISSING, [state for state in of if not state.is_rejected]),
        (State.REJECTED, [state for state in of if state.is_rejected]),
    ]
    return [(state, units) for state, units in found if units]
