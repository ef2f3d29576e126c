"""The store that several machines share: which it is by the settings, and whether it is that of the ledger."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from domain.errors import BadSettings, ForeignStore
from ingest.file_systems import s3_files, sftp_files
from services.clock import system_clock
from services.log import note
from services.settings import Settings
from storage.database import Database
from storage.identity import ledger_id
from storage.kept import KeptFiles
from storage.store import MARK, FolderStore, RemoteStore, Store
from storage.stores import known_store, note_store


class StoreOnce:
    """The store of a run and of its variants, opened once, when a file is first kept or missing."""

    def __init__(self, settings: Settings, ledger: Callable[[], Database]) -> None:
        self._settings, self._ledger = settings, ledger
        self._opened: Store | None = None
        self._turn = Lock()

    def open(self) -> Store:
        """The store; whichever thread asks, it is the same.

        Raises:
            ForeignStore: if it is not that of the ledger.
            StoreUnreachable: if it does not answer.
        """
        # Opened first, for then it may ask for the store itself.
        ledger = self._ledger()
        with self._turn:
            if self._opened is None:
                store = named_store(self._settings)
                with ledger.read() as session:
                    own = ledger_id(session)
                _refuse_foreign(store, own)
                self._opened = store
            return self._opened


def kept_folders(settings: Settings) -> tuple[Path, ...]:
    """The folders of a home whose files the machines share: received files, documents, mails to go, tables of editions."""
    return settings.archive, settings.editions, settings.mails, settings.kept_tables


def named_store(settings: Settings) -> Store:
    """The store that the settings name, whosever it is.

    Raises:
        BadSettings: if what they say names none.
    """
    url = urlsplit(settings.store)
    secret = settings.store_secret.get_secret_value()
    if url.scheme == "s3" and url.netloc:
        connect = partial(s3_files, settings.store_endpoint, settings.store_key, secret)
        return RemoteStore(settings.store, settings.store.removeprefix("s3://"), connect, has_folders=False)
    if url.scheme == "sftp" and url.hostname and url.username and url.path.strip("/") and url.password is None:
        known_hosts = str(settings.sftp_known_hosts.expanduser())
        connect = partial(sftp_files, url.hostname, url.port or 22, url.username, secret, url.path, known_hosts)
        return RemoteStore(settings.store, url.path, connect, has_folders=True)
    if url.scheme or not Path(settings.store).is_absolute():
        raise BadSettings(
            "KETNGHIA_STORE ghi một thư mục với đường dẫn đầy đủ, s3://kho/thư-mục, hoặc sftp://tài-khoản@máy/thư-mục "
            "(mật khẩu ở KETNGHIA_STORE_SECRET)."
        )
    root = Path(settings.store).resolve()
    if root.is_relative_to(settings.home) or settings.home.is_relative_to(root):
        raise BadSettings(f"KETNGHIA_STORE ({root}) phải nằm ngoài thư mục dữ liệu {settings.home}.")
    return FolderStore(root)


def meet_store(settings: Settings, ledger: Database) -> None:
    """Hold the ledger against the settings; a store that it meets for the first time gets all files of this home.

    Raises:
        ForeignStore: if the ledger's files lie in a store and none is named, or the one that is named is another's.
        StoreUnreachable: if it does not answer.
    """
    with ledger.read() as session:
        own, known = ledger_id(session), known_store(session)
    if known and not settings.store:
        raise ForeignStore(
            f"Tệp của sổ này nằm trong kho chung {known}, mà KETNGHIA_STORE chưa đặt; đặt như máy kia rồi chạy lại."
        )
    if known or not settings.store:
        return
    store = named_store(settings)
    if store.read(MARK) is None:
        store.write(MARK, f"{own}\n".encode())
    _refuse_foreign(store, own)
    handed_over = hand_over_all(settings, store)
    with ledger.write() as session:
        note_store(session, store.place, system_clock())
    note("store-met", store=store.place, files=handed_over)


def hand_over_all(settings: Settings, store: Store) -> int:
    """Put into the store whatever of this home is not there; gives how many files that were."""
    kept = KeptFiles(settings.home, lambda: store)
    return sum(1 for folder in kept_folders(settings) for _ in kept.hand_over(folder))


def _refuse_foreign(store: Store, own: str) -> None:
    mark = store.read(MARK)
    if mark is None:
        raise ForeignStore(
            f"Kho chung {store.place} không có dấu của sổ này: ổ đĩa mạng chưa được gắn (mount), hoặc KETNGHIA_STORE ghi "
            f"nhầm chỗ. Cố ý dùng kho mới thì ghi mã {own} vào tệp {MARK} trong kho ấy, rồi chạy “ketnghia repair”."
        )
    if (found := mark.decode(errors="replace").strip()) != own:
        raise ForeignStore(
            f"Kho chung {store.place} là kho của sổ khác (mã {found[:12]}…, sổ này {own[:12]}…); sửa KETNGHIA_STORE."
        )
