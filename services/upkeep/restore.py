"""Brings a backup back into a data folder in which nothing is: every file held against its hash, the ledger last."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from domain.deliveries import DeliveryState
from domain.errors import InUse, KetnghiaError, LedgerFault
from services.progress import Progress, no_progress
from services.run import open_run
from services.settings import Settings
from services.upkeep.manifest import HOME, LEDGER, Manifest, read_manifest, refuse_altered
from storage import deliveries
from storage.copying import Altered, copy_file, make_folder, sync_folders
from storage.left_overs import PART
from storage.snapshot import put_back, refuse_used

_STAGE = f"{PART}restore"
_MAY_BE_THERE = frozenset({_STAGE, "log"})
"""What a data folder may hold in which nothing is: what an interrupted `restore` left, and the log."""
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
        InUse: if the data folder or the database is in use.
    """
    manifest = read_manifest(backup)
    _refuse_used_home(settings.home)
    refuse_used(settings.ledger_url)
    refuse_altered(backup, manifest)
    _bring_files(settings.home, backup, manifest, on_progress)
    put_back(backup / LEDGER, settings.ledger_url)
    return _looked_at(settings, manifest)


def _refuse_used_home(home: Path) -> None:
    used = sorted(path.name for path in home.iterdir() if path.name not in _MAY_BE_THERE) if home.exists() else []
    if used:
        raise InUse(
            f"{home} đang có dữ liệu ({', '.join(used[:3])}); chỉ phục hồi vào thư mục trống: đặt KETNGHIA_HOME là một thư "
            "mục mới, hoặc dời thư mục ấy đi."
        )


def _bring_files(home: Path, backup: Path, manifest: Manifest, on_progress: Progress) -> None:
    """All files beside their place first: what is interrupted leaves a data folder in which nothing is."""
    stage = home / _STAGE
    make_folder(home)
    shutil.rmtree(stage, ignore_errors=True)
    stage.mkdir(mode=0o700)
    names = [name for name in manifest.files if name.startswith(f"{HOME}/")]
    for number, name in enumerate(names, start=1):
        place = stage / Path(name).relative_to(HOME)
        try:
            is_same = copy_file(backup / name, place) == manifest.files[name]
        except Altered:
            is_same = False
        if not is_same:
            raise LedgerFault(f"Đĩa của {home} trả lại khác những gì đã ghi ({place.name}); phục hồi vào đĩa khác.")
        on_progress("restore", number, len(names))
    for entry in sorted(stage.iterdir()):
        if entry.name == "log":
            # The log has gone on here already; what it said there stays readable beside it.
            shutil.copytree(entry, home / "log" / f"restored-{manifest.made_at:%Y%m%d}", dirs_exist_ok=True)
            continue
        entry.rename(home / entry.name)
    shutil.rmtree(stage)
    sync_folders(home)


def _looked_at(settings: Settings, manifest: Manifest) -> Restored:
    """What the ledger says now: a mail that was being handed over then may have arrived, and only a person knows."""
    try:
        with open_run(settings) as run:
            notes = []
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
