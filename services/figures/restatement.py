"""Looks up what an earlier edition of the period printed, and why today's figures differ."""

from collections.abc import Sequence
from datetime import datetime

from domain.catalogue import INDICATOR_BY_CODE
from domain.codes import SUBMISSION_KINDS
from domain.editions import EditionRecord
from domain.figures import Figure
from domain.indicators import FigureKey
from domain.period import Period
from domain.reference import Reference
from domain.restatement import Change, News, Restatement
from domain.submissions import SubmissionRecord
from domain.summary import Summary
from services.figures.known import learnt_between
from services.run import Run
from storage import editions, locks
from storage.database import Session

_KINDS = {choice.code: choice.name for choice in SUBMISSION_KINDS}
_OF_UNITS = ("activities", "hh_total", "value_total_vnd", "villages_active", "poor_households", "poverty_rate_pct")


def restatement_of(
    session: Session, run: Run, summary: Summary, made_before: EditionRecord | None = None
) -> Restatement | None:
    """What changed since the edition the reader had last; nothing where no edition knew less than this one.

    With `made_before`, what came later than that edition, and was released later, is not seen.
    """
    earlier = [
        edition
        for edition in editions.editions_of(session, str(summary.period))
        if edition.as_of < summary.cut_at and (made_before is None or edition.number < made_before.number)
    ]
    if not earlier:
        return None
    last = _last_read(earlier, made_before)
    printed = {edition.edition_id: _measures(session, edition) for edition in earlier}
    before = printed[last.edition_id]
    periods = run.reference.months_covered(summary.period)
    news = _news(session, run, periods, last.as_of, summary.cut_at)
    newly_reported = sorted({each.unit_code for each in news} & summary.coverage.reported["period"])
    added = [FigureKey(code, "period", "unit", unit) for unit in newly_reported for code in _OF_UNITS]
    changes = [
        _change(key, before.get(key), news)
        for key in dict.fromkeys([*before, *added])
        if (before[key].text if key in before else None) != summary.text(key)
    ]
    in_order = sorted(changes, key=lambda change: (change.key.dimension == "unit", change.key.dimension != ""))
    texts: dict[FigureKey, set[str]] = {}
    for figures in printed.values():
        for key, figure in figures.items():
            texts.setdefault(key, set()).add(figure.text)
    return Restatement(last.edition_id, last.as_of, in_order, {key: frozenset(each) for key, each in texts.items()})


def _measures(session: Session, edition: EditionRecord) -> dict[FigureKey, Figure]:
    """The figures of the catalogue that the edition prints."""
    found = {
        FigureKey.parse(figure.figure_id): figure
        for figure in editions.figures_of(session, edition.edition_id)
        if figure.kind == "measure"
    }
    return {key: figure for key, figure in found.items() if key.indicator in INDICATOR_BY_CODE}


def _change(key: FigureKey, before: Figure | None, news: Sequence[News]) -> Change:
    own = [each for each in news if key.dimension != "unit" or each.unit_code == key.member]
    return Change(key, before.value if before else None, before.text if before else "", own)


def _last_read(earlier: Sequence[EditionRecord], before: EditionRecord | None) -> EditionRecord:
    """The newest edition that somebody had released, or else the newest at all: by what it knew."""
    released = [
        edition
        for edition in earlier
        if edition.released_at is not None and (before is None or edition.released_at <= before.made_at)
    ]
    return max(released or earlier, key=lambda edition: (edition.as_of, edition.number))


def _news(session: Session, run: Run, periods: Sequence[str], since: datetime, until: datetime) -> list[News]:
    """The submissions that began or ceased to count since, and the province's corrections, by period and unit."""
    learnt = learnt_between(session, run, periods, since, until)
    unlocked = locks.unlocks_of(session, [record.submission_id for record in learnt.began])
    found = []
    for record in learnt.began:
        why = _why(record)
        if record.submission_id in unlocked:
            why += f"; mở khóa kỳ: {unlocked[record.submission_id].reason}"
        found.append(_explained(run.reference, str(record.period), str(record.unit_code), why))
    for record in learnt.ceased:
        why = f"lần nộp {record.revision} không còn được tính"
        found.append(_explained(run.reference, str(record.period), str(record.unit_code), why))
    for each in learnt.corrections:
        place = each.locator
        what = "tỉnh điều chỉnh" if each.holds(until) else "hết hiệu lực điều chỉnh"
        why = f"{what} ô {place.sheet}!{place.column}{place.row}: {each.reason} ({each.source})"
        if each.unlock_reason:
            why += f"; mở khóa kỳ: {each.unlock_reason}"
        found.append(_explained(run.reference, place.period, place.unit_code, why))
    for double in learnt.duplicates:
        what = double.decision.label if double.holds(until) else "hết hiệu lực quyết định về dòng trùng"
        why = f"dòng {double.dropped.row} so với {double.kept}: {what}, {double.reason} ({double.decided_by})"
        found.append(_explained(run.reference, double.dropped.period, double.dropped.unit_code, why))
    return sorted(found, key=lambda each: (each.period, each.unit_code, each.explanation))


def _why(record: SubmissionRecord) -> str:
    kind = _KINDS.get(record.kind or "", "bản nộp")
    words = f"{kind[:1].lower()}{kind[1:]}, lần nộp {record.revision} (tệp {record.sha256[:8]})"
    return f"{words}: {record.reason}" if record.reason else words


def _explained(reference: Reference, period: str, unit_code: str, explanation: str) -> News:
    names = {unit.code: unit.name for unit in reference.expected_units(Period.parse(period))}
    return News(unit_code, names.get(unit_code, unit_code), period, explanation)
