"""An SFTP folder as a way in: only a server that is vouched for, only files that are whole."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import paramiko
import pytest
from paramiko import SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface

from domain.findings import Verdict
from services.settings import Settings
from tests.commands import collect_submissions

pytestmark = pytest.mark.slow


class _Files(SFTPServerInterface):
    """A folder of this machine by SFTP."""

    root = Path()

    def list_folder(self, path: str) -> Any:
        found = []
        for entry in sorted((self.root / path.strip("/")).iterdir()):
            attributes = SFTPAttributes.from_stat(entry.lstat())
            attributes.filename = entry.name
            found.append(attributes)
        return found

    def stat(self, path: str) -> Any:
        try:
            return SFTPAttributes.from_stat(os.stat(self.root / path.strip("/")))
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        handle = SFTPHandle(flags)
        handle.readfile = (self.root / path.strip("/")).open("rb")  # type: ignore[attr-defined]
        handle.stat = lambda: self.stat(path)  # type: ignore[method-assign]
        return handle


class _OnePassword(paramiko.ServerInterface):
    def check_auth_password(self, username: str, password: str) -> int:
        return paramiko.AUTH_SUCCESSFUL if (username, password) == ("nop", "mat-khau") else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


@pytest.fixture
def sftp(tmp_path: Path) -> Iterator[tuple[int, paramiko.PKey, Path]]:
    folder = tmp_path / "sftp"
    folder.mkdir()
    key = paramiko.ECDSAKey.generate()
    _Files.root = folder
    listening = socket.create_server(("127.0.0.1", 0))
    transports: list[paramiko.Transport] = []

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(key)
            transport.set_subsystem_handler("sftp", SFTPServer, _Files)
            transport.start_server(server=_OnePassword())
            transports.append(transport)

    threading.Thread(target=accept, daemon=True).start()
    yield listening.getsockname()[1], key, folder
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    for transport in transports:
        transport.close()


def by_sftp(home: Path, port: int, known_hosts: Path) -> Settings:
    return Settings(
        home=home, sftp_url=f"sftp://nop@127.0.0.1:{port}/", sftp_password="mat-khau", sftp_known_hosts=known_hosts,
        _env_file=None,
    )  # fmt: skip


def test_an_sftp_folder_is_read_once_and_files_still_written_wait(
    tmp_path: Path, sftp: tuple[int, paramiko.PKey, Path], pleiku: Callable[..., bytes]
) -> None:
    port, key, folder = sftp
    known = tmp_path / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n", encoding="ascii")
    settings = by_sftp(tmp_path / "home", port, known)
    done, writing = folder / "KN_622.xlsx", folder / "KN_623.xlsx"
    done.write_bytes(pleiku())
    os.utime(done, (time.time() - 60, time.time() - 60))
    writing.write_bytes(b"PK\x03\x04")
    os.utime(writing, (time.time() + 30, time.time() + 30))
    [collected] = collect_submissions(settings)
    assert (collected.file_name, collected.verdict) == ("KN_622.xlsx", Verdict.ACCEPTED)
    assert collect_submissions(settings) == []
    assert done.exists()


def test_an_sftp_server_that_nobody_vouches_for_is_refused(
    tmp_path: Path, sftp: tuple[int, paramiko.PKey, Path], caplog: pytest.LogCaptureFixture
) -> None:
    known = tmp_path / "known_hosts"
    known.touch()
    assert collect_submissions(by_sftp(tmp_path / "home", sftp[0], known)) == []
    assert "sẽ thử lại lần sau" in caplog.text
