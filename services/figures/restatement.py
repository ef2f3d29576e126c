"""Looks up what an earlier edition of the period printed, and why today's figures differ."""

from collections.abc import Sequence

from domain.catalogue import INDICATOR_BY_CODE
from domain.editions import EditionRecord
from domain.figures import Figure
from domain.indicators import FigureKey
from domain.restatement import Change, News, Restatement
from domain.summary import Summary
from services.figures.known import learnt_between
from services.figures.news import news_in_full
from services.run import Run
from storage import editions
from storage.database import Session

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
    learnt = learnt_between(session, run, periods, last.as_of, summary.cut_at)
    news = news_in_full(session, run, learnt, last.as_of, summary.cut_at)
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
