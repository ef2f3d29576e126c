"""The store that several machines share: which it is by the settings, and whether it is that of the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from uuid import uuid4

from domain.errors import BadSettings, ForeignStore
from ingest.file_systems import s3_files, sftp_files
from services.clock import system_clock
from services.log import note
from services.settings import Settings
from storage.database import Database
from storage.durable import write_durably
from storage.identity import ledger_id
from storage.kept import KeptFiles
from storage.store import MARK, FolderStore, RemoteStore, Store
from storage.stores import KnownStore, known_store, note_store

MET = "store.id"
"""The file of a home that bears the id of the store which it has given all its files to."""


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
                store.refuse_unfit()
                with ledger.read() as session:
                    own, known = ledger_id(session), known_store(session)
                _refuse_other(store, _mark_of(store), own, known)
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


def store_folder(settings: Settings) -> Path | None:
    """The folder of this machine that the store is; null where it is none."""
    return Path(settings.store) if settings.store and not urlsplit(settings.store).scheme else None


def meet_store(settings: Settings, ledger: Database) -> None:
    """Hold the ledger against the settings; a home that meets the store for the first time gives it all of its files.

    Raises:
        ForeignStore: if the ledger's files lie in a store and none is named, or the one that is named is another.
        StoreUnreachable: if it does not answer.
    """
    with ledger.read() as session:
        own, known = ledger_id(session), known_store(session)
    if known is not None and not settings.store:
        raise ForeignStore(
            f"Tệp của sổ này nằm trong kho chung {known.place}, mà KETNGHIA_STORE chưa đặt; đặt như máy kia rồi chạy lại."
        )
    if not settings.store or (known is not None and _met(settings) == known.store_id):
        return
    store = named_store(settings)
    store.refuse_unfit()
    mark = _mark_of(store)
    if mark is None and known is None:
        mark = _make_mark(store, own)
    _refuse_other(store, mark, own, known)
    assert mark is not None
    new = KnownStore(mark.store_id, store.place, "", system_clock()) if known is None else None
    _join(settings, ledger, store, mark, new)


def choose_store(settings: Settings, ledger: Database, by: str) -> int:
    """Let the ledger go by the store that the settings name, whichever it went by before; gives how many files it got from here.

    Raises:
        ForeignStore: if it is that of another ledger.
        StoreUnreachable: if it does not answer.
    """
    store = named_store(settings)
    store.refuse_unfit()
    with ledger.read() as session:
        own = ledger_id(session)
    mark = _mark_of(store) or _make_mark(store, own)
    if mark.ledger_id != own:
        raise _of_another(store, mark, own)
    return _join(settings, ledger, store, mark, KnownStore(mark.store_id, store.place, by, system_clock()))


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a store says of itself."""

    ledger_id: str
    store_id: str


def _join(settings: Settings, ledger: Database, store: Store, mark: _Mark, new: KnownStore | None) -> int:
    """Put into the store whatever of this home is not there, then note that it was met; gives how many files that were."""
    kept = KeptFiles(settings.home, lambda: store)
    handed_over = sum(1 for folder in kept_folders(settings) for _ in kept.hand_over(folder))
    if new is not None:
        with ledger.write() as session:
            note_store(session, new)
    write_durably(settings.home / MET, f"{mark.store_id}\n".encode())
    note("store-joined", store=store.place, by=new.set_by if new else "", files=handed_over)
    return handed_over


def _mark_of(store: Store) -> _Mark | None:
    content = store.read(MARK)
    if content is None:
        return None
    lines = [*content.decode(errors="replace").split(), "", ""]
    return _Mark(lines[0], lines[1])


def _make_mark(store: Store, own: str) -> _Mark:
    mark = _Mark(own, uuid4().hex)
    store.write(MARK, f"{mark.ledger_id}\n{mark.store_id}\n".encode())
    # Of two machines that come at once the later mark stays.
    return _mark_of(store) or mark


def _met(settings: Settings) -> str:
    """The id of the store that this home has given its files to; empty where it has met none."""
    try:
        return (settings.home / MET).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""


def _refuse_other(store: Store, mark: _Mark | None, own: str, known: KnownStore | None) -> None:
    """Stop at a store that is not the one which the ledger goes by."""
    if mark is not None and mark.ledger_id != own:
        raise _of_another(store, mark, own)
    if known is not None and (mark is None or mark.store_id != known.store_id):
        what = "không có dấu của sổ này" if mark is None else "không phải kho mà sổ đang dùng"
        raise ForeignStore(
            f"Kho chung {store.place} {what} ({known.place}): ổ đĩa mạng chưa được gắn (mount), hoặc KETNGHIA_STORE ghi nhầm "
            "chỗ. Cố ý đổi kho thì: ketnghia database store --set --by “Họ và tên”."
        )


def _of_another(store: Store, mark: _Mark, own: str) -> ForeignStore:
    return ForeignStore(
        f"Kho chung {store.place} là kho của sổ khác (mã {mark.ledger_id[:12]}…, sổ này {own[:12]}…); sửa KETNGHIA_STORE."
    )
