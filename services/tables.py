"""The tables of an edition, kept by their hash: each file once under its own, and a list of them under the version."""

import json
from hashlib import sha256
from pathlib import Path

from ingest.tables.files import Tables
from storage import archive
from storage.durable import write_durably


def keep_tables(folder: Path, tables: Tables) -> None:
    """Keep every table's bytes durably, and the list last, so that a list is never without its files."""
    place = _list(folder, tables.version)
    if place.exists():
        return
    digests = {name: archive.keep(folder, content)[0] for name, content in sorted(tables.files.items())}
    write_durably(place, json.dumps(digests, ensure_ascii=False, indent=1).encode())


def kept_tables(folder: Path, version: str) -> Tables | None:
    """The tables of that version; null where they were not kept, or are no longer those bytes."""
    place = _list(folder, version)
    if not place.is_file():
        return None
    digests: dict[str, str] = json.loads(place.read_bytes())
    files = {}
    for name, digest in digests.items():
        path = archive.place_of(folder, digest)
        content = path.read_bytes() if path.is_file() else b""
        if sha256(content).hexdigest() != digest:
            return None
        files[name] = content
    tables = Tables(files)
    return tables if tables.version == version else None


def _list(folder: Path, version: str) -> Path:
    return folder / f"{version}.json"
