"""The tables people edit, as bytes: read once, under one hash, so that what is parsed is what the hash speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from domain.errors import BadReference

_PATTERNS = ("*.csv", "*.toml", "*.geojson", "narratives/*.toml")


@dataclass(frozen=True)
class Tables:
    """The bytes of every table, by its name: `units.csv`, `narratives/2024-02.toml`."""

    files: Mapping[str, bytes]

    @cached_property
    def version(self) -> str:
        """The hash over all names and bytes."""
        digest = sha256()
        for name, content in sorted(self.files.items()):
            digest.update(name.encode() + b"\0" + content + b"\0")
        return digest.hexdigest()

    def file(self, name: str) -> bytes:
        """The bytes of one table.

        Raises:
            BadReference: if there is no such table.
        """
        if name not in self.files:
            raise BadReference(f"Thiếu bảng {name} trong thư mục reference/.")
        return self.files[name]


def read_tables(folder: Path, local: Path) -> Tables:
    """Every table of `folder`; one of the same name in `local` replaces it."""
    return Tables(
        {
            path.relative_to(place).as_posix(): path.read_bytes()
            for place in (folder, local)
            for pattern in _PATTERNS
            for path in sorted(place.glob(pattern))
        }
    )
