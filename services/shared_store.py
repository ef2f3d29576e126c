"""The store that several machines share: which it is by the settings, and whether it is that of the ledger."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit
from uuid import uuid4

from domain.calendar import VIETNAM
from domain.errors import BadSettings, ForeignStore, StoreUnreachable
from ingest.file_systems import s3_files, sftp_files
from services.clock import system_clock
from services.log import note, warn
from services.settings import Settings
from storage import deliveries
from storage.database import Database
from storage.durable import write_durably
from storage.identity import ledger_id
from storage.kept import KeptFiles
from storage.store import MARK, FolderStore, RemoteStore, Store
from storage.stores import KnownStore, known_store, note_store

MET = "store.id"
"""The file of a home that bears the id of the store which it has given all its files to, and where that was for it."""


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
                _refuse_other(self._settings, store, _mark_of(store, own), known)
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
    if known is not None and not known.is_none and not settings.store:
        raise ForeignStore(
            f"Tệp của sổ này nằm trong kho chung {known.place}, mà KETNGHIA_STORE chưa đặt; đặt như máy kia rồi chạy lại. "
            "Sổ phục hồi để thử thì đừng đặt kho thật: ketnghia database store --none --by “Họ và tên”."
        )
    if not settings.store or (known is not None and not known.is_none and _met(settings)[0] == known.store_id):
        return
    store = named_store(settings)
    store.refuse_unfit()
    mark = _mark_of(store, own)
    if known is None and not (mark and mark.store_id):
        mark, known = _first_mark(ledger, store, own)
    _refuse_other(settings, store, mark, known)
    _join(settings, ledger, store, own, None)


def choose_store(settings: Settings, ledger: Database, by: str, *, is_new: bool = False) -> int:
    """Let the ledger go by the store that the settings name, whichever it went by before; gives how many files it got from here.

    With `is_new` a place that has lost the store may become one again.

    Raises:
        ForeignStore: if it is that of another ledger, or lies where the store was and bears no mark.
        StoreUnreachable: if it does not answer.
    """
    store = named_store(settings)
    store.refuse_unfit()
    with ledger.read() as session:
        own, known = ledger_id(session), known_store(session)
    mark = _mark_of(store, own)
    if mark is None and known is not None and _was_at(settings, store, known) and not is_new:
        raise _not_mounted(store)
    if mark is None or not mark.store_id:
        _make_mark(store, own)
    return _join(settings, ledger, store, own, by)


def note_no_store(settings: Settings, ledger: Database, by: str) -> None:
    """Let the ledger go by this home alone; whoever calls has seen that every file is here."""
    with ledger.write() as session:
        note_store(session, KnownStore("", "", by, system_clock()))
    (settings.home / MET).unlink(missing_ok=True)
    note("store-left", by=by)


def level_home(settings: Settings, ledger: Database, kept: KeptFiles, *, is_thorough: bool) -> list[Path]:
    """Put into the store what this home alone has; gives what was moved.

    A mail that has gone is taken away instead: the store was away when it went, or there was none. What cannot be read is
    told, and keeps nothing else from being put there. With `is_thorough` the bytes of what both have are compared, too.
    """
    if kept.open_store is None:
        return []
    with ledger.read() as session:
        gone = deliveries.composed(session) - {each.eml_sha256 for each in deliveries.unsettled(session)}
    for place in kept.places(settings.mails):
        if place.stem in gone:
            kept.remove(place)
    return [
        place
        for folder in kept_folders(settings)
        for place in kept.hand_over(folder, _tell_unreadable, is_thorough=is_thorough)
    ]


def _tell_unreadable(place: Path, error: OSError) -> None:
    warn(
        "store-without",
        f"Không đọc được {place} ({error.strerror or error}), nên tệp ấy chưa vào kho chung; xem quyền đọc và ổ đĩa, rồi chạy: "
        "ketnghia repair.",
    )


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a store of this ledger says of itself."""

    store_id: str
    """Empty in a mark that was written by hand: it says whose the store is, and not which."""


def _first_mark(ledger: Database, store: Store, own: str) -> tuple[_Mark | None, KnownStore | None]:
    """The mark of the first store of a ledger, made while nobody else writes: of two machines that come at once, one makes it."""
    with ledger.write() as session:
        known, mark = known_store(session), _mark_of(store, own)
        if known is None and not (mark and mark.store_id):
            mark = _make_mark(store, own)
        return mark, known


def _join(settings: Settings, ledger: Database, store: Store, own: str, by: str | None) -> int:
    """Put into the store whatever of this home is not there, then note that it was met; gives how many files that were.

    With the name of a person the ledger goes by it from then on; without one, only where it goes by none.
    """
    handed_over = len(level_home(settings, ledger, KeptFiles(settings.home, lambda: store), is_thorough=False))
    with ledger.write() as session:
        # Both as they stand now: giving may take long, and another machine may have come meanwhile.
        known, mark = known_store(session), _mark_of(store, own)
        if by is None:
            _refuse_other(settings, store, mark, known)
        if mark is None or not mark.store_id:
            raise StoreUnreachable(
                f"Kho chung {store.place} không còn ở đó; xem ổ đĩa mạng có được gắn (mount) không, rồi chạy lại."
            )
        if by is not None or known is None:
            note_store(session, KnownStore(mark.store_id, store.place, by or "", system_clock()))
    write_durably(settings.home / MET, f"{mark.store_id}\n{store.place}\n".encode())
    note("store-joined", store=store.place, by=by or "", files=handed_over)
    return handed_over


def _mark_of(store: Store, own: str) -> _Mark | None:
    """The mark of the store; null where it has none.

    Raises:
        ForeignStore: if it is that of another ledger.
    """
    ledger, store_id, *_ = [*(store.read(MARK) or b"").decode(errors="replace").split(), "", ""]
    if not ledger:
        return None
    if ledger != own:
        raise ForeignStore(
            f"Kho chung {store.place} là kho của sổ khác (mã {ledger[:12]}…, sổ này {own[:12]}…); sửa KETNGHIA_STORE."
        )
    return _Mark(store_id)


def _make_mark(store: Store, own: str) -> _Mark:
    mark = _Mark(uuid4().hex)
    store.write(MARK, f"{own}\n{mark.store_id}\n".encode())
    return mark


def _met(settings: Settings) -> tuple[str, str]:
    """The id of the store that this home has given its files to, and where it was; empty where it has met none."""
    try:
        said = (settings.home / MET).read_text(encoding="utf-8")
    except FileNotFoundError:
        return "", ""
    store_id, _, place = said.partition("\n")
    return store_id.strip(), place.strip()


def _was_at(settings: Settings, store: Store, known: KnownStore) -> bool:
    """Whether the ledger's store was at that very place, for whoever noted it or for this home."""
    return store.place == known.place or (known.store_id, store.place) == _met(settings)


def _refuse_other(settings: Settings, store: Store, mark: _Mark | None, known: KnownStore | None) -> None:
    """Stop at a store that is not the one which the ledger goes by."""
    if known is None:
        return
    if known.is_none:
        raise ForeignStore(
            f"Sổ này không còn dùng kho chung ({known.set_by}, từ {known.noted_at.astimezone(VIETNAM):%d/%m/%Y}), mà "
            f"KETNGHIA_STORE ghi {store.place}: bỏ dòng ấy. Muốn dùng kho thì: ketnghia database store --set --by “Họ và tên”."
        )
    if mark is None and _was_at(settings, store, known):
        raise _not_mounted(store)
    if mark is None or mark.store_id != known.store_id or not mark.store_id:
        what = "không có dấu của sổ này" if mark is None else "không phải kho mà sổ đang dùng"
        raise ForeignStore(
            f"Kho chung {store.place} {what} ({known.place}): ổ đĩa mạng chưa được gắn (mount), hoặc KETNGHIA_STORE ghi nhầm "
            "chỗ. Cố ý đổi kho thì chép kho cũ (cả ledger.id) sang chỗ mới trước, rồi: ketnghia database store --set --by “Họ và tên”."
        )


def _not_mounted(store: Store) -> ForeignStore:
    return ForeignStore(
        f"Kho chung {store.place} không có dấu của sổ này: ổ đĩa mạng chưa được gắn (mount); gắn rồi chạy lại. Kho ấy đã mất "
        "hẳn, và lập lại ở đúng chỗ ấy, thì: ketnghia database store --set --as-new --by “Họ và tên”."
    )
