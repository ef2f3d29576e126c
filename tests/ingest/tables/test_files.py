"""Plain files with a readable name are tables; what else lies in the folder is left alone, or told by name."""

import os
from pathlib import Path

import pytest

from domain.errors import BadReference
from ingest.tables.files import read_tables


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "reference"
    (folder / "narratives").mkdir(parents=True)
    (folder / "units.csv").write_bytes(b"code")
    (folder / "narratives" / "2024-02.toml").write_bytes(b"x")
    return folder


def test_folders_and_what_a_mac_puts_beside_files_are_no_tables(folder: Path, tmp_path: Path) -> None:
    (folder / "old.csv").mkdir()
    (folder / "._units.csv").write_bytes(b"\0\5")
    (folder / "narratives" / "._2024-02.toml").write_bytes(b"\0\5")
    local = tmp_path / "local"
    (local / "units.csv").mkdir(parents=True)
    assert dict(read_tables(folder, local).files) == {"units.csv": b"code", "narratives/2024-02.toml": b"x"}


def test_a_pipe_called_like_a_table_holds_nobody_up(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "pipe.csv")
    assert "pipe.csv" not in read_tables(folder, tmp_path / "none").files


def test_a_name_that_is_not_utf8_is_told_in_words_that_can_be_printed(folder: Path, tmp_path: Path) -> None:
    (folder / os.fsdecode(b"b\xe1o.csv")).write_bytes(b"x")
    with pytest.raises(BadReference, match=r"reference/b\?o.csv: tên tệp không phải UTF-8; đổi tên tệp") as caught:
        read_tables(folder, tmp_path / "none")
    assert str(caught.value).encode()


def test_a_link_that_leads_nowhere_is_told_and_not_replaced_by_the_shipped_table(folder: Path, tmp_path: Path) -> None:
    local = tmp_path / "local"
    local.mkdir()
    (local / "units.csv").symlink_to(tmp_path / "gone.csv")
    with pytest.raises(BadReference, match=r"local/units.csv: không đọc được .*; chép lại tệp hoặc bỏ nó đi"):
        read_tables(folder, local)
