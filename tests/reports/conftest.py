"""The documents that the tests of pages look at: printed once, in both layouts."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from domain.period import Period
from flows.collect_submissions import collect_submissions
from flows.edition_files import edition_path, html_path
from flows.monthly_report import monthly_report
from flows.registers import load_registers
from flows.release import release
from flows.settings import Settings
from flows.summarise_period import summaries_of_units
from flows.unit_sheets import sheet_html, unit_sheets

JANUARY = Period.parse("2024-01")
PARTY = """
skin = "party"
agency = "TỈNH ỦY GIA LAI"
agency_bold = "VĂN PHÒNG"
agency_in_text = "Văn phòng Tỉnh ủy"
symbol = "BC/VPTU"
place = "Gia Lai"
addressee = "Ban Thường vụ Tỉnh ủy"
signature_powers = ["K/T CHÁNH VĂN PHÒNG", "PHÓ CHÁNH VĂN PHÒNG"]
signer = "Nguyễn Văn A"
copies = ["Ban Thường vụ Tỉnh ủy (báo cáo);", "Lưu Văn phòng Tỉnh ủy."]
"""


@pytest.fixture(scope="session")
def documents(
    tmp_path_factory: pytest.TempPathFactory, sample_registers: Path, fill: Callable[..., None]
) -> dict[str, bytes]:
    """Draft, issued edition and unit sheet in both layouts, and the pages they were printed from (`… html`)."""
    home = tmp_path_factory.mktemp("archival") / "home"
    home.mkdir()
    shutil.copytree(sample_registers, home / "reference")
    settings = Settings(home=home, _env_file=None)
    fill(settings, "2024-01", with_faults=False, only={"622", "623"})
    collect_submissions(settings)
    made = {}
    for name in ("nd30", "party"):
        if name == "party":
            (home / "reference" / "sender.toml").write_text(PARTY, encoding="utf-8")
        printed = monthly_report(settings, JANUARY)
        made[f"{name} draft"] = printed.path.read_bytes()
        made[f"{name} report html"] = html_path(settings, printed.edition.sha256).read_bytes()
        record = release(settings, printed.edition.edition_id, "Người Duyệt", "5", date(2024, 2, 5))
        made[f"{name} issued"] = edition_path(settings, record.document_sha256).read_bytes()
        [sheet] = unit_sheets(settings, JANUARY, ["622"])
        made[f"{name} sheet"] = sheet.path.read_bytes()
        summary = summaries_of_units(settings, JANUARY, None, ["622"])["622"]
        made[f"{name} sheet html"] = sheet_html(settings, load_registers(settings), summary)[0].encode()
    return made
