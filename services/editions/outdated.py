"""An unsent edition that no longer says what the ledger knows is voided, and the sentence says what is new."""

from collections.abc import Sequence
from datetime import datetime

from domain.editions import EditionRecord, EditionState
from domain.period import Period
from domain.reference import Reference
from reports.companions.edition_data import DICTIONARY_NAME, dictionary
from services.editions.version import with_its_tables
from services.figures.known import learnt_between
from services.figures.news import first_few, news_in_short
from services.log import note
from services.run import Run
from services.status.page import write_status_page
from storage import editions
from storage.database import Session
from storage.edition_files import companion_path


def void_outdated(run: Run, edition_id: str | None = None) -> list[EditionRecord]:
    """Void what submissions, corrections, decisions or the catalogue have overtaken; gives what was voided.

    With `edition_id` only that one is looked at; without it all that somebody has checked or released.
    """
    answered_for = (EditionState.CHECKED, EditionState.RELEASED)
    voided = []
    with run.ledger.write() as session:
        for edition in editions.unsent_editions(session):
            is_meant = edition.edition_id == edition_id if edition_id else edition.state in answered_for
            news = _news(run, session, edition) if is_meant else []
            if news:
                reason = f"từ khi lập bản này đã có thay đổi: {first_few(news)}"
                editions.set_void(session, edition.edition_id, reason)
                voided.append(edition)
    for edition in voided:
        note("edition-voided", edition=edition.edition_id, period=edition.period)
        write_status_page(run, Period.parse(edition.period))
    return voided


def _news(run: Run, session: Session, edition: EditionRecord) -> list[str]:
    """What the ledger knows and the edition does not say."""
    periods = run.reference.months_covered(Period.parse(edition.period))
    news = news_in_short(learnt_between(session, run, periods, edition.as_of, None), run.now())
    then = _province_said(with_its_tables(run, edition).reference, periods, edition.as_of)
    today = _province_said(run.reference, periods, edition.as_of)
    news += [f"bảng nay ghi khác về {row}" for row in sorted({str(each[0]) for each in then ^ today})]
    kept = companion_path(run.settings.editions, edition.sha256, DICTIONARY_NAME)
    if run.kept.read(kept) not in (None, dictionary()):
        news.append("danh mục chỉ tiêu")
    return news


def _province_said(reference: Reference, periods: Sequence[str], at: datetime) -> set[tuple[object, ...]]:
    """What corrections and decisions changed at a moment, by the rows of these tables.

    A row that is ended with its `valid_to` is learnt of; one that is deleted or overwritten is found only by comparing.
    """
    corrected = {
        (each.locator, each.old_value, each.new_value)
        for each in reference.corrections
        if each.locator.period in periods and each.holds(at)
    }
    decided = {
        (each.dropped, each.kept, each.decision)
        for each in reference.double_decisions
        if each.dropped.period in periods and each.holds(at)
    }
    return corrected | decided
