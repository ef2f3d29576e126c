"""What became known of some months, in words: in short for an edition that is overtaken, in full for the next reader."""

from collections.abc import Sequence
from datetime import datetime

from domain import wording
from domain.codes import SUBMISSION_KINDS
from domain.corrections import Correction
from domain.double_counting import DoubleDecision
from domain.period import Period
from domain.quoting import quoted
from domain.reference import Reference
from domain.restatement import News
from domain.submissions import LockRecord, SubmissionRecord
from services.figures.known import Learnt
from services.run import Run
from storage import locks
from storage.database import Session

_KINDS = {choice.code: choice.name for choice in SUBMISSION_KINDS}
_NAMED = 3


def news_in_short(learnt: Learnt, until: datetime) -> list[str]:
    """A few words for each thing that was learnt until then."""
    return [
        *(
            f"bài nộp mới của đơn vị {record.unit_code} (kỳ {record.period}, lần nộp {record.revision})"
            for record in learnt.began
        ),
        *(f"bài nộp của đơn vị {record.unit_code} (kỳ {record.period}): {_ceased(record)}" for record in learnt.ceased),
        *(f"{_corrected(each, until)} {each.locator}" for each in learnt.corrections),
        *(
            f"{'' if each.holds(until) else 'hết hiệu lực '}quyết định về dòng trùng {each.dropped}"
            for each in learnt.duplicates
        ),
    ]


def first_few(news: Sequence[str]) -> str:
    """The first of the news in one line, and how many more there are."""
    more = f" và {len(news) - _NAMED} thay đổi khác" if len(news) > _NAMED else ""
    return "; ".join(news[:_NAMED]) + more


def news_in_full(session: Session, run: Run, learnt: Learnt, since: datetime, until: datetime) -> list[News]:
    """Each thing that was learnt between the two moments with its reason, by period and unit."""
    periods = sorted({str(record.period) for record in learnt.began})
    before, now = (locks.locks_of(session, periods, moment) for moment in (since, until))
    unlocked = locks.unlocks_of(session, [record.submission_id for record in learnt.began])
    found = []
    for record in learnt.began:
        why = _submitted(record)
        if record.submission_id in unlocked:
            why += f"; mở khóa kỳ: {unlocked[record.submission_id].reason}"
        else:
            why += _let_in(record, before.get(str(record.period)), now.get(str(record.period)))
        found.append(_explained(run.reference, str(record.period), str(record.unit_code), why))
    for record in learnt.ceased:
        found.append(_explained(run.reference, str(record.period), str(record.unit_code), _ceased(record)))
    for each in learnt.corrections:
        place = each.locator
        why = f"{_corrected(each, until)} ô {place.sheet}!{place.column}{place.row}: {each.reason} ({each.source})"
        if each.unlock_reason:
            why += f"; mở khóa kỳ: {each.unlock_reason}"
        found.append(_explained(run.reference, place.period, place.unit_code, why))
    for double in learnt.duplicates:
        found.append(
            _explained(run.reference, double.dropped.period, double.dropped.unit_code, _decided(double, until))
        )
    return sorted(found, key=lambda each: (each.period, each.unit_code, each.explanation))


def _submitted(record: SubmissionRecord) -> str:
    kind = _KINDS.get(record.kind or "", "bản nộp")
    words = f"{kind[:1].lower()}{kind[1:]}, lần nộp {record.revision} (tệp {record.sha256[:8]})"
    return f"{words}: {quoted(record.reason)}" if record.reason else words


def _let_in(record: SubmissionRecord, before: LockRecord | None, now: LockRecord | None) -> str:
    """Said where a lock kept the submission out, and a later one lets it count."""
    if before is None or now is None or not before.locked_from <= record.came_at < now.locked_from:
        return ""
    return f"; khóa kỳ dời từ {wording.moment(before.locked_from)} sang {wording.moment(now.locked_from)} ({now.locked_by})"


def _ceased(record: SubmissionRecord) -> str:
    return f"lần nộp {record.revision} không còn được tính"


def _corrected(each: Correction, until: datetime) -> str:
    return "tỉnh điều chỉnh" if each.holds(until) else "hết hiệu lực điều chỉnh"


def _decided(double: DoubleDecision, until: datetime) -> str:
    what = double.decision.label if double.holds(until) else "hết hiệu lực quyết định về dòng trùng"
    return f"dòng {double.dropped.row} so với {double.kept}: {what}, {double.reason} ({double.decided_by})"


def _explained(reference: Reference, period: str, unit_code: str, explanation: str) -> News:
    names = {unit.code: unit.name for unit in reference.expected_units(Period.parse(period))}
    return News(unit_code, names.get(unit_code, unit_code), period, explanation)
