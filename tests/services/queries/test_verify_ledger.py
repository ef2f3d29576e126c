"""The ledger and every kept file are what was written."""

import shutil
from pathlib import Path

import pytest

from services.settings import PROGRAM, Settings
from tests.commands import import_history, verify_ledger

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("verify")]


@pytest.fixture
def settings(tmp_path: Path, printed_home: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(printed_home, home)
    return Settings(home=home, _env_file=None)


def test_a_ledger_with_all_its_files_is_whole(settings: Settings) -> None:
    found = verify_ledger(settings)
    assert found.faults == []
    assert found.links > 10
    assert found.files == 4 + 2 * 3
    assert verify_ledger(settings, found.head).faults == []
    assert "đã bị cắt" in verify_ledger(settings, "f" * 64).faults[0]


def test_one_altered_byte_of_an_archived_file_is_found(settings: Settings) -> None:
    [kept, *_] = sorted(settings.archive.glob("??/*"))
    content = bytearray(kept.read_bytes())
    content[100] ^= 1
    kept.write_bytes(content)
    [fault] = verify_ledger(settings).faults
    assert "đã bị sửa" in fault
    assert kept.name[:12] in fault
    kept.unlink()
    assert "không còn trong kho" in verify_ledger(settings).faults[0]
    (kept.parent / ("0" * 64)).write_bytes(b"stranger")
    assert any("không có trong sổ" in fault for fault in verify_ledger(settings).faults)


def test_tables_of_history_are_part_of_the_ledger(tmp_path: Path) -> None:
    home = tmp_path / "history"
    home.mkdir()
    golden = PROGRAM / "tests" / "golden"
    shutil.copytree(golden / "reference", home / "reference")
    settings = Settings(home=home, _env_file=None)
    few = tmp_path / "few"
    few.mkdir()
    for path in sorted((golden / "input").glob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        (few / path.name).write_text(
            "".join(lines[:1] + [line for line in lines if ",2023-12," in line]), encoding="utf-8"
        )
    import_history(settings, few)
    import_history(settings, few)
    assert verify_ledger(settings).faults == []
