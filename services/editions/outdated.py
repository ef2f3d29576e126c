"""An unsent edition that no longer says what the ledger knows is voided, and the sentence says what is new."""

from domain.editions import EditionRecord, EditionState
from domain.period import Period
from domain.reference import Reference
from reports.companions.edition_data import DICTIONARY_NAME, dictionary
from services.editions.files import edition_path
from services.figures.known import learnt_between
from services.settings import Settings
from services.status.page import write_status_page
from storage import editions
from storage.database import Database, Session

_NAMED = 3


def void_outdated(
    settings: Settings, database: Database, reference: Reference, edition_id: str | None = None
) -> list[EditionRecord]:
    """Void what submissions, corrections, decisions or the catalogue have overtaken; gives what was voided.

    Args:
        settings: where the editions' dictionaries lie.
        database: the ledger.
        reference: the tables of today.
        edition_id: look at this one; without it at all that somebody has checked or released.
    """
    answered_for = (EditionState.CHECKED, EditionState.RELEASED)
    voided = []
    with database.begin() as session:
        for edition in editions.unsent_editions(session):
            is_meant = edition.edition_id == edition_id if edition_id else edition.state in answered_for
            news = _news(settings, session, reference, edition) if is_meant else []
            if news:
                more = f" và {len(news) - _NAMED} thay đổi khác" if len(news) > _NAMED else ""
                reason = f"từ khi lập bản này đã có thay đổi: {'; '.join(news[:_NAMED])}{more}"
                editions.set_void(session, edition.edition_id, reason)
                voided.append(edition)
    for edition in voided:
        write_status_page(settings, Period.parse(edition.period))
    return voided


def _news(settings: Settings, session: Session, reference: Reference, edition: EditionRecord) -> list[str]:
    """What the ledger knows and the edition does not say."""
    periods = reference.months_told_of(Period.parse(edition.period))
    learnt = learnt_between(session, reference, periods, edition.as_of, None)
    news = [f"{each.unit_code} (kỳ {each.period}, lần nộp {each.revision})" for each in (*learnt.began, *learnt.ceased)]
    news += [f"điều chỉnh {each.locator}" for each in learnt.corrections]
    news += [f"quyết định về {each.dropped}" for each in learnt.doubles]
    kept = edition_path(settings, edition.sha256).with_suffix("") / DICTIONARY_NAME
    if kept.is_file() and kept.read_bytes() != dictionary():
        news.append("danh mục chỉ tiêu")
    return news
