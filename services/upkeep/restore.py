"""Brings a backup back into a data folder in which nothing is: the ledger's mark first, the ledger itself last.

Between the two no command works in the folder, and the same restore, given again, goes on: files that lie there byte for
byte as in the backup are what an interrupted one put there.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from domain.deliveries import DeliveryState
from domain.errors import InUse, KetnghiaError, LedgerFault
from services.identity import NAME as MARK
from services.progress import Progress, no_progress
from services.run import open_run
from services.settings import Settings
from services.turns import this_process
from services.upkeep.belongings import LEFT_OUT
from services.upkeep.manifest import HOME, LEDGER, WAITING, Manifest, read_manifest, refuse_altered
from storage import deliveries
from storage.copying import Altered, copy_file, hash_of, make_folder, sync_folders
from storage.left_overs import PART
from storage.snapshot import alone_at, put_back, refuse_used

_STAGE = f"{PART}restore"
_LOG = "log"
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
    """
    manifest = read_manifest(backup)
    _refuse_used_home(settings.home, manifest)
    refuse_used(settings.ledger_url)
    refuse_altered(backup, manifest)
    make_folder(settings.home)
    with _alone_in(settings.home), alone_at(settings.ledger_url, this_process()):
        # Another may have ended meanwhile.
        _refuse_used_home(settings.home, manifest)
        refuse_used(settings.ledger_url)
        _bring_files(settings.home, backup, manifest, on_progress)
        put_back(backup / LEDGER, settings.ledger_url)
        return _looked_at(settings, manifest)


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


def _refuse_used_home(home: Path, manifest: Manifest) -> None:
    """Stop where something else lies than the log, what can be made again, or what an interrupted restore left."""
    used = sorted(path.name for path in home.iterdir() if _is_used(path, manifest)) if home.exists() else []
    if used:
        raise InUse(
            f"{home} đang có dữ liệu ({', '.join(used[:3])}); chỉ phục hồi vào thư mục trống: đặt KETNGHIA_HOME là một thư "
            "mục mới, hoặc dời thư mục ấy đi. Lần phục hồi trước bị ngắt thì chạy lại với đúng bản sao lưu ấy."
        )


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
    return place.is_dir() or (kept is not None and place.stat().st_size == kept.size and hash_of(place) == kept.sha256)


def _bring_files(home: Path, backup: Path, manifest: Manifest, on_progress: Progress) -> None:
    """All files beside their place first, then each into it: what is interrupted leaves only files as in the backup."""
    stage = home / _STAGE
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    # The mark before anything else: from then on nobody takes the folder for one that has had no ledger.
    mark = f"{HOME}/{MARK}"
    if mark in manifest.files:
        os.replace(_staged(stage, backup, mark, manifest), home / MARK)
        sync_folders(home)
    names = [name for name in manifest.files if name.startswith(f"{HOME}/") and name != mark]
    for number, name in enumerate(names, start=1):
        _staged(stage, backup, name, manifest)
        on_progress("restore", number, len(names))
    # The log has gone on here already; what it said there stays readable beside it.
    beside = home / _LOG / f"restored-{manifest.made_at:%Y%m%d}"
    for name in names:
        inside = Path(name).relative_to(HOME)
        place = beside / inside.relative_to(_LOG) if inside.parts[0] == _LOG else home / inside
        make_folder(place.parent)
        os.replace(stage / inside, place)
    shutil.rmtree(stage)
    sync_folders(home)


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
    """What the ledger says now: a mail that was being handed over then may have arrived, and only a person knows."""
    try:
        with open_run(settings) as run:
            notes = []
            if any(name.startswith(f"{HOME}/{WAITING}/") for name in manifest.files):
                notes.append(
                    f"Tệp còn chờ trong hộp nhận lúc sao lưu nằm ở {settings.home / WAITING}; chuyển vào {settings.inbox} thì "
                    "được nhận."
                )
            if run.tables.version != manifest.tables_version:
                notes.append(
                    "Các bảng trong reference/ của chương trình khác lúc sao lưu; bản đã lập vẫn được đối chiếu với bảng đã giữ."
                )
            with run.ledger.write() as session:
                for mail in deliveries.in_hand(session):
                    deliveries.settle(
                        session, mail.subject, mail.recipient, DeliveryState.UNCERTAIN, run.now(), _IN_HAND
                    )
            with run.ledger.read() as session:
                return Restored(manifest, len(deliveries.open_deliveries(session)), notes)
    except KetnghiaError as reason:
        # The ledger and all files are there; what else keeps them from being used is said, and undoes nothing.
        return Restored(manifest, 0, [str(reason)])
