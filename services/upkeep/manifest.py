"""The list that makes a folder a backup: every file with its hash, written last."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from domain.errors import BadBackup, NoBackup
from storage.copying import Copied, hash_of

NAME, FORMAT = "manifest.json", "ketnghia-backup-1"
LEDGER, HOME = "ledger.sqlite3", "home"
"""In a backup: the ledger as one file, and the folder with what lies in the data folder."""
WAITING = "waiting"
"""In the latter, the folder with what waited in an inbox that lies apart from the data folder."""
BEGINNING = "ketnghia-"
"""How the name of a backup begins; the moment follows, so that names stand in the order of time."""
_LISTED = 10


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and of what it was made."""

    made_at: datetime
    program: str
    revision: str
    links: int
    head: str
    tables_version: str
    """The hash of the tables that people edit, as they were then."""
    files: Mapping[str, Copied]
    """Every file by its place in the backup."""
    missing: tuple[str, ...]
    """What the ledger names and was gone, or altered, before the backup was made: sentences."""
    ledger_id: str = ""
    """Whose backup it is; empty in those of earlier programs."""

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        return sum(each.size for each in self.files.values())

    def as_json(self) -> bytes:
        """The manifest as it is written."""
        content = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True).encode()


def backups_in(folder: Path) -> list[Path]:
    """Every backup in the folder, oldest first; an interrupted one is none."""
    return sorted(path.parent for path in folder.glob(f"{BEGINNING}*/{NAME}"))


def backups_by_ledger(folder: Path) -> dict[str, list[Path]]:
    """The backups in the folder by the id of their ledger, oldest first; of one that tells none the id is empty."""
    found: dict[str, list[Path]] = {}
    for backup in backups_in(folder):
        found.setdefault(_ledger_id_of(backup), []).append(backup)
    return found


def _ledger_id_of(backup: Path) -> str:
    try:
        return read_manifest(backup).ledger_id
    except (BadBackup, OSError):
        return ""


def read_manifest(backup: Path) -> Manifest:
    """The manifest of a backup.

    Raises:
        NoBackup: if the folder is none; names the newest one, of each ledger, that lies in it.
        BadBackup: if its list cannot be read.
        OSError: if this account may not read it.
    """
    try:
        told = json.loads((backup / NAME).read_bytes())
        if told.pop("format") != FORMAT:
            raise ValueError(FORMAT)
        if strange := [name for name in told["files"] if not _is_inside(name)]:
            raise BadBackup(
                f"{backup / NAME} nêu tệp nằm ngoài bản sao lưu ({strange[0]}): không phải do chương trình này lập; dùng một bản "
                "sao lưu khác."
            )
        if LEDGER not in told["files"]:
            raise ValueError(LEDGER)
        files = {name: Copied(**each) for name, each in told.pop("files").items()}
        made_at, missing = datetime.fromisoformat(told.pop("made_at")), tuple(told.pop("missing"))
        return Manifest(made_at=made_at, files=files, missing=missing, **told)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoBackup(f"{backup} không phải một bản sao lưu (thiếu {NAME}); {_hint(backup)}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadBackup(f"{backup / NAME} không đọc được; dùng một bản sao lưu khác.") from error


def _is_inside(name: str) -> bool:
    """Whether a name of the manifest leads to the ledger, or to below the folder of the data folder's files."""
    place = PurePosixPath(name)
    is_plain = place.as_posix() == name and ".." not in place.parts
    return is_plain and (name == LEDGER or (place.parts[:1] == (HOME,) and len(place.parts) > 1))


def _hint(folder: Path) -> str:
    """What lies in a folder that is no backup itself."""
    within = backups_by_ledger(folder)
    if not within:
        return "bản sao lưu dở dang không dùng được"
    if len(within) == 1:
        return f"bản mới nhất trong ấy là {next(iter(within.values()))[-1]}"
    newest = (
        f"{of[-1]} ({f'sổ có mã {ledger[:12]}…' if ledger else 'không ghi mã sổ'})" for ledger, of in within.items()
    )
    return f"trong ấy có bản của nhiều sổ, mới nhất của từng sổ là {', '.join(newest)}"


def refuse_altered(backup: Path, manifest: Manifest) -> None:
    """Stop where a file is not the one that was kept.

    Raises:
        BadBackup: names the first of them.
    """
    faults = [fault for name, kept in manifest.files.items() if (fault := _fault(backup / name, kept))]
    if faults:
        more = f"\nvà {len(faults) - _LISTED} tệp khác" if len(faults) > _LISTED else ""
        raise BadBackup(
            f"Bản sao lưu {backup} không nguyên vẹn, không phục hồi gì; dùng một bản khác.\n"
            + "\n".join(faults[:_LISTED])
            + more
        )


def _fault(place: Path, kept: Copied) -> str:
    if not place.is_file():
        return f"thiếu tệp {place}"
    return "" if hash_of(place) == kept.sha256 else f"tệp {place} đã khác lúc sao lưu"
