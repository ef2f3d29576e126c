"""Beside the PDF: a Word copy and a workbook of the same content; all three the same bytes on any machine."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import docx
import openpyxl
import page
import pytest

from domain.period import Period
from reports.pdf.inspect import open_pdf
from services.settings import PROGRAM, Settings
from storage.edition_files import tables_path, word_path
from tests.commands import collect_submissions, monthly_report, reference_of

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")


@pytest.fixture(scope="module")
def home(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Path:
    """Two districts' February, of which one twin has a name that a spreadsheet would take for a formula."""
    settings = new_home()
    register = settings.home / "reference" / "partners.csv"
    rows = register.read_text(encoding="utf-8").splitlines()
    row = next(place for place, each in enumerate(rows) if each.startswith("GD-622-A,"))
    columns = rows[0].split(",")
    cells = rows[row].split(",")
    cells[columns.index("name")] = "=cmd|' /C calc'!A0"
    rows[row] = ",".join(cells)
    register.write_text("\n".join(rows) + "\n", encoding="utf-8")
    fill(settings, "2024-01", "2024-02", with_faults=False, only={"622", "623"})
    collect_submissions(settings)
    monthly_report(settings, FEBRUARY)
    return settings.home


@pytest.fixture(scope="module")
def digest(home: Path) -> str:
    return monthly_report(Settings(home=home, _env_file=None), FEBRUARY).edition.sha256


@pytest.fixture(scope="module")
def workbook(home: Path, digest: str) -> openpyxl.Workbook:
    content = tables_path(Settings(home=home, _env_file=None).editions, digest).read_bytes()
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_word_copy_has_the_words_the_tables_and_the_pictures(home: Path, digest: str) -> None:
    word = docx.Document(io.BytesIO(word_path(Settings(home=home, _env_file=None).editions, digest).read_bytes()))
    told = "\n".join(paragraph.text for paragraph in word.paragraphs)
    for words in ("BÁO CÁO", "Cần cho ý kiến:", "II. KẾT QUẢ", "trân trọng báo cáo./."):
        assert words in told
    assert "<span" not in told
    assert "KẾT QUẢ THEO ĐƠN VỊ" in told
    tables = ["|".join(cell.text for row in table.rows for cell in row.cells) for table in word.tables]
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in tables[0]
    assert any("Tổng cộng" in table for table in tables)
    assert len(word.inline_shapes) >= 2
    assert all(shape._inline.docPr.get("descr") for shape in word.inline_shapes)
    assert word.core_properties.title.startswith("Báo cáo kết quả công tác kết nghĩa")


def test_every_table_is_a_sheet_with_real_numbers(workbook: openpyxl.Workbook) -> None:
    assert workbook.sheetnames[:3] == ["Mục lục", "Bảng 1", "Phụ lục I"]
    assert len(workbook.sheetnames) >= 7
    sheet = workbook["Phụ lục I"]
    [row] = [row for row in sheet.iter_rows() if row[1].value == "Thành phố Pleiku"]
    assert isinstance(row[3].value, int)
    assert isinstance(row[5].value, float | int)
    assert row[5].number_format == "#,##0.0"


def test_a_total_that_is_a_sum_is_a_formula_with_its_value(
    home: Path, digest: str, workbook: openpyxl.Workbook
) -> None:
    content = tables_path(Settings(home=home, _env_file=None).editions, digest).read_bytes()
    shown = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    formulas = 0
    for name in workbook.sheetnames:
        for row, cached in zip(workbook[name].iter_rows(), shown[name].iter_rows(), strict=True):
            for cell, value in zip(row, cached, strict=True):
                if cell.data_type == "f":
                    formulas += 1
                    first, last = cell.value.removeprefix("=SUM(").rstrip(")").split(":")
                    above = [each[0].value for each in shown[name][first:last]]
                    total = sum(each for each in above if isinstance(each, int | float))
                    assert value.value == pytest.approx(total), (name, cell.coordinate)
    assert formulas >= 10


def test_a_name_is_never_a_formula(workbook: openpyxl.Workbook) -> None:
    named = [
        cell
        for name in workbook.sheetnames
        for row in workbook[name].iter_rows()
        for cell in row
        if "=cmd" in str(cell.value)
    ]
    assert named
    assert {cell.data_type for cell in named} == {"s"}


@pytest.mark.prints_anew
def test_the_same_ledger_gives_the_same_bytes_on_any_machine(home: Path, tmp_path: Path) -> None:
    """Two processes in two folders, with another time zone, locale and hash seed."""
    found = []
    for number, (zone, locale, seed) in enumerate([("UTC", "C.UTF-8", "1"), ("America/Caracas", "POSIX", "77")]):
        elsewhere = tmp_path / f"home {number}"
        shutil.copytree(home, elsewhere)
        shutil.rmtree(elsewhere / "editions")
        environment = os.environ | {
            "TZ": zone, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed, "KETNGHIA_HOME": str(elsewhere),
            "PYTHONUTF8": "1",
        }  # fmt: skip
        subprocess.run(
            [sys.executable, "-m", "cli.main", "report", "2024-02"], cwd=PROGRAM if number else tmp_path,
            env=environment | {"PYTHONPATH": str(PROGRAM)}, check=True, capture_output=True,
        )  # fmt: skip
        files = sorted(path for path in (elsewhere / "editions").rglob("*") if path.is_file())
        found.append({str(path.relative_to(elsewhere)): sha256(path.read_bytes()).hexdigest() for path in files})
    assert found[0] == found[1]
    assert {Path(name).suffix for name in found[0]} >= {".pdf", ".docx", ".xlsx", ".html", ".json"}


def test_where_there_is_a_map_the_units_stand_on_it(home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "home"
    shutil.copytree(home, elsewhere)
    settings = Settings(home=elsewhere, _env_file=None)
    units = reference_of(settings).expected_units(FEBRUARY)
    features = []
    for place, unit in enumerate(units):
        left, low = 107.5 + 0.2 * (place % 5), 13.0 + 0.2 * (place // 5)
        ring = [[left, low], [left + 0.19, low], [left + 0.19, low + 0.19], [left + 0.05, low + 0.15], [left, low]]
        features.append({"properties": {"code": unit.code}, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    (elsewhere / "reference" / "boundaries.geojson").write_text(json.dumps({"features": features}), encoding="utf-8")
    printed = monthly_report(settings, FEBRUARY).path.read_bytes()
    text = " ".join(open_pdf(printed).text.split())
    assert "số trên bản đồ: thứ tự ở Phụ lục I" in text
    faults = str(page.validate_pdf_bytes(printed, profile=page.ValidationProfile.PDF_A_3A)).splitlines()
    assert [line for line in faults if line.startswith("[") and "STREAM-LENGTH" not in line] == []


def test_a_report_with_letters_that_no_face_has_stops_by_name(home: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "home"
    shutil.copytree(home, elsewhere)
    narratives = elsewhere / "reference" / "narratives"
    narratives.mkdir(exist_ok=True)
    written = 'author = "Trần Thị B"\nwritten_on = 2024-02-20\ntasks = "Thăm Hội 漢"\n'
    (narratives / "2024-02.toml").write_text(written, encoding="utf-8")
    from domain.errors import BadReference

    with pytest.raises(BadReference, match=r"2024-02\.toml, dòng 3: mục tasks: ký tự \[U\+6F22\]"):
        monthly_report(Settings(home=elsewhere, _env_file=None), FEBRUARY)
