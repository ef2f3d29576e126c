"""Servers of files, started on loopback: a folder by SFTP, and an S3 bucket."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import paramiko
from moto.server import ThreadedMotoServer
from paramiko import SFTP_OK, SFTP_PERMISSION_DENIED, SFTPAttributes, SFTPHandle, SFTPServer, SFTPServerInterface

USER, PASSWORD = "nop", "mat-khau"


class _Files(SFTPServerInterface):
    """A folder of this machine by SFTP; what is called closed may not be entered."""

    root = Path()

    def _at(self, path: str) -> Path:
        return self.root / path.strip("/")

    def list_folder(self, path: str) -> Any:
        if "closed" in path:
            return SFTP_PERMISSION_DENIED
        try:
            entries = sorted(self._at(path).iterdir())
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)
        found = []
        for entry in entries:
            attributes = SFTPAttributes.from_stat(entry.lstat())
            attributes.filename = os.fsencode(entry.name)  # type: ignore[assignment]
            found.append(attributes)
        return found

    def stat(self, path: str) -> Any:
        try:
            return SFTPAttributes.from_stat(os.stat(self._at(path)))
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)

    lstat = stat

    def open(self, path: str, flags: int, attr: Any) -> Any:
        if "closed" in path:
            return SFTP_PERMISSION_DENIED
        try:
            file = os.fdopen(
                os.open(self._at(path), flags, 0o600),
                "r+b" if flags & os.O_RDWR else "wb" if flags & os.O_WRONLY else "rb",
            )
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)
        handle = SFTPHandle(flags)
        handle.readfile = handle.writefile = file  # type: ignore[attr-defined]
        handle.stat = lambda: self.stat(path)  # type: ignore[method-assign]
        return handle

    def mkdir(self, path: str, attr: Any) -> int:
        return self._done(lambda: self._at(path).mkdir())

    def remove(self, path: str) -> int:
        return self._done(lambda: self._at(path).unlink())

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        return self._done(lambda: os.replace(self._at(oldpath), self._at(newpath)))

    def _done(self, work: Any) -> int:
        try:
            work()
        except OSError as error:
            return SFTPServer.convert_errno(error.errno or 0)
        return SFTP_OK


class _OnePassword(paramiko.ServerInterface):
    def check_auth_password(self, username: str, password: str) -> int:
        return paramiko.AUTH_SUCCESSFUL if (username, password) == (USER, PASSWORD) else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED


class SftpServer:
    """A folder served by SFTP, until it is stopped; it may be cut off and go on."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.key = folder, paramiko.ECDSAKey.generate()
        self._serves = type("Served", (_Files,), {"root": folder})
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._transports: list[paramiko.Transport] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            transport = paramiko.Transport(connection)
            transport.add_server_key(self.key)
            transport.set_subsystem_handler("sftp", SFTPServer, self._serves)
            transport.start_server(server=_OnePassword())
            self._transports.append(transport)

    def cut_lines(self) -> None:
        """Drop every client that is connected, as a restarted server does."""
        for transport in self._transports:
            transport.close()
        self._transports.clear()

    def stop(self) -> None:
        if self._listening.fileno() >= 0:
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self.cut_lines()

    def vouched_for(self, place: Path) -> Path:
        """A file of known hosts with this server in it."""
        line = f"[127.0.0.1]:{self.port} {self.key.get_name()} {self.key.get_base64()}\n"
        place.write_text(line, encoding="ascii")
        return place


@contextmanager
def sftp_server(folder: Path) -> Iterator[SftpServer]:
    server = SftpServer(folder)
    try:
        yield server
    finally:
        server.stop()


@contextmanager
def s3_server(bucket: str) -> Iterator[tuple[str, Any]]:
    """The endpoint of a service with one empty bucket, for the key `key` and the secret `secret`, and a client of it."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1"
    )
    client.create_bucket(Bucket=bucket)
    try:
        yield endpoint, client
    finally:
        client.close()
        server.stop()
