"""One store of files for several machines: a folder that all of them reach, or one on another machine, by its own interface.

A file is there whole or not at all, and what was written is read back. The mark says of which ledger the store is: a
drive that is not mounted is an empty folder, and must be taken neither for the store nor for a new one.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeVar

from domain.errors import StoreUnreachable
from storage.durable import write_durably
from storage.left_overs import PART, part_name

T = TypeVar("T")
MARK = "ledger.id"
"""The file that bears the id of the ledger whose files these are, and that of the store."""


class Store(Protocol):
    """Files by their names, which are relative paths with `/`.

    Every method raises StoreUnreachable where the store does not answer, refuses, or is not to be found.
    """

    @property
    def place(self) -> str:
        """Where it is, to be read by people."""

    def refuse_unfit(self) -> None:
        """Raise where it is not there, or everybody may look into it."""

    def read(self, name: str) -> bytes | None:
        """The file; null where there is none."""

    def write(self, name: str, content: bytes) -> bool:
        """Put the file there, durably; what has these bytes already stays as it is. Gives whether it was written."""

    def remove(self, name: str) -> None:
        """Take the file away, if it is there."""

    def names(self, folder: str) -> Iterator[str]:
        """Every file below the folder."""


class FolderStore:
    """A folder, most likely on a network drive."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @property
    def place(self) -> str:
        """The folder."""
        return str(self._root)

    def refuse_unfit(self) -> None:
        """Raise where there is no such folder, or every account of the machine may enter it."""
        with self._telling():
            if not self._root.is_dir():
                raise StoreUnreachable(
                    f"Không có thư mục kho chung {self._root}; gắn (mount) ổ đĩa mạng, hoặc lập thư mục ấy (chmod 700)."
                )
            if self._root.stat().st_mode & stat.S_IRWXO:
                raise StoreUnreachable(
                    f"Mọi tài khoản trên máy đều vào được kho chung {self._root}, có tệp của các đơn vị; chạy: chmod o= {self._root} "
                    "(ổ đĩa mạng kiểu CIFS: gắn với dir_mode=0700,file_mode=0600)."
                )

    def read(self, name: str) -> bytes | None:
        """The file; null where there is none."""
        with self._telling():
            try:
                return (self._root / name).read_bytes()
            except (FileNotFoundError, NotADirectoryError):
                self._refuse_gone(name)
                return None

    def write(self, name: str, content: bytes) -> bool:
        """Put the file there, durably."""
        if self.read(name) == content:
            return False
        with self._telling():
            self._refuse_gone(name)
            write_durably(self._root / name, content)
        _refuse_altered(self, name, content)
        return True

    def remove(self, name: str) -> None:
        """Take the file away, if it is there."""
        with self._telling():
            self._refuse_gone(name)
            (self._root / name).unlink(missing_ok=True)

    def names(self, folder: str) -> Iterator[str]:
        """Every file below the folder."""
        with self._telling():
            self._refuse_gone(folder)
            found = [
                Path(inside, name).relative_to(self._root).as_posix()
                for inside, _, files in os.walk(self._root / folder, onerror=_refuse_closed)
                for name in files
                if not name.startswith(PART)
            ]
        yield from found

    def _refuse_gone(self, name: str) -> None:
        """A drive that is not mounted has no mark; the mark itself is what is looked for, or made."""
        if name != MARK and not (self._root / MARK).is_file():
            raise StoreUnreachable(f"Kho chung {self._root} không còn ở đó; xem ổ đĩa mạng có được gắn (mount) không.")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreUnreachable(
                f"Kho chung {self._root} từ chối ({error.strerror or error}); xem chỗ trống, quyền ghi và ổ đĩa của kho."
            ) from error


class RemoteStore:
    """A folder of another machine (`fsspec.AbstractFileSystem`): an S3 bucket, or a folder by SFTP."""

    def __init__(self, place: str, root: str, connect: Callable[[], Any], *, has_folders: bool) -> None:
        self._place, self._root, self._connect, self._has_folders = place, root.rstrip("/"), connect, has_folders
        self._system: Any = None
        # One line to the server, which threads must not speak into at once.
        self._turn = Lock()

    @property
    def place(self) -> str:
        """Its address."""
        return self._place

    def refuse_unfit(self) -> None:
        """Who may look into it is its server's affair."""

    def read(self, name: str) -> bytes | None:
        """The file; null where there is none."""

        def read(system: Any) -> bytes | None:
            try:
                content: bytes = system.cat_file(self._at(name))
            except FileNotFoundError:
                return None
            return content

        return self._ask(read)

    def write(self, name: str, content: bytes) -> bool:
        """Put the file there: by a name of its own first, where a file can be half written."""
        if self.read(name) == content:
            return False

        def write(system: Any) -> None:
            if not self._has_folders:
                system.pipe_file(self._at(name), content)
                return
            folder, _, last = self._at(name).rpartition("/")
            part = f"{folder}/{part_name(last)}"
            system.makedirs(folder, exist_ok=True)
            with system.open(part, "wb") as file:
                file.write(content)
            system.mv(part, self._at(name))

        self._ask(write)
        _refuse_altered(self, name, content)
        return True

    def remove(self, name: str) -> None:
        """Take the file away, if it is there."""

        def remove(system: Any) -> None:
            try:
                system.rm_file(self._at(name))
            except FileNotFoundError:
                return

        self._ask(remove)

    def names(self, folder: str) -> Iterator[str]:
        """Every file below the folder."""

        def find(system: Any) -> list[str]:
            try:
                return sorted(system.find(self._at(folder)))
            except FileNotFoundError:
                return []

        for found in self._ask(find):
            name = found.removeprefix("/").removeprefix(self._root.removeprefix("/")).removeprefix("/")
            parts = name.split("/")
            # A bucket takes any name; one that leads elsewhere was not put there by us.
            if name.startswith(f"{folder}/") and {"", ".", ".."}.isdisjoint(parts) and not parts[-1].startswith(PART):
                yield name

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _ask(self, question: Callable[[Any], T]) -> T:
        """Ask the server; a line that broke since the last time is made anew once."""
        with self._turn:
            was_open = self._system is not None
            try:
                return self._asked(question)
            except Exception as error:
                self._system = None
                if not was_open:
                    raise self._unreachable(error) from error
            try:
                return self._asked(question)
            except Exception as error:
                self._system = None
                raise self._unreachable(error) from error

    def _asked(self, question: Callable[[Any], T]) -> T:
        if self._system is None:
            self._system = self._connect()
        return question(self._system)

    def _unreachable(self, error: Exception) -> StoreUnreachable:
        # Each file system behind the interface has errors of its own kind for “not reached” and “refused”.
        said = f"{type(error).__name__}: {error}".rstrip(": ")
        return StoreUnreachable(f"Kho chung {self._place} không trả lời, hoặc từ chối ({said}).")


def _refuse_closed(error: OSError) -> None:
    """A folder that is not there holds nothing; one that we may not look into would seem empty."""
    if not isinstance(error, FileNotFoundError):
        raise error


def _refuse_altered(store: Store, name: str, content: bytes) -> None:
    if store.read(name) != content:
        raise StoreUnreachable(f"Kho chung {store.place} trả lại khác những gì đã ghi ({name}); xem ổ đĩa của kho.")
