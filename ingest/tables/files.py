"""The tables people edit, as bytes: read once, under one hash, so that what is parsed is what the hash was taken of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from domain.errors import BadReference
from domain.text import is_utf8, printable

NARRATIVES = "narratives/"
_PATTERNS = ("*.csv", "*.toml", "*.geojson", f"{NARRATIVES}*.toml")
UNREADABLE = b"\xff\xff"
"""Begins what stands for a narrative that could not be read, before the reason; no text in UTF-8 begins so."""


@dataclass(frozen=True)
class Tables:
    """The bytes of every table, by its name: `units.csv`, `narratives/2024-02.toml`."""

    files: Mapping[str, bytes]
    origins: Mapping[str, Path] = field(default_factory=dict, compare=False, repr=False)
    """The folder each file was read from, for messages; no part of the version."""

    @cached_property
    def version(self) -> str:
        """The hash over all names and bytes."""
        digest = sha256()
        for name, content in sorted(self.files.items()):
            digest.update(name.encode() + b"\0" + content + b"\0")
        return digest.hexdigest()

    def path_of(self, name: str) -> str:
        """Where the person finds the file; its name alone where the folder is not known."""
        return str(self.origins[name] / name) if name in self.origins else name


def read_tables(folder: Path, local: Path) -> Tables:
    """Every table of `folder`; one of the same name in `local` replaces it.

    A narrative that cannot be read is there with the reason in its place: it stops its own report alone.

    Raises:
        BadReference: names the files that the system does not let us read, or whose names cannot be read.
    """
    origins = {
        path.relative_to(place).as_posix(): place
        for place in (folder, local)
        for pattern in _PATTERNS
        for path in sorted(place.glob(pattern))
        if _is_table(path)
    }
    files, refused = {}, []
    for name, place in origins.items():
        content = _content(place / name)
        if isinstance(content, bytes):
            files[name] = content
        elif name.startswith(NARRATIVES):
            files[printable(name)] = UNREADABLE + content.encode()
        else:
            refused.append(f"{printable(str(place / name))}: {content}.")
    if refused:
        raise BadReference("\n".join(refused))
    return Tables(files, {printable(name): place for name, place in origins.items()})


def _content(path: Path) -> bytes | str:
    """The file's bytes, or why they cannot be taken, and what to do."""
    if not is_utf8(path.name):
        # The version is a hash over the names too.
        return "tên tệp không phải UTF-8; đổi tên tệp rồi chạy lại"
    try:
        return path.read_bytes()
    except PermissionError as error:
        return f"không mở được ({error.strerror}); đóng chương trình đang giữ tệp rồi chạy lại"
    except OSError as error:
        return f"không đọc được ({error.strerror}); chép lại tệp hoặc bỏ nó đi"


def _is_table(path: Path) -> bool:
    """Whether it is meant as a table: no folder, and not what a system puts beside a file (`._units.csv` of macOS)."""
    if path.name.startswith("."):
        return False
    try:
        # A link that leads nowhere is meant as one: left out, the table of the other folder would silently be used.
        return path.is_file() or not path.exists()
    except OSError:
        return True
