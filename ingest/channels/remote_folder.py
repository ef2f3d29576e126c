"""A folder of another machine, an S3 bucket or a folder by SFTP, through one file system interface."""

import time
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from domain.errors import MissingExtra, UnreachableChannel
from domain.text import fits_database, printable
from ingest.channels.arrival import SETTLE_SECONDS, Arrival, is_aside


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """Everything below a path; what is there stays there."""

    name: str
    path: str
    most_bytes: int
    connect: Callable[[], Any]
    """Gives the file system (`fsspec.AbstractFileSystem`)."""

    def arrivals(self, known: Container[str]) -> Iterator[Arrival]:
        """Every new file in the order of arrival; one that still changes waits for the next run."""
        try:
            system = self.connect()
            found = system.find(self.path, detail=True)
            files = [(_modified(entry), place, entry) for place, entry in found.items() if _is_file(place, entry)]
            for modified, place, entry in sorted(files, key=lambda each: each[:2]):
                locator = fits_database(f"{place}@{modified.isoformat()}")
                if locator in known or time.time() - modified.timestamp() < SETTLE_SECONDS:
                    continue
                with system.open(place, "rb") as file:
                    content = file.read(self.most_bytes + 1)
                system.invalidate_cache()
                after = system.info(place)
                if (entry["size"], modified) != (after["size"], _modified(after)):
                    continue
                name = printable(PurePosixPath(place).name)
                yield Arrival(self.name, locator, name, content, min(modified, datetime.now(UTC)))
        except UnreachableChannel:
            raise
        except MissingExtra as error:
            raise UnreachableChannel(str(error)) from error
        except Exception as error:
            if isinstance(error, (MemoryError, AssertionError)):
                raise
            # Each file system behind the interface has errors of its own kind for “not reached” and “refused”.
            raise UnreachableChannel(
                f"Không lấy được tệp từ {self.path} ({type(error).__name__}: {error}); sẽ thử lại lần sau."
            ) from error


def s3_bucket(url: str, endpoint: str, key: str, secret: str, most_bytes: int) -> RemoteFolder:
    """The bucket at `s3://bucket/path`; `endpoint` names a server other than Amazon's."""

    def connect() -> Any:
        try:
            import s3fs
        except ModuleNotFoundError as error:
            raise MissingExtra.of("Nhận tệp từ kho S3", "s3") from error
        return s3fs.S3FileSystem(
            key=key or None,
            secret=secret or None,
            endpoint_url=endpoint or None,
            use_listings_cache=False,
            skip_instance_cache=True,
        )

    return RemoteFolder("bucket", url.removeprefix("s3://"), most_bytes, connect)


def sftp_folder(
    host: str, port: int, user: str, password: str, path: str, known_hosts: str, most_bytes: int
) -> RemoteFolder:
    """The folder of an SFTP server whose key stands in `known_hosts`; an unknown server is refused."""

    def connect() -> Any:
        try:
            import paramiko
            from fsspec.implementations.sftp import SFTPFileSystem
        except ModuleNotFoundError as error:
            raise MissingExtra.of("Nhận tệp từ thư mục SFTP", "sftp") from error

        class KnownServer(SFTPFileSystem):  # type: ignore[misc]
            def _connect(self) -> None:
                self.client = paramiko.SSHClient()
                self.client.load_host_keys(known_hosts)
                self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
                self.client.connect(self.host, **self.ssh_kwargs)
                self.ftp = self.client.open_sftp()

        return KnownServer(
            host, port=port, username=user, password=password or None, timeout=60, skip_instance_cache=True
        )

    return RemoteFolder("sftp", path, most_bytes, connect)


def _is_file(place: str, entry: dict[str, Any]) -> bool:
    parts = PurePosixPath(place).parts
    return entry["type"] == "file" and not any(is_aside(part) for part in parts)


def _modified(entry: dict[str, Any]) -> datetime:
    at: datetime = entry.get("LastModified") or entry["mtime"]
    return at if at.tzinfo else at.replace(tzinfo=UTC)
