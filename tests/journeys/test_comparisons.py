"""What the page says beside the month: the month before, last year, the plan, Tết with Tết."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.comparison import Differences
from domain.indicators import FigureKey
from domain.period import Period
from domain.wording import rounded
from reports.pdf.inspect import open_pdf
from services.settings import Settings
from tests.commands import collect_submissions, monthly_report, summary_of, trace

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")


@pytest.fixture(scope="module")
def collected_home(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Path:
    """Two districts through two Tết."""
    settings = new_home()
    fill(settings, "2023-01", "2023-02", "2023-12", "2024-01", "2024-02", with_faults=False, only={"622", "630"})
    collect_submissions(settings)
    return settings.home


@pytest.fixture
def tet(tmp_path: Path, collected_home: Path) -> Settings:
    home = tmp_path / "tet"
    shutil.copytree(collected_home, home)
    return Settings(home=home, _env_file=None)


@pytest.fixture(scope="module")
def whole_home(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Path:
    """All districts since the year began: of fewer reports nothing is judged."""
    settings = new_home()
    fill(settings, "2023-12", "2024-01", "2024-02", with_faults=False)
    collect_submissions(settings)
    return settings.home


@pytest.fixture
def whole(tmp_path: Path, whole_home: Path) -> Settings:
    home = tmp_path / "whole"
    shutil.copytree(whole_home, home)
    return Settings(home=home, _env_file=None)


def page_of(settings: Settings, period: Period = FEBRUARY) -> str:
    return re.sub(r"\s+", " ", open_pdf(monthly_report(settings, period).path.read_bytes()).text)


def plan(settings: Settings, *rows: str) -> None:
    text = "\n".join(["year,indicator,kind,value,plan_owner,source", *rows, ""])
    (settings.home / "reference" / "targets.csv").write_text(text, encoding="utf-8")


def test_tet_is_compared_with_tet_by_the_lunar_year(tet: Settings) -> None:
    summary = summary_of(tet, FEBRUARY, None)
    this, last = (summary.value(FigureKey("tet_value_vnd", basis)) for basis in ("tet", "tet_last_year"))
    february = summary_of(tet, Period.parse("2023-02"), None)
    assert last == february.value(FigureKey("tet_value_vnd", "tet"))
    assert this == summary.value(FigureKey("tet_value_vnd"))
    page = page_of(tet)
    assert "Tết Giáp Thìn 2024" in page
    assert re.search(r"so với Tết Quý Mão 2023", page)


def test_the_poverty_rate_is_compared_in_points_that_agree_with_the_printed_rates(tet: Settings) -> None:
    found = re.search(
        r"Tỷ lệ hộ nghèo của các làng (giảm|tăng) (\d+,\d+) điểm phần trăm so với tháng 01 năm 2024 "
        r"\(từ (\d+,\d+)% thành (\d+,\d+)%, tính trên 02 đơn vị có số liệu cả hai thời điểm\)",
        page_of(tet),
    )
    assert found is not None
    moved, before, after = (int(text.replace(",", "")) for text in found.groups()[1:])
    assert abs(before - after) == moved


def test_across_a_change_of_standard_poverty_is_not_compared(tet: Settings) -> None:
    table = "standard_id,valid_from,name,basis\nA,2020-01-01,cũ,\nB,2024-02-01,mới,\n"
    (tet.home / "reference" / "poverty_standards.csv").write_text(table, encoding="utf-8")
    page = page_of(tet)
    assert "không so sánh với tháng 01 năm 2024 vì chuẩn nghèo đã thay đổi" in page
    assert "điểm phần trăm so với" not in page


def test_the_plan_is_met_in_percent_in_points_and_under_its_ceiling(whole: Settings) -> None:
    plan(
        whole,
        "2024,value_total_vnd,level,90000,UBND tỉnh,KH 1",
        "2024,poverty_rate_pct,ceiling,99,UBND tỉnh,KH 1",
        "2024,poverty_rate_pct,ceiling,0.5,Huyện ủy,KH 2",
        "2024,poverty_rate_pct,reduction,2,UBND tỉnh,KH 1",
        "2023,value_total_vnd,level,1,UBND tỉnh,KH 0",
    )
    summary = summary_of(whole, FEBRUARY, None)
    total = summary.value(FigureKey("value_total_vnd", "cumulative"))
    assert total is not None
    printed = monthly_report(whole, FEBRUARY)
    page = re.sub(r"\s+", " ", open_pdf(printed.path.read_bytes()).text)
    percent = f"{round(total / 900_000_000, 1):f}".replace(".", ",")
    assert f"Kinh phí huy động: {percent}% kế hoạch năm (90.000 triệu đồng" in page
    assert "không quá 99%: đạt, thấp hơn" in page
    assert "không quá 0,5%: không đạt, vượt" in page
    assert (
        "kế hoạch năm (giảm 2 điểm phần trăm), khi đã qua 16,9% thời gian" in page or "chưa đạt mức hạ 2 điểm" in page
    )
    assert "KH 1" in trace(whole, printed.edition.edition_id, "target.1").explanation


def test_a_setting_compares_exact_values_instead_of_printed_ones(whole: Settings) -> None:
    rate = summary_of(whole, FEBRUARY, None).value(FigureKey("poverty_rate_pct"))
    assert rate is not None
    # Between the exact rate and the printed one: one of them is above this ceiling, the other is not.
    between = (rate + rounded(rate, 2)) / 2
    plan(whole, f"2024,poverty_rate_pct,ceiling,{between:f},UBND tỉnh,KH 1")
    exact = whole.model_copy(update={"differences": Differences.EXACT})
    met = [": đạt" in page_of(settings).partition("Thực hiện kế hoạch năm")[2][:400] for settings in (whole, exact)]
    assert met == [rounded(rate, 2) <= between, rate <= between]
    assert met[0] != met[1]


def test_of_a_few_units_nothing_is_judged(tet: Settings) -> None:
    plan(tet, "2024,value_total_vnd,level,1000,UBND tỉnh,KH 1", "2024,poverty_rate_pct,ceiling,99,UBND tỉnh,KH 1")
    page = page_of(tet)
    assert "chưa đánh giá tiến độ kế hoạch năm (1.000 triệu đồng): mới có 04/34 báo cáo tháng" in page
    assert "chưa đủ số liệu để so với mức không quá 99%" in page
    assert "kế hoạch năm khi đã qua" not in page


def test_results_are_cumulated_since_the_programme_began(tet: Settings) -> None:
    summary = summary_of(tet, FEBRUARY, None)
    months = [summary_of(tet, Period.parse(name), None).value(FigureKey("value_total_vnd")) for name in
              ("2023-12", "2024-01", "2024-02")]  # fmt: skip
    december, *later = (value or 0 for value in months)
    since = summary.value(FigureKey("value_total_vnd", "programme"))
    assert since is not None
    assert sum(later) < since < sum(later) + december, "of December only what was done from the 5th on"
    assert "Từ ngày 05/12/2023 (thực hiện Chỉ thị số 13-CT/TU) đến nay huy động" in page_of(tet)
