"""Who reported, in time or late, and who did not: in sentences."""

from collections.abc import Sequence

from markupsafe import Markup

from domain.figures import FigureStatus
from domain.indicators import FigureKey
from domain.reference import Reference
from domain.summary import Summary, UnitState
from reports.content import Card
from reports.figure_book import FigureBook
from reports.monthly.annexes.restatement import restatement_sentence
from reports.monthly.annexes.units import coverage

_NAMED = 20
"""Of more units than this the others are named in the appendix."""


def reporting_discipline(book: FigureBook, summary: Summary, reference: Reference) -> list[Markup]:
    """When reports were due, the units that are late, missing, rejected or nil, and how final the figures are."""
    paragraphs = [
        Markup("Hạn nộp báo cáo: {}. Đã chấp nhận {} báo cáo.").format(
            book.moment("due", "hạn nộp", reference.calendar.due(summary.period)), coverage(book)
        )
    ]
    for key, name, states in follow_up_groups(summary.units):
        if states:
            count = book.counted(f"coverage.{key}", name, [state.unit.code for state in states])
            units = "; ".join(state.unit.name for state in states[:_NAMED])
            more = Markup(" và các đơn vị khác tại Phụ lục II") if len(states) > _NAMED else Markup("")
            paragraphs.append(Markup("{} {}: {}{}.").format(count, name, units, more))
    if len(paragraphs) == 1:
        paragraphs.append(Markup("Tất cả đơn vị báo cáo đúng hạn."))
    paragraphs.append(Markup("Tình trạng số liệu: {}.").format(_status_words(summary)))
    if summary.restatement is not None:
        paragraphs.append(restatement_sentence(book, summary.restatement))
    return paragraphs


def coverage_card(book: FigureBook, summary: Summary) -> Card:
    """How many units reported, and how many of them late."""
    counted = [state for state in summary.units if state.is_counted]
    late = [state.unit.code for state in counted if state.working_days_late]
    if not counted:
        change = Markup("chưa có báo cáo")
    elif not late:
        change = Markup("tất cả đúng hạn")
    else:
        change = Markup("trong đó {} trễ hạn").format(book.counted("coverage.late", "đơn vị trễ hạn", late))
    return Card(coverage(book), "đơn vị đã báo cáo", change)


def _status_words(summary: Summary) -> str:
    """How final the period's figures are, by the status of the main indicator."""
    status = summary.status(FigureKey("value_total_vnd"))
    changed = summary.restatement is not None and summary.restatement.changes
    if status is FigureStatus.COMPLETE and changed:
        status = FigureStatus.REVISED
    if status is FigureStatus.PROVISIONAL:
        return f"{status.label}, còn đơn vị chưa có báo cáo được chấp nhận" + (
            ", có số liệu đã điều chỉnh so với bản trước" if changed else ""
        )
    return status.label


def follow_up_groups(units: Sequence[UnitState]) -> list[tuple[str, str, list[UnitState]]]:
    """Who is late, missing, rejected or has nothing to report: a key, a name, the units."""
    return [
        ("late", "đơn vị báo cáo trễ hạn", [unit for unit in units if unit.is_counted and unit.working_days_late]),
        (
            "missing",
            "đơn vị chưa báo cáo",
            [unit for unit in units if not unit.is_counted and not unit.is_rejected],
        ),
        (
            "rejected",
            "đơn vị có báo cáo bị trả lại, chưa nộp lại",
            [unit for unit in units if not unit.is_counted and unit.is_rejected],
        ),
        ("nil", "đơn vị báo cáo không phát sinh", [unit for unit in units if unit.is_counted and unit.is_nil]),
    ]
