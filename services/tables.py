"""The tables of an edition, kept by their hash: each file once under its own, and a list of them under the version."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from domain.text import is_utf8
from ingest.tables.files import Tables
from storage import archive
from storage.kept import KeptFiles


def keep_tables(kept: KeptFiles, folder: Path, tables: Tables) -> None:
    """Keep every table's bytes durably, and the list last, so that a list is never without its files.

    What was kept before and has been lost or altered since is kept anew.
    """
    digests = {name: archive.keep(kept, folder, content)[0] for name, content in sorted(tables.files.items())}
    place = _list(folder, tables.version)
    kept.keep(place, _as_json(digests))


def share_tables(kept: KeptFiles, folder: Path, tables: Tables) -> None:
    """Have the tables in the store, where there is one: whoever lacks them takes them from there.

    The store itself is asked, and for the list alone, which comes last: that this home has it says nothing of the store.
    """
    digests = {name: sha256(content).hexdigest() for name, content in sorted(tables.files.items())}
    if kept.open_store is not None and not kept.is_shared(_list(folder, tables.version), _as_json(digests)):
        keep_tables(kept, folder, tables)


def kept_tables(kept: KeptFiles, folder: Path, version: str) -> Tables | None:
    """The tables of that version; null where they were not kept, or are no longer those bytes."""
    digests = _digests(kept, _list(folder, version))
    if digests is None:
        return None
    files = {}
    for name, digest in digests.items():
        content = _content(kept, folder, digest)
        if content is None:
            return None
        files[name] = content
    tables = Tables(files)
    return tables if tables.version == version else None


def faults_of_kept_tables(kept: KeptFiles, folder: Path, version: str) -> Iterator[str]:
    """One entry per file that keeps the tables of that version, in Vietnamese; empty where it is sound."""
    place = _list(folder, version)
    digests = _digests(kept, place)
    if digests is None:
        yield f"danh sách bảng {place} {'không đọc được' if place.exists() else 'không còn'}"
        return
    sound, listed = {}, True
    for name, digest in digests.items():
        lies, content = archive.place_of(folder, digest), _content(kept, folder, digest)
        fault = kept.fault(lies, digest)
        yield fault and f"bảng {name}: tệp {lies} {fault}"
        if content is None:
            listed = False
        else:
            sound[name] = content
    # The list is known to be whole only by its version, which takes every table's bytes.
    yield "" if not listed or Tables(sound).version == version else f"danh sách bảng {place} đã bị sửa"


def _list(folder: Path, version: str) -> Path:
    return folder / f"{version}.json"


def _as_json(digests: Mapping[str, str]) -> bytes:
    return json.dumps(digests, ensure_ascii=False, indent=1).encode()


def _digests(kept: KeptFiles, place: Path) -> dict[str, str] | None:
    """The hash of each table that a list names, the one here or that in the store; null where neither is such a list."""
    try:
        lists = (_parsed(content) for content in kept.versions(place))
        return next((found for found in lists if found is not None), None)
    except OSError:
        return None


def _parsed(content: bytes) -> dict[str, str] | None:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    is_list = isinstance(found, dict) and all(_is_sound(name, digest) for name, digest in found.items())
    return found if is_list else None


def _is_sound(name: str, digest: object) -> bool:
    """Whether the name can be hashed, and the digest names a place in the folder and none outside."""
    is_hash = isinstance(digest, str) and len(digest) == 64 and not digest.strip("0123456789abcdef")
    return is_hash and is_utf8(name)


def _content(kept: KeptFiles, folder: Path, digest: str) -> bytes | None:
    """The bytes with that hash; null where they are not what lies there."""
    try:
        return kept.read(archive.place_of(folder, digest), digest)
    except OSError:
        return None
