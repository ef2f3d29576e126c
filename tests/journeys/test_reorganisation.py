"""July 2025: the districts end within the month, the communes begin, and nothing is counted twice."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.lines.grid import grid_lines
from domain.indicators import FigureKey
from domain.period import Period
from domain.reference import Reference
from domain.standing import Standing
from reports.pdf.inspect import open_pdf
from samples.months import sample_month
from services.queries.grid import grid_page
from services.settings import Settings
from storage.database import open_database
from storage.facts import fetch_facts
from storage.submissions import counting_submissions
from tests.builders import edited
from tests.commands import collect_submissions, grid, monthly_report, summary_of

pytestmark = pytest.mark.slow
JULY, AUGUST = Period.parse("2025-07"), Period.parse("2025-08")
# Kông Chro and the communes that took over its ground; no other district has a part in them.
DISTRICT = {"630"}


@pytest.fixture(scope="module")
def communes(sample_reference: Reference) -> set[str]:
    [block] = [
        block for block in sample_reference.blocks([Period.parse("2025-06")], [AUGUST]) if block.then == DISTRICT
    ]  # fmt: skip
    return set(block.now)


@pytest.fixture(scope="module")
def collected_home(
    tmp_path_factory: pytest.TempPathFactory, sample_registers: Path, fill: Callable[..., None], communes: set[str]
) -> Path:
    home = tmp_path_factory.mktemp("july") / "home"
    home.mkdir()
    shutil.copytree(sample_registers, home / "reference")
    settings = Settings(home=home, _env_file=None)
    months = ("2024-08", "2025-06", "2025-07", "2025-08")
    fill(settings, *months, with_faults=False, only=DISTRICT | communes)
    collect_submissions(settings)
    return home


@pytest.fixture
def summer(tmp_path: Path, collected_home: Path) -> Settings:
    home = tmp_path / "summer"
    shutil.copytree(collected_home, home, symlinks=True)
    return Settings(home=home, _env_file=None)


def test_in_july_both_kinds_of_units_report_their_own_days(summer: Settings, communes: set[str]) -> None:
    database = open_database(summer.ledger_url)
    with database.write() as session:
        records = {record.unit_code for record in counting_submissions(session, ["2025-07"])}
        rows = fetch_facts(session, "activities", ["2025-07"]).collect()
    database.close()
    assert records == DISTRICT | communes
    for unit, day in rows.select("unit_code", "activity_date").iter_rows():
        assert (str(day) <= "2025-06-30") == (unit in DISTRICT)


def test_an_activity_on_a_day_of_the_others_is_refused(summer: Settings, sample_reference: Reference) -> None:
    [sample] = sample_month(sample_reference, JULY, with_faults=False, only=DISTRICT)
    late = edited(sample.content, ("02_HoatDong", "A8", "2025-07-03"))
    (summer.inbox / "late.xlsx").write_bytes(late)
    [outcome] = collect_submissions(summer)
    assert str(outcome.verdict) == "rejected"
    [answer] = (summer.home / "findings" / "2025-07").glob("*late.txt")
    assert "E-DATE" in answer.read_text(encoding="utf-8")
    assert "15/6/2025 - 30/6/2025" in answer.read_text(encoding="utf-8")


def test_closing_stocks_of_july_are_those_of_the_communes_alone(summer: Settings, communes: set[str]) -> None:
    summary = summary_of(summer, JULY, None)
    of_units = [summary.value(FigureKey("households", "period", "unit", code)) for code in sorted(communes)]
    assert summary.value(FigureKey("households")) == sum(value for value in of_units if value is not None)
    assert summary.value(FigureKey("households", "period", "unit", "630")) is None
    flows = [summary.value(FigureKey("value_total_vnd", "period", "unit", code)) for code in (*communes, "630")]
    assert summary.value(FigureKey("value_total_vnd")) == sum(value for value in flows if value is not None)


def test_a_month_after_the_change_is_compared_over_the_same_ground(summer: Settings, communes: set[str]) -> None:
    summary = summary_of(summer, AUGUST, None)
    common = summary.common("same_last_year")
    assert (common.then, common.now) == (DISTRICT, communes)
    assert common.is_reorganised
    page = re.sub(r"\s+", " ", open_pdf(monthly_report(summer, AUGUST).path.read_bytes()).text)
    assert (
        f"{len(communes):02d} xã, phường thuộc địa bàn Gia Lai cũ, khi đó cùng địa bàn là 01 đơn vị cấp huyện; không gồm"
        in page
    )
    # The ground is the same, the villages that are reported on are not: another rate would be nobody's fall.
    assert "không so sánh với tháng 8 năm 2024 vì đơn vị báo cáo và các làng kết nghĩa đã thay đổi" in page


def test_a_half_year_across_the_change_is_the_sum_of_its_months(summer: Settings) -> None:
    half = summary_of(summer, Period.parse("2025-H2"), None)
    months = [summary_of(summer, month, None).value(FigureKey("value_total_vnd")) for month in (JULY, AUGUST)]
    assert half.value(FigureKey("value_total_vnd")) == sum(value for value in months if value is not None)
    [district] = [state for state in half.units if state.unit.code == "630"]
    assert (district.months_sent, district.months_owed) == (1, 1)


def test_the_grid_shows_every_unit_in_the_months_it_owes(summer: Settings, communes: set[str], tmp_path: Path) -> None:
    found = grid(summer, Period.parse("2025-06"), AUGUST)
    rows = {row.code: [str(cell) for cell in row.cells] for row in found.rows}
    assert len(rows) == 17 + 135
    assert rows["622"] == ["missing", "missing", "not_owed"]
    assert rows["630"][2] == Standing.NOT_OWED
    assert {rows[code][0] for code in communes} == {"not_owed"}
    assert found.expected == [17, 152, 135]
    assert "Đã nhận" in grid_lines(found)[-1]
    page = tmp_path / "grid.html"
    page.write_bytes(grid_page(found))
    html = page.read_text(encoding="utf-8")
    assert "Huyện Kông Chro" in html
    assert "chưa nộp" in html
    assert "&lt;" not in html
