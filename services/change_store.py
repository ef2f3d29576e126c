"""Which store the files of a ledger lie in, and how a person changes it."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from domain.calendar import VIETNAM
from domain.errors import BadSettings, KetnghiaError
from services.identity import home_is_used, refuse_foreign_ledger
from services.named_files import bring_all, faults_of_named
from services.run import refuse_missing_ledger
from services.settings import Settings
from services.shared_store import StoreOnce, choose_store, note_no_store
from storage.database import Database, open_database, place_in_words
from storage.kept import KeptFiles
from storage.stores import known_store

_TOLD = 3


@dataclass(frozen=True, slots=True)
class Changed:
    """A store that the ledger goes by from now on."""

    given: int
    """How many files of this home went there."""
    faults: list[str]
    """What the ledger names and the store has not, or not sound: sentences."""


def store_in_words(settings: Settings) -> str:
    """The store that the ledger goes by, in a sentence; also where the settings name another."""
    with closing(_ledger(settings)) as ledger, ledger.read() as session:
        known = known_store(session)
    if known is None:
        return "Sổ chưa dùng kho chung nào; tệp nằm trong thư mục dữ liệu."
    by = f"{known.set_by}, " if known.set_by else ""
    since = f"{by}từ {known.noted_at.astimezone(VIETNAM):%d/%m/%Y}"
    if known.is_none:
        return f"Sổ không còn dùng kho chung nào ({since}); tệp nằm trong thư mục dữ liệu."
    return f"Sổ dùng kho chung {known.place} ({since})."


def change_store(settings: Settings, by: str, *, is_new: bool = False) -> Changed:
    """Let the ledger go by the store of the settings; with `is_new` also where it was before, and is lost.

    Raises:
        KetnghiaError: if nobody is named, or no store.
        ForeignStore: if it is that of another ledger, or lies where the store was and bears no mark.
        StoreUnreachable: if it does not answer.
    """
    _refuse_nobody(by)
    if not settings.store:
        raise BadSettings("Chưa ghi KETNGHIA_STORE: kho mà sổ sẽ dùng.")
    with closing(_ledger(settings)) as ledger:
        given = choose_store(settings, ledger, by.strip(), is_new=is_new)
        shared = KeptFiles(settings.home, StoreOnce(settings, lambda: ledger).open)
        return Changed(given, faults_of_named(settings, ledger, shared))


def leave_store(settings: Settings, by: str) -> None:
    """Let the ledger go by the files of this home alone; those of the store that the settings name are brought here first.

    Raises:
        KetnghiaError: if nobody is named, the ledger goes by no store, or a file that it names is not sound here.
        StoreUnreachable: if a store is named, and does not answer.
    """
    _refuse_nobody(by)
    with closing(_ledger(settings)) as ledger:
        with ledger.read() as session:
            known = known_store(session)
        if known is None or known.is_none:
            raise KetnghiaError("Sổ không dùng kho chung nào.")
        if settings.store:
            bring_all(settings, ledger, KeptFiles(settings.home, StoreOnce(settings, lambda: ledger).open))
        faults = faults_of_named(settings, ledger, KeptFiles(settings.home))
        if faults:
            raise KetnghiaError(
                f"Sổ còn phải dùng kho chung {known.place}: {in_short(faults)}. Đặt KETNGHIA_STORE là kho ấy rồi chạy lại thì "
                "các tệp được lấy về máy này; kho ấy không còn thì lấy từ bản sao lưu."
            )
        note_no_store(settings, ledger, by.strip())


def in_short(faults: Sequence[str]) -> str:
    """The number of faults, and the first of them."""
    more = f", và {len(faults) - _TOLD} chỗ khác" if len(faults) > _TOLD else ""
    return f"{len(faults)} tệp của sổ không có, hoặc không nguyên vẹn ({'; '.join(faults[:_TOLD])}{more})"


def _refuse_nobody(by: str) -> None:
    if not by.strip():
        raise KetnghiaError("Phải ghi tên người quyết định: --by “Họ và tên”.")


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
