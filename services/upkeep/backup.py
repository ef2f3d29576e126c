"""A backup, while the program runs: everything that cannot be made again, whole or not there at all.

The inbox is copied first, for what waits there may be taken in meanwhile; then the ledger, as it stands at one moment; then
the files, which were all there before the ledger named them. Only a mail that has gone is removed: one that was open at
the moment of the ledger's copy, and is no longer there, makes a newer copy of the ledger.
"""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from itertools import count
from pathlib import Path

from domain.errors import KetnghiaError, LedgerFault
from services.log import warn
from services.progress import Progress, no_progress
from services.queries.verify_ledger import file_faults
from services.run import LedgerOnce, Run, refuse_missing_ledger
from services.settings import Settings
from services.upkeep import manifest as listing
from services.upkeep.belongings import NOTE, Named, belongings, bring_belongings, named_in, waiting
from services.upkeep.manifest import BEGINNING, HOME, LEDGER, WAITING, Manifest, backups_by_ledger, backups_in
from storage import chain, identity
from storage.copying import Altered, Copied, copy_file, hash_of, make_folder, sync_folders
from storage.durable import write_durably
from storage.kept import KeptFiles
from storage.left_overs import clear_left_overs, hold_folder, part_name, parts_below
from storage.snapshot import revision_of_snapshot, settle, take_snapshot

_SNAPSHOTS = 5
"""So often a newer copy of the ledger is made because mails went meanwhile."""


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made."""

    place: Path
    manifest: Manifest
    removed: tuple[Path, ...]
    """The older ones that made room for it."""


def back_up(run: Run, folder: Path, keep: int | None = None, on_progress: Progress = no_progress) -> BackedUp:
    """Make a backup in `folder`; with `keep`, of this ledger's backups there only so many stay.

    While something is missing all of them stay: an older one may be the last that has it.

    Raises:
        KetnghiaError: if the folder lies in the data folder.
        LedgerFault: if the disk gives other bytes than were written.
    """
    folder = folder.resolve()
    if folder.is_relative_to(run.settings.home):
        raise KetnghiaError(
            f"{folder} nằm trong thư mục dữ liệu, hỏng thì cùng hỏng; chọn chỗ khác, tốt nhất là ổ đĩa khác."
        )
    refuse_missing_ledger(run.settings)
    # One that cannot be used is told of by its own name, not by that of its copy.
    with run.ledger.read():
        make_folder(folder)
    clear_left_overs(parts_below(folder, (each.name for each in backups_in(folder))))
    place = _free_place(folder, run.now())
    part = folder / part_name(place.name)
    part.mkdir(mode=0o700)
    held = hold_folder(part)
    try:
        manifest = _fill(run, part, on_progress)
        write_durably(part / listing.NAME, manifest.as_json())
        sync_folders(part)
        part.rename(place)
        sync_folders(folder)
    except Altered as error:
        raise LedgerFault(f"Đĩa của {folder} trả lại khác những gì đã ghi ({error}); sao lưu vào đĩa khác.") from error
    finally:
        os.close(held)
        shutil.rmtree(part, ignore_errors=True)
    _note(run, place, manifest)
    removed = _made_room(folder, manifest.ledger_id, keep) if keep and not manifest.missing else []
    return BackedUp(place, manifest, tuple(removed))


def _free_place(folder: Path, at: datetime) -> Path:
    """The name of a backup of that moment; of several in a second each has its own."""
    return _free(folder, f"{BEGINNING}{_moment(at)}")


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _free(folder: Path, name: str) -> Path:
    """A place in the folder where nothing lies yet, by that name or by it with a number."""
    names = (name if number == 1 else f"{name}-{number}" for number in count(1))
    return next(folder / each for each in names if not (folder / each).exists())


def _fill(run: Run, part: Path, on_progress: Progress) -> Manifest:
    copied: dict[str, Copied] = {}
    inside = run.settings.model_copy(update={"home": part / HOME, "database_url": ""})
    _copy_inbox(run, part, copied)
    gone: list[str] = []
    for _ in range(_SNAPSHOTS):
        at = datetime.now(UTC).timestamp()
        ledger = part / LEDGER
        ledger.unlink(missing_ok=True)
        take_snapshot(run.settings.ledger_url, ledger)
        copy = replace(
            run,
            settings=inside,
            shared=_ledger_at(inside, f"sqlite:///{ledger}"),
            kept=KeptFiles(inside.home),
        )
        try:
            named = named_in(copy)
            bring_belongings(run, named)
            wanted = [file for file in belongings(run.settings, named, at) if _name(run, file) not in copied]
            for number, file in enumerate(wanted, start=1):
                _copy(file, _name(run, file), part, copied)
                on_progress("backup", number, len(wanted))
            before, gone = gone, _gone(named, inside.home)
            # What stays away did not go meanwhile: it was lost before.
            if not gone or gone == before:
                break
        finally:
            copy.close()
    return _listed(run, copy, named, part, copied)


def _ledger_at(settings: Settings, url: str) -> LedgerOnce:
    return LedgerOnce(settings.model_copy(update={"database_url": url}))


def _copy_inbox(run: Run, part: Path, copied: dict[str, Copied]) -> None:
    """Copy what waits; where the inbox lies apart, into a folder of this moment, in which nothing of another backup is."""
    inbox, home = run.settings.inbox, run.settings.home
    # What an earlier restore left waiting in the home goes with it, and may be of this very second.
    apart = Path(HOME, WAITING, _free(home / WAITING, _moment(run.now())).name)
    for file in waiting(run.settings):
        name = _name(run, file) if inbox.is_relative_to(home) else (apart / file.relative_to(inbox)).as_posix()
        try:
            _copy(file, name, part, copied)
        except PermissionError as error:
            # Whoever put it there may have closed it to us, and is told when it is taken in; only a fault of ours stops us.
            if str(error.filename) != str(file):
                raise
            warn("backup-without", f"Không đọc được {file}, nên tệp ấy không có trong bản sao lưu; xem quyền đọc.")


def _copy(file: Path, name: str, part: Path, copied: dict[str, Copied]) -> None:
    """Copy a file under its name; one that is gone by now is none that the ledger needs, or is missed below."""
    with suppress(FileNotFoundError):
        copied[name] = copy_file(file, part / name)


def _name(run: Run, file: Path) -> str:
    return (Path(HOME) / file.relative_to(run.settings.home)).as_posix()


def _gone(named: Named, home: Path) -> list[str]:
    """The mails that the ledger's copy needs and the backup has not."""
    there = {path.stem for path in home.glob("mail/??/*.eml")}
    return sorted(named.mails - there)


def _listed(run: Run, copy: Run, named: Named, part: Path, copied: dict[str, Copied]) -> Manifest:
    """The manifest, after the copied ledger was held against the copied files, as `verify --ledger` does it."""
    copy = replace(copy, shared=_ledger_at(copy.settings, copy.shared.url))
    try:
        with copy.ledger.read() as session:
            links, head = chain.head(session)
            ledger_id = identity.ledger_id(session)
            missing = [fault.replace(str(part / HOME), str(run.settings.home)) for fault in file_faults(copy, session)]
    finally:
        copy.close()
    missing += [f"thư {digest[:12]}… còn phải gửi mà không còn tệp" for digest in _gone(named, part / HOME)]
    ledger = part / LEDGER
    settle(ledger)
    copied[LEDGER] = Copied(hash_of(ledger), ledger.stat().st_size)
    return Manifest(
        made_at=run.now(),
        program=version("ketnghia"),
        revision=revision_of_snapshot(ledger) or "",
        links=links,
        head=head,
        tables_version=run.tables.version,
        files=dict(sorted(copied.items())),
        missing=tuple(fault for fault in missing if fault),
        ledger_id=ledger_id,
    )


def _note(run: Run, place: Path, manifest: Manifest) -> None:
    """What `doctor` tells of the newest backup: the disk that it lies on may not be there."""
    told = {
        "at": manifest.made_at.isoformat(),
        "place": str(place),
        "links": manifest.links,
        "head": manifest.head,
        "missing": list(manifest.missing),
    }
    try:
        write_durably(run.settings.home / NOTE, json.dumps(told, ensure_ascii=False).encode())
    except OSError:
        # The backup is there, and whole.
        warn(
            "backup-not-noted",
            f"Bản sao lưu {place} đã xong, nhưng không ghi được {run.settings.home / NOTE}: ketnghia doctor chưa "
            "biết đến bản này; xem quyền và chỗ trống của thư mục ấy.",
        )


def _made_room(folder: Path, ledger_id: str, keep: int) -> list[Path]:
    """Remove the oldest backups of the ledger; one that is half removed bears the name of an interrupted one."""
    removed = []
    for backup in backups_by_ledger(folder)[ledger_id][:-keep]:
        part = backup.with_name(part_name(backup.name))
        try:
            backup.rename(part)
            shutil.rmtree(part)
        except OSError:
            # The new one is there, and whole.
            warn("backup-not-removed", f"Không bỏ được bản sao lưu cũ {backup}; xem quyền rồi tự xóa.")
        else:
            removed.append(backup)
    return removed
