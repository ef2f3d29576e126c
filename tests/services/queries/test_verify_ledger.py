"""The ledger and every kept file are what was written."""

import json
import shutil
from pathlib import Path

import pytest

from services.queries.verify_ledger import _KINDS
from services.settings import PROGRAM, Settings
from storage import chain
from tests.commands import import_history, verify_ledger

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(tmp_path: Path, printed_months: Path) -> Settings:
    home = tmp_path / "home"
    shutil.copytree(printed_months, home)
    return Settings(home=home, _env_file=None)


def test_a_ledger_with_all_its_files_is_whole(settings: Settings) -> None:
    found = verify_ledger(settings)
    assert found.faults == []
    assert found.links > 10
    [tables] = settings.kept_tables.glob("*.json")
    assert found.files == 4 + 2 * 4 + 1 + len(json.loads(tables.read_bytes()))
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
    assert "của kho đã mất" in verify_ledger(settings).faults[0]
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


def test_a_table_that_an_edition_was_made_with_is_missed_when_it_is_altered_or_lost(settings: Settings) -> None:
    [tables] = settings.kept_tables.glob("*.json")
    digest = json.loads(tables.read_bytes())["units.csv"]
    place = settings.kept_tables / digest[:2] / digest
    place.write_bytes(place.read_bytes() + b" ")
    [fault] = verify_ledger(settings).faults
    assert fault.startswith(f"bản 2024-01-1, 2024-02-1: bảng units.csv: tệp {place} đã bị sửa; lấy lại từ bản sao lưu")
    place.unlink()
    [fault] = verify_ledger(settings).faults
    assert f"bảng units.csv: tệp {place} đã mất" in fault


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"{}", "đã bị sửa"), (b"", "không đọc được"), (None, "không còn")],
    ids=["other", "empty", "lost"],
)
def test_a_list_of_tables_that_is_no_longer_the_one_that_was_kept_is_found(
    settings: Settings, content: bytes | None, told: str
) -> None:
    [tables] = settings.kept_tables.glob("*.json")
    tables.unlink()
    if content is not None:
        tables.write_bytes(content)
    [fault] = verify_ledger(settings).faults
    assert fault.startswith(f"bản 2024-01-1, 2024-02-1: danh sách bảng {tables} {told}")


def test_every_kind_of_link_has_its_vietnamese_name() -> None:
    assert chain.KINDS.keys() == _KINDS.keys()
