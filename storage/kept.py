"""Files that the ledger names: below the home of this machine and, where several share a ledger, in one store for all.

What this machine lacks is brought from the store; most of it is told by its hash, and other bytes are never brought.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from storage.durable import write_durably
from storage.left_overs import PART
from storage.store import Store

_BY_HASH = re.compile(r"^([0-9a-f]{64})(\.pdf|\.eml)?$")
"""The names of files that are called by the hash of what is in them."""


Unreadable = Callable[[Path, OSError], None]
"""Is told of a file that is there and cannot be read."""


@dataclass(frozen=True)
class KeptFiles:
    """The files below a home; each is named by the place where it lies there."""

    home: Path
    open_store: Callable[[], Store] | None = field(default=None, repr=False)
    """Gives the store that the home shares with others; null where it shares none."""

    def keep(self, place: Path, content: bytes) -> None:
        """Keep the bytes durably, here and in the store.

        Raises:
            StoreUnreachable: if the store does not take them.
        """
        # The length first: most files that were damaged need not be read.
        is_kept = place.is_file() and place.stat().st_size == len(content) and place.read_bytes() == content
        if not is_kept:
            write_durably(place, content)
        if self.open_store is not None:
            self.open_store().write(self._name(place), content)

    def remove(self, place: Path) -> None:
        """Take a file away, here and in the store; what cannot be removed stays."""
        with suppress(OSError):
            place.unlink()
        if self.open_store is not None:
            self.open_store().remove(self._name(place))

    def bring(self, place: Path, digest: str | None = None) -> Path:
        """The same place; what is not there, or has not this hash, is brought from the store, if it is sound there.

        Raises:
            StoreUnreachable: if it has to be asked, and does not answer.
        """
        if self.open_store is None or _is_sound(_content(place), expected := digest or _hash_in(place)):
            return place
        there = self.open_store().read(self._name(place))
        if there is not None and _is_sound(there, expected):
            write_durably(place, there)
        return place

    def read(self, place: Path, digest: str | None = None) -> bytes | None:
        """The bytes, here or in the store; null where there are none, or none with this hash.

        Raises:
            OSError: if what lies here cannot be read.
            StoreUnreachable: if the store has to be asked, and does not answer.
        """
        content = _content(place)
        if _is_sound(content, digest):
            return content
        there = self.open_store().read(self._name(place)) if self.open_store is not None else None
        return there if _is_sound(there, digest) else None

    def has(self, place: Path) -> bool:
        """Whether it is here or in the store."""
        return place.is_file() or (
            self.open_store is not None and self.open_store().read(self._name(place)) is not None
        )

    def is_shared(self, place: Path, content: bytes) -> bool:
        """Whether the store has these very bytes under the name; false where there is no store."""
        return self.open_store is not None and self.open_store().read(self._name(place)) == content

    def fault(self, place: Path, digest: str) -> str:
        """What is wrong with a file that must have this hash, here or in the store, in Vietnamese; empty where it is sound."""
        try:
            here = _content(place)
        except OSError as error:
            return f"không đọc được ({error.strerror})"
        if self.open_store is None:
            return "" if _is_sound(here, digest) else "đã mất" if here is None else "đã bị sửa"
        there = self.open_store().read(self._name(place))
        if _is_sound(there, digest):
            return "" if here is None or _is_sound(here, digest) else "đã bị sửa ở máy này"
        return "không có trong kho chung" if there is None else "đã bị sửa trong kho chung"

    def places(self, folder: Path) -> list[Path]:
        """Every file below the folder of the home, here or in the store."""
        found = {path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(PART)}
        if self.open_store is not None:
            found |= {self.home / name for name in self.open_store().names(self._name(folder))}
        return sorted(found)

    def versions(self, place: Path) -> Iterator[bytes]:
        """What lies here under the name, and what in the store."""
        if (here := _content(place)) is not None:
            yield here
        if self.open_store is not None and (there := self.open_store().read(self._name(place))) is not None:
            yield there

    def level(self, place: Path, digest: str) -> bool:
        """Put the bytes with this hash into the store where this machine has them, else bring them; gives if any were moved."""
        if self.open_store is None:
            return False
        here = _content(place)
        if here is not None and _is_sound(here, digest):
            return self.open_store().write(self._name(place), here)
        return _is_sound(_content(self.bring(place, digest)), digest)

    def hand_over(self, folder: Path, on_unreadable: Unreadable, *, is_thorough: bool) -> Iterator[Path]:
        """Put what this machine alone has below the folder into the store, as the names there tell; gives each.

        With `is_thorough` the bytes of what both have are compared, too: the sound ones replace those that were altered.
        """
        if self.open_store is None:
            return
        store = self.open_store()
        there = set(store.names(self._name(folder)))
        for place in _files(folder):
            name, digest = self._name(place), _hash_in(place)
            if name in there and (digest is None or not is_thorough):
                continue
            try:
                content = _content(place)
            except OSError as error:
                on_unreadable(place, error)
                continue
            if digest is not None and is_thorough:
                is_moved = self.level(place, digest)
            else:
                is_moved = content is not None and _is_sound(content, digest) and store.write(name, content)
            if is_moved:
                yield place

    def _name(self, place: Path) -> str:
        return place.relative_to(self.home).as_posix()


def _files(folder: Path) -> list[Path]:
    return sorted(place for place in folder.rglob("*") if place.is_file() and not place.name.startswith(PART))


def _content(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _hash_in(place: Path) -> str | None:
    found = _BY_HASH.match(place.name)
    return found[1] if found else None


def _is_sound(content: bytes | None, digest: str | None) -> bool:
    return content is not None and (digest is None or sha256(content).hexdigest() == digest)
