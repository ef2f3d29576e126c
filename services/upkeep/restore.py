"""Brings a backup back into a data folder in which nothing is: the ledger's mark first, the ledger itself last.

Between the two no command works in the folder, and the same restore, given again, goes on: files that lie there byte for
byte as in the backup are what an interrupted one put there.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence, Set
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from domain.deliveries import DeliveryState
from domain.errors import InUse, KetnghiaError, LedgerFault
from ingest.tables.files import read_tables
from services.clock import system_clock
from services.identity import NAME as MARK
from services.progress import Progress, no_progress
from services.run import LedgerOnce
from services.settings import Settings
from services.turns import this_process
from services.upkeep.belongings import LEFT_OUT
from services.upkeep.manifest import HOME, LEDGER, WAITING, Manifest, read_manifest, refuse_altered
from storage import deliveries
from storage.copying import Altered, Copied, copy_file, hash_of, make_folder, sync_folders
from storage.left_overs import PART
from storage.snapshot import alone_at, is_ledger_at, ledger_files, put_back, refuse_used, refuse_without_rights
from storage.stores import KnownStore, known_store

_STAGE = f"{PART}restore"
_LOG = "log"
_WAS_THERE = "Lần phục hồi trước đã đưa tệp và sổ về đủ rồi mới bị ngắt; lần này chỉ làm nốt việc còn lại."
_IN_HAND = "sổ được phục hồi từ bản sao lưu của lúc thư đang được giao"


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was brought back."""

    manifest: Manifest
    to_go: int
    """The mails that the ledger takes for not yet sent; one that went after the backup goes again."""
    notes: Sequence[str]
    """What is otherwise than it was when the backup was made."""


def restore(settings: Settings, backup: Path, on_progress: Progress = no_progress) -> Restored:
    """Bring the backup back into the data folder and the database of the settings.

    Raises:
        BadBackup: if it is none, or is not whole; then nothing is brought back.
        InUse: if the data folder or the database is in use, or another restore is under way in that folder.
        Busy: if another restore is under way into that database.
        LedgerFault: if the account of the database may not restore into it.
    """
    manifest = read_manifest(backup)
    if _is_brought_back(settings, manifest):
        with _alone_in(settings.home), alone_at(settings.ledger_url, this_process()):
            done = _looked_at(settings, manifest)
            return replace(done, notes=[_WAS_THERE, *done.notes])
    _refuse_used_home(settings, manifest)
    refuse_used(settings.ledger_url)
    refuse_without_rights(settings.ledger_url)
    refuse_altered(backup, manifest)
    make_folder(settings.home)
    with _alone_in(settings.home), alone_at(settings.ledger_url, this_process()):
        # Another may have ended meanwhile.
        _refuse_used_home(settings, manifest)
        refuse_used(settings.ledger_url)
        _bring_files(settings, backup, manifest, on_progress)
        put_back(backup / LEDGER, settings.ledger_url)
        return _looked_at(settings, manifest)


def _is_brought_back(settings: Settings, manifest: Manifest) -> bool:
    """Whether an earlier restore of this very backup was cut short after its last step, and nothing was done there since."""
    names = [
        name for name in _of_home(manifest) if not _place(settings.home, name, manifest).is_relative_to(settings.inbox)
    ]
    return (
        bool(names)
        and all(_is_kept_at(_place(settings.home, name, manifest), manifest.files[name]) for name in names)
        and not _used(settings, manifest, apart=ledger_files(settings.ledger_url))
        and is_ledger_at(settings.ledger_url, manifest.links, manifest.head)
    )


@contextmanager
def _alone_in(home: Path) -> Iterator[None]:
    """One restore at a time; the lock dies with the process that has it."""
    handle = os.open(home, os.O_RDONLY)
    try:
        # Some network drives know no locks.
        with suppress(OSError):
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise InUse(f"Một lệnh restore khác đang phục hồi vào {home}; đợi lệnh ấy xong rồi xem lại.") from error
        yield
    finally:
        os.close(handle)


def _refuse_used_home(settings: Settings, manifest: Manifest) -> None:
    """Stop where something else lies than what `_used` leaves out."""
    used = _used(settings, manifest)
    if used:
        raise InUse(
            f"{settings.home} đang có dữ liệu ({', '.join(used[:3])}); chỉ phục hồi vào thư mục trống: đặt KETNGHIA_HOME là một "
            "thư mục mới, hoặc dời thư mục ấy đi. Lần phục hồi trước bị ngắt thì chạy lại với đúng bản sao lưu ấy."
        )


def _used(settings: Settings, manifest: Manifest, apart: Set[Path] = frozenset()) -> list[str]:
    """What lies there but the log, what can be made again, what an interrupted restore left, and the inbox.

    Units put files into the inbox at any time: what waits there says of no ledger, and is kept beside what is brought.
    """
    home = settings.home
    entries = [path for path in home.iterdir() if path.resolve() not in apart] if home.exists() else []
    return sorted(path.name for path in entries if path != settings.inbox and _is_used(path, manifest))


def _is_used(entry: Path, manifest: Manifest) -> bool:
    if entry.name == _LOG or entry.name in LEFT_OUT or entry.name.startswith(PART):
        return False
    below = entry.rglob("*") if entry.is_dir() and not entry.is_symlink() else ()
    return not all(_is_brought(place, entry.parent, manifest) for place in (entry, *below))


def _is_brought(place: Path, home: Path, manifest: Manifest) -> bool:
    """Whether a restore of this backup may have put it there; a folder holds nothing by itself."""
    if place.is_symlink():
        return False
    kept = manifest.files.get((Path(HOME) / place.relative_to(home)).as_posix())
    return place.is_dir() or (kept is not None and _is_kept_at(place, kept))


def _is_kept_at(place: Path, kept: Copied) -> bool:
    return place.is_file() and place.stat().st_size == kept.size and hash_of(place) == kept.sha256


def _of_home(manifest: Manifest) -> list[str]:
    """What of the backup lies in the data folder."""
    return [name for name in manifest.files if name.startswith(f"{HOME}/")]


def _place(home: Path, name: str, manifest: Manifest) -> Path:
    """Where a file of the backup comes to lie."""
    inside = Path(name).relative_to(HOME)
    if inside.parts[0] != _LOG:
        return home / inside
    # The log has gone on here already; what it said there stays readable beside it.
    return home / _LOG / f"restored-{manifest.made_at:%Y%m%d}" / inside.relative_to(_LOG)


def _bring_files(settings: Settings, backup: Path, manifest: Manifest, on_progress: Progress) -> None:
    """All files beside their place first, then each into it: what is interrupted leaves only files as in the backup."""
    home = settings.home
    stage = home / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    # The mark before anything else: from then on nobody takes the folder for one that has had no ledger.
    mark = f"{HOME}/{MARK}"
    if mark in manifest.files:
        os.replace(_staged(stage, backup, mark, manifest), home / MARK)
        sync_folders(home)
    names = [name for name in _of_home(manifest) if name != mark]
    for number, name in enumerate(names, start=1):
        _staged(stage, backup, name, manifest)
        on_progress("restore", number, len(names))
    for name in names:
        place = _place(home, name, manifest)
        if place.is_relative_to(settings.inbox) and not _is_kept_at(place, manifest.files[name]):
            place = _free(place)
        make_folder(place.parent)
        os.replace(stage / Path(name).relative_to(HOME), place)
    shutil.rmtree(stage)
    sync_folders(home)


def _free(place: Path) -> Path:
    """The same place, or one beside it where somebody has put another file there."""
    names = (place.name if number == 1 else f"{place.stem} ({number}){place.suffix}" for number in count(1))
    return next(place.with_name(name) for name in names if not os.path.lexists(place.with_name(name)))


def _staged(stage: Path, backup: Path, name: str, manifest: Manifest) -> Path:
    """A file of the backup, copied beside its place and read again."""
    place = stage / Path(name).relative_to(HOME)
    try:
        is_same = copy_file(backup / name, place) == manifest.files[name]
    except Altered:
        is_same = False
    if not is_same:
        raise LedgerFault(f"Đĩa của {stage.parent} trả lại khác những gì đã ghi ({place.name}); phục hồi vào đĩa khác.")
    return place


def _looked_at(settings: Settings, manifest: Manifest) -> Restored:
    """What the ledger says now: a mail that was being handed over then may have arrived, and only a person knows.

    The store is not met: this may be a drill beside the ledger that works, whose store it is.
    """
    notes, to_go = [], 0
    if any(name.startswith(f"{HOME}/{WAITING}/") for name in manifest.files):
        notes.append(
            f"Tệp còn chờ trong hộp nhận lúc sao lưu nằm ở {settings.home / WAITING}; chuyển vào {settings.inbox} thì được nhận."
        )
    # The ledger and all files are there; what else keeps them from being used is said, and undoes nothing.
    try:
        if read_tables(settings.reference, settings.home / "reference").version != manifest.tables_version:
            notes.append(
                "Các bảng trong reference/ của chương trình khác lúc sao lưu; bản đã lập vẫn được đối chiếu với bảng đã giữ."
            )
    except KetnghiaError as reason:
        notes.append(str(reason))
    try:
        with closing(LedgerOnce(settings, meets_store=False)) as opened:
            ledger = opened.open()
            with ledger.write() as session:
                for mail in deliveries.in_hand(session):
                    deliveries.settle(
                        session, mail.subject, mail.recipient, DeliveryState.UNCERTAIN, system_clock(), _IN_HAND
                    )
            with ledger.read() as session:
                to_go, known = len(deliveries.open_deliveries(session)), known_store(session)
        if known is not None and not known.is_none:
            notes.append(_of_store(settings, known))
    except KetnghiaError as reason:
        notes.append(str(reason))
    return Restored(manifest, to_go, notes)


def _of_store(settings: Settings, known: KnownStore) -> str:
    """What is to be done about the store, by what the restore is for."""
    drill = "ketnghia database store --none --by “Họ và tên”"
    if settings.store:
        drill = f"bỏ KETNGHIA_STORE, rồi {drill}"
    named = "" if settings.store else ", mà KETNGHIA_STORE chưa đặt ở đây"
    return (
        f"Tệp của sổ này nằm trong kho chung {known.place}{named}. Phục hồi thay máy đã hỏng: đặt KETNGHIA_STORE như trước. Chỉ để thử: "
        f"đừng dùng kho thật, vì thư chờ gửi và tệp ở đó là của sổ đang làm việc; trước mọi lệnh khác {drill}."
    )
