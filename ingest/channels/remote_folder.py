"""A folder of another machine, an S3 bucket or a folder by SFTP, through one file system interface."""

import time
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from domain.errors import MissingExtra, UnreachableChannel
from domain.text import fits_database, printable
from ingest.channels.arrival import SETTLE_SECONDS, Arrival, locator
from ingest.channels.faults import is_of_machine
from ingest.channels.left_alone import Aside, LeftAlone, Why, is_junk_folder, why_by_name
from ingest.file_systems import s3_files, sftp_files

Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """Everything below a path; what is there stays there."""

    name: str
    path: str
    most_bytes: int
    connect: Callable[[], Any]
    """Gives the file system (`fsspec.AbstractFileSystem`)."""
    has_folders: bool = False
    """Whether there are folders in it, which somebody may have closed; a bucket has names alone."""

    def arrivals(self, known: Container[str]) -> Iterator[Arrival | LeftAlone]:
        """Every new file in the order of its name, then what was left alone; what still changes waits.

        Raises:
            UnreachableChannel: if the server does not answer or refuses.
        """
        aside = Aside()
        try:
            system = self.connect()
            found = {
                place: entry
                for place, entry in sorted(self._files(system, aside).items())
                if not _is_known(place, entry, known)
            }
            if found:
                time.sleep(SETTLE_SECONDS)
            for place, before in found.items():
                try:
                    content = self._read(system, place)
                    after = system.info(place)
                except FileNotFoundError:
                    continue
                except Exception as error:
                    if is_of_machine(error):
                        raise
                    # Of one file, if the server still answers; otherwise this look raises too.
                    system.invalidate_cache()
                    system.ls(self.path)
                    aside.leave(Why.UNREADABLE, self._shown(place), type(error).__name__)
                    continue
                if _identity(before) != _identity(after):
                    aside.leave(Why.CHANGING, self._shown(place))
                    continue
                yield self._arrival(place, before, content)
        except UnreachableChannel:
            raise
        except MissingExtra as error:
            raise UnreachableChannel(str(error)) from error
        except Exception as error:
            if is_of_machine(error):
                raise
            # Each file system behind the interface has errors of its own kind for “not reached” and “refused”.
            raise UnreachableChannel(
                f"Không lấy được tệp từ {self.path} ({type(error).__name__}: {error}); sẽ thử lại lần sau."
            ) from error
        yield from aside.told()

    def log_in(self) -> None:
        """Look into the folder and leave it as it is.

        Raises:
            UnreachableChannel: if the server does not answer or refuses.
        """
        try:
            self.connect().ls(self.path, detail=False)
        except MissingExtra as error:
            raise UnreachableChannel(str(error)) from error
        except Exception as error:
            # As above: every file system has errors of its own kind.
            raise UnreachableChannel(f"Không vào được {self.path} ({type(error).__name__}: {error}).") from error

    def _files(self, system: Any, aside: Aside) -> dict[str, Entry]:
        """Every file that somebody may have handed in, by its place."""
        found = {}
        for place, entry in self._listed(system, aside).items():
            within = PurePosixPath(place.removeprefix(self.path).lstrip("/"))
            if any(is_junk_folder(part) for part in within.parts[:-1]):
                continue
            if (why := why_by_name(within.name)) is not None:
                aside.leave(why, self._shown(place))
            elif entry["type"] in ("link", "other"):
                aside.leave(Why.NO_FILE, self._shown(place))
            elif entry["type"] == "file":
                found[place] = entry
        return found

    def _listed(self, system: Any, aside: Aside) -> dict[str, Entry]:
        """Everything below the path but folders; walked here, for `find` takes a folder that is closed as an empty one."""
        if not self.has_folders:
            found: dict[str, Entry] = system.find(self.path, detail=True)
            return found
        found, waiting = {}, [self.path]
        while waiting:
            folder = waiting.pop()
            try:
                entries = system.ls(folder, detail=True)
            except (PermissionError, FileNotFoundError) as error:
                if folder == self.path:
                    raise
                aside.leave(Why.UNREADABLE, self._shown(folder), type(error).__name__)
                continue
            waiting += [entry["name"] for entry in entries if entry["type"] == "directory"]
            found |= {entry["name"]: entry for entry in entries if entry["type"] != "directory"}
        return found

    def _read(self, system: Any, place: str) -> bytes:
        with system.open(place, "rb") as file:
            content: bytes = file.read(self.most_bytes + 1)
        system.invalidate_cache()
        return content

    def _arrival(self, place: str, entry: Entry, content: bytes) -> Arrival:
        """A storage service notes itself when it received an object; by SFTP there is only the sender's own time."""
        name = printable(PurePosixPath(place).name)
        received, own = (entry["LastModified"], None) if "LastModified" in entry else (None, _modified(entry))
        return Arrival(self.name, _locator(place, entry), name, content, received, own_time=own)

    def _shown(self, place: str) -> str:
        return printable(place.removeprefix(self.path).lstrip("/"))


def s3_bucket(url: str, endpoint: str, key: str, secret: str, most_bytes: int) -> RemoteFolder:
    """The bucket at `s3://bucket/path`; `endpoint` names a server other than Amazon's."""
    return RemoteFolder("bucket", url.removeprefix("s3://"), most_bytes, partial(s3_files, endpoint, key, secret))


def sftp_folder(
    host: str, port: int, user: str, password: str, path: str, known_hosts: str, most_bytes: int
) -> RemoteFolder:
    """The folder of an SFTP server whose key stands in `known_hosts`."""
    connect = partial(sftp_files, host, port, user, password, path, known_hosts)
    return RemoteFolder("sftp", path, most_bytes, connect, has_folders=True)


def _is_known(place: str, entry: Entry, known: Container[str]) -> bool:
    # Until November 2026 a file was told by its place and its own time alone; such a one must not come twice.
    by_own_time = fits_database(f"{place}@{_modified(entry).isoformat()}")
    return _locator(place, entry) in known or by_own_time in known


def _locator(place: str, entry: Entry) -> str:
    """A clock that stands still gives every file the same time, so there is more to tell two of one name by."""
    return locator(place, _modified(entry).isoformat(), entry.get("ETag") or entry["size"])


def _identity(entry: Entry) -> tuple[object, ...]:
    # Some servers give one object's time to the millisecond in a list, and to the second when asked for it alone.
    return entry["size"], entry.get("ETag") or _modified(entry)


def _modified(entry: Entry) -> datetime:
    at: datetime = entry.get("LastModified") or entry["mtime"]
    return at if at.tzinfo else at.replace(tzinfo=UTC)
