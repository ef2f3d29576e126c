"""Who reported, in time or late, and who did not: in sentences."""

from collections.abc import Sequence

from markupsafe import Markup

from domain.claims import State
from domain.figures import FigureStatus
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary, UnitState
from reports.figure_book import FigureBook
from reports.figure_names import in_a_sentence
from reports.monthly.annexes.restatement import restatement_sentence
from reports.monthly.claims import counted, covered

_NAMED = 20
"""Of more units than this the others are named in the appendix."""
_NAMES = {
    State.LATE: "báo cáo trễ hạn",
    State.MISSING: "chưa báo cáo",
    State.REJECTED: "có báo cáo bị trả lại, chưa nộp lại",
    State.NIL: "báo cáo không phát sinh",
}


def coverage_sentence(book: FigureBook, summary: Summary) -> Markup:
    """On how many units' reports everything below stands, known when, and how final that is."""
    whole = sorted(summary.coverage.expected["period"])
    sent = sorted(summary.coverage.reporting["period"])
    units = Markup("{}/{} đơn vị").format(
        book.counted("coverage.whole", "đơn vị có đủ báo cáo được chấp nhận", sent),
        book.counted("coverage.owing_all", "đơn vị phải báo cáo", whole),
    )
    if summary.period.is_month:
        over = Markup("{} có báo cáo được chấp nhận").format(units)
    else:
        over = Markup("{}/{} báo cáo tháng được chấp nhận ({} có đủ báo cáo)").format(
            book.reports("reports_received"), book.reports("reports_expected"), units
        )
    until = book.moment("cut_at", "thời điểm chốt số liệu", summary.cut_at)
    words = Markup("Số liệu {} trên <strong>{}</strong> đến {}.").format(_status_words(summary), over, until)
    if sent == whole and summary.period.is_month:
        complete = Markup("Số liệu {} của <strong>{}</strong>, chốt đến {}.")
        words = complete.format(_status_words(summary), units, until)
    return book.claim(covered("headline.coverage", State.REPORTED, sent, whole), words)


def reporting_discipline(book: FigureBook, summary: Summary, reference: Reference) -> list[Markup]:
    """When reports were due, and the units that are late, missing, rejected or have nothing to report."""
    due = book.moment("due", "hạn nộp", reference.calendar.due(summary.period))
    lead = Markup("Hạn nộp báo cáo: {}.").format(due)
    if not summary.period.is_month:
        month = book.phrase("last_month", "tháng cuối kỳ", summary.period.last_month.label())
        lead = Markup("Hạn nộp báo cáo {}: {}; trễ hạn tính theo hạn của từng tháng.").format(month, due)
    said = [
        _sentence(book, summary, state, [unit for unit in summary.units if belongs(unit, state)])
        for state in _NAMES
        if any(belongs(unit, state) for unit in summary.units)
    ]
    words = Markup("; ").join(said) if said else Markup("Tất cả đơn vị báo cáo đúng hạn")
    paragraphs = [Markup("{} {}.").format(lead, words)]
    if any(not state.is_complete for state in summary.units):
        paragraphs.append(
            Markup("Số liệu của đơn vị chưa có báo cáo được chấp nhận chưa được tính, không coi là bằng {}.").format(
                book.ordinal(0)
            )
        )
    if summary.restatement is not None:
        paragraphs.append(restatement_sentence(book, summary.restatement))
    return paragraphs


def belongs(unit: UnitState, state: State) -> bool:
    """Whether a unit is late, missing, rejected or has nothing to report."""
    match state:
        case State.LATE:
            return unit.is_counted and unit.working_days_late > 0
        case State.NIL:
            return unit.is_counted and unit.is_nil
        case State.REJECTED:
            return not unit.is_complete and unit.is_rejected
        case State.MISSING:
            return not unit.is_complete and not unit.is_rejected
    raise ValueError(f"{state} is nothing that a unit's report is")


def to_follow_up(units: Sequence[UnitState]) -> list[UnitState]:
    """The units that are late, missing, rejected or have nothing to report, each once, by what is the matter."""
    return list(dict.fromkeys(unit for state in _NAMES for unit in units if belongs(unit, state)))


def with_months(summary: Summary, unit: UnitState) -> str:
    """A unit in a sentence; in a period of several months with those that it lacks: `huyện Chư Păh (tháng 02 năm 2024)`."""
    name = in_a_sentence(unit.unit.name)
    if summary.period.is_month or unit.months_sent == 0:
        return name
    return f"{name} ({', '.join(unit.lacking)})"


def _sentence(book: FigureBook, summary: Summary, state: State, units: Sequence[UnitState]) -> Markup:
    codes = [unit.unit.code for unit in units]
    count = book.counted(f"coverage.{state}", f"đơn vị {_NAMES[state]}", codes)
    names = Markup(", ").join(
        book.reference(
            with_months(summary, unit) if state in (State.MISSING, State.REJECTED) else in_a_sentence(unit.unit.name)
        )
        for unit in units[:_NAMED]
    )
    more = Markup(" và các đơn vị khác tại Phụ lục II") if len(units) > _NAMED else Markup("")
    words = Markup("{} đơn vị {}: {}{}").format(count, _NAMES[state], names, more)
    return book.claim(counted(f"units.{state}", state, codes), words)


def _status_words(summary: Summary) -> str:
    """How final the period's figures are, by the status of the main indicator."""
    status = summary.status(FigureKey("value_total_vnd"))
    changed = summary.restatement is not None and summary.restatement.changes
    if status is FigureStatus.COMPLETE and changed:
        status = FigureStatus.REVISED
    return {
        FigureStatus.PROVISIONAL: "tạm tính",
        FigureStatus.COMPLETE: "đầy đủ",
        FigureStatus.REVISED: "đầy đủ, đã điều chỉnh so với bản trước,",
    }[status]
