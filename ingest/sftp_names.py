"""SFTP with any name: a file whose name is not UTF-8 must not hide all others."""

from collections.abc import Iterator
from typing import Self

import paramiko
from paramiko.sftp import CMD_CLOSE, CMD_HANDLE, CMD_OPENDIR, CMD_READDIR


class AnyNames(paramiko.SFTPClient):
    """A client that gives the bytes of a name as Python does on its own disk, and finds the file by them again."""

    @classmethod
    def of(cls, client: paramiko.SSHClient) -> Self:
        """The files of the server that the client is connected with."""
        transport = client.get_transport()
        found = None if transport is None else cls.from_transport(transport)
        if found is None:
            raise paramiko.SSHException("no SFTP session")
        return found

    def listdir_iter(self, path: bytes | str = ".", read_aheads: int = 50) -> Iterator[paramiko.SFTPAttributes]:
        """What lies in the folder; one request after the other."""
        kind, message = self._request(CMD_OPENDIR, self._adjust_cwd(path))  # type: ignore[attr-defined]
        if kind != CMD_HANDLE:
            raise paramiko.SFTPError("Expected handle")
        handle = message.get_string()
        try:
            while True:
                _, message = self._request(CMD_READDIR, handle)  # type: ignore[attr-defined]
                for _ in range(message.get_int()):
                    name, shown = (message.get_string().decode("utf-8", "surrogateescape") for _ in range(2))
                    found = paramiko.SFTPAttributes._from_msg(message, name, shown)  # type: ignore[attr-defined]
                    if name not in (".", ".."):
                        yield found
        except EOFError:
            pass
        finally:
            self._request(CMD_CLOSE, handle)  # type: ignore[attr-defined]

    def _adjust_cwd(self, path: bytes | str) -> bytes:
        return path.encode("utf-8", "surrogateescape") if isinstance(path, str) else path
