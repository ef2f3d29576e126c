"""Which store the files of a ledger lie in, and how a person changes it."""

from contextlib import closing

from domain.calendar import VIETNAM
from domain.errors import BadSettings, KetnghiaError
from services.identity import home_is_used, refuse_foreign_ledger
from services.run import refuse_missing_ledger
from services.settings import Settings
from services.shared_store import choose_store
from storage.database import Database, open_database, place_in_words
from storage.stores import known_store


def store_in_words(settings: Settings) -> str:
    """The store that the ledger goes by, in a sentence; also where the settings name another."""
    with closing(_ledger(settings)) as ledger, ledger.read() as session:
        known = known_store(session)
    if known is None:
        return "Sổ chưa dùng kho chung nào; tệp nằm trong thư mục dữ liệu."
    by = f"{known.set_by}, " if known.set_by else ""
    return f"Sổ dùng kho chung {known.place} ({by}từ {known.noted_at.astimezone(VIETNAM):%d/%m/%Y})."


def change_store(settings: Settings, by: str) -> int:
    """Let the ledger go by the store of the settings; gives how many files of this home went there.

    Raises:
        KetnghiaError: if nobody is named, or no store.
        ForeignStore: if it is that of another ledger.
        StoreUnreachable: if it does not answer.
    """
    if not by.strip():
        raise KetnghiaError("Phải ghi tên người quyết định: --by “Họ và tên”.")
    if not settings.store:
        raise BadSettings("Chưa ghi KETNGHIA_STORE: kho mà sổ sẽ dùng.")
    with closing(_ledger(settings)) as ledger:
        return choose_store(settings, ledger, by.strip())


def _ledger(settings: Settings) -> Database:
    # Not by a run: it is refused while the settings name another store.
    refuse_missing_ledger(settings)
    ledger = open_database(settings.ledger_url, settings.ledger_wait_seconds)
    try:
        place = place_in_words(settings.ledger_url)
        refuse_foreign_ledger(settings.home, ledger, place, was_used=home_is_used(settings.home))
    except BaseException:
        ledger.close()
        raise
    return ledger
