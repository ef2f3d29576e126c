"""What of a data folder goes into a backup: everything but what can be made again, so that what nobody thought of is kept."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ingest.channels.folder import TAKEN
from services.log import warn
from services.run import Run
from services.settings import Settings
from services.shared_store import kept_folders
from storage import arrivals, chain, deliveries, editions
from storage.left_overs import PART
from storage.snapshot import ledger_files

LEFT_OUT: Mapping[str, str] = {
    "forms": "ketnghia forms",
    "grid": "ketnghia grid",
    "prefect": "ketnghia serve; what is due stands in the ledger",
    "preview": "ketnghia preview",
    "questions": "ketnghia questions --write",
    "status": "ketnghia status",
    "tu-dien-so-lieu.csv": "ketnghia dictionary",
    "unit-sheets": "ketnghia report --all-units",
    "heartbeat": "ketnghia serve",
    "collect.lock": "whoever collects next",
    "outbox.lock": "whoever sends next",
}
"""What lies in the data folder and need not be kept, by what makes it again."""
NOTE = "backup.json"
"""The note, in the data folder, of the newest backup; a backup does not hold it."""
_NAMED_ALONE_SECONDS = 86_400
"""What the ledger does not name is kept once it has lain there for so long: before, it may just be coming in."""


@dataclass(frozen=True, slots=True)
class Named:
    """What a ledger names: the bytes that must be in the same backup, by their hashes."""

    archive: frozenset[str]
    editions: frozenset[str]
    mails: frozenset[str]
    """Those that are still to go, or may have to."""


def named_in(run: Run) -> Named:
    """What the run's ledger names."""
    with run.ledger.read() as session:
        return Named(
            frozenset(arrivals.arrived_files(session)) | chain.keys_of(session, chain.FILE),
            frozenset(digest for each in editions.all_editions(session) for digest in each.all_sha256),
            frozenset(each.eml_sha256 for each in deliveries.unsettled(session) if each.eml_sha256),
        )


def waiting(settings: Settings) -> Iterator[Path]:
    """What waits in the inbox, and of what was taken the files that were too large to be kept whole."""
    for file in _files(settings.inbox, on_closed=_tell_closed):
        is_taken = TAKEN in file.relative_to(settings.inbox).parts
        if not is_taken or _size(file) > settings.limits.file_bytes:
            yield file


def bring_belongings(run: Run, named: Named) -> None:
    """Bring from the store, where there is one, what this machine has never needed so far.

    Raises:
        StoreUnreachable: if it does not answer.
    """
    if run.kept.open_store is None:
        return
    for folder in kept_folders(run.settings):
        for place in run.kept.places(folder):
            if folder != run.settings.mails or place.stem in named.mails:
                run.kept.bring(place)


def belongings(settings: Settings, named: Named, at: float) -> Iterator[Path]:
    """Every other file of the data folder that cannot be made again, as of the moment `at` of the ledger's copy."""
    home = settings.home
    apart = {home / name for name in (*LEFT_OUT, NOTE)} | {settings.inbox} | ledger_files(settings.ledger_url)
    by_hash = {settings.archive: named.archive, settings.editions: named.editions, settings.mails: named.mails}
    for file in _files(home, apart):
        folder = next((each for each in by_hash if file.is_relative_to(each)), None)
        if folder is None or _is_named(file, folder, by_hash[folder]) or _age(file, at) > _NAMED_ALONE_SECONDS:
            yield file


def _is_named(file: Path, folder: Path, hashes: frozenset[str]) -> bool:
    """Whether a part of the file's place is one of the hashes, as it stands or before its ending."""
    return any(part.partition(".")[0] in hashes for part in file.relative_to(folder).parts)


def _files(
    root: Path,
    apart: set[Path] | frozenset[Path] = frozenset(),
    on_closed: Callable[[OSError], None] | None = None,
) -> Iterator[Path]:
    """Every file below, links followed; a folder that was met is not met again."""
    met = set()
    for folder, folders, names in os.walk(root, onerror=on_closed or _refuse_closed, followlinks=True):
        try:
            entry = os.stat(folder)
        except FileNotFoundError:
            continue
        if (entry.st_dev, entry.st_ino) in met:
            folders.clear()
            continue
        met.add((entry.st_dev, entry.st_ino))
        folders[:] = sorted(name for name in folders if _is_wanted(Path(folder, name), apart))
        yield from (file for name in sorted(names) if _is_wanted(file := Path(folder, name), apart) and file.is_file())


def _refuse_closed(error: OSError) -> None:
    """A folder that is gone meanwhile holds nothing; one that we may not look into would be left out silently."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _tell_closed(error: OSError) -> None:
    """Whoever put a folder into the inbox may have closed it to us, and is told when the files are taken in."""
    if not isinstance(error, PermissionError):
        _refuse_closed(error)
    warn(
        "backup-without",
        f"Không vào được {error.filename}, nên tệp trong đó không có trong bản sao lưu; xem quyền đọc.",
    )


def _is_wanted(place: Path, apart: set[Path] | frozenset[Path]) -> bool:
    return place not in apart and not place.name.startswith(PART)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _age(file: Path, at: float) -> float:
    try:
        return at - file.stat().st_mtime
    except FileNotFoundError:
        return 0.0
