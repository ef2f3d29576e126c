"""Kept tables are those bytes or none, and what was lost of them is kept anew."""

from pathlib import Path

import pytest

from ingest.tables.files import Tables
from services.tables import keep_tables, kept_tables
from storage.kept import KeptFiles

TABLES = Tables({"a.csv": b"x", "narratives/2024-02.toml": b"y"})


def list_of(folder: Path) -> Path:
    return folder / f"{TABLES.version}.json"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff",
        b"[1]",
        b"5",
        b'{"a.csv": 5}',
        b'{"a.csv": "../../x"}',
        b'{"\\ud800.csv": "' + b"0" * 64 + b'"}',
        b"[" * 100_000,
    ],
)
def test_a_list_that_is_no_list_of_tables_is_the_same_as_none(tmp_path: Path, content: bytes) -> None:
    keep_tables(KeptFiles(tmp_path), tmp_path, TABLES)
    list_of(tmp_path).write_bytes(content)
    assert kept_tables(KeptFiles(tmp_path), tmp_path, TABLES.version) is None


def test_tables_whose_files_were_lost_altered_or_whose_list_was_are_kept_anew(tmp_path: Path) -> None:
    keep_tables(KeptFiles(tmp_path), tmp_path, TABLES)
    [lost, altered] = sorted(tmp_path.glob("??/*"))
    lost.unlink()
    altered.write_bytes(b"z")
    keep_tables(KeptFiles(tmp_path), tmp_path, TABLES)
    assert kept_tables(KeptFiles(tmp_path), tmp_path, TABLES.version) == TABLES
    list_of(tmp_path).write_bytes(b"{}")
    keep_tables(KeptFiles(tmp_path), tmp_path, TABLES)
    assert kept_tables(KeptFiles(tmp_path), tmp_path, TABLES.version) == TABLES
