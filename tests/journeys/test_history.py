"""A month is rebuilt as it was known on any day; what changed since is printed with its reason."""

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from cli.lines.revisions import triangle_lines
from cli.lines.trace import trace_lines
from domain.calendar import VIETNAM
from domain.errors import BadLock, BadReference
from domain.figures import FigureStatus
from domain.indicators import FigureKey
from domain.period import Period
from domain.reference import Reference
from reports.pdf.inspect import open_pdf
from samples.months import sample_month
from services.settings import Settings
from storage import editions
from storage.database import open_database
from tests.commands import (
    arrive,
    collect_submissions,
    lock_period,
    monthly_report,
    revisions,
    status,
    summary_of,
    trace,
    unlock_period,
    verify_ledger,
)

pytestmark = pytest.mark.slow
MARCH = Period.parse("2024-03")
APRIL_5 = datetime(2024, 4, 5, 23, 59, 59, tzinfo=VIETNAM)
MAY_20 = datetime(2024, 5, 20, 9, 0, tzinfo=VIETNAM)
TOTAL = FigureKey("value_total_vnd")
Fill = Callable[..., None]


@pytest.fixture(scope="module")
def collected_home(new_home: Callable[[], Settings], fill: Fill) -> Path:
    """A home in which March 2024 is collected, everybody in time."""
    settings = new_home()
    fill(settings, "2024-03", with_faults=False)
    collect_submissions(settings)
    return settings.home


@pytest.fixture
def march(tmp_path: Path, collected_home: Path) -> Settings:
    home = tmp_path / "march"
    shutil.copytree(collected_home, home)
    return Settings(home=home, _env_file=None)


@pytest.fixture
def replace_pleiku(sample_reference: Reference) -> Callable[[Settings, datetime], None]:
    """Pleiku sends its second revision of March at some later moment."""

    def send(settings: Settings, at: datetime) -> None:
        [second] = [
            sample for sample in sample_month(sample_reference, MARCH, with_faults=True)
            if sample.name == "KN_622_2024-03_v2.xlsx"
        ]  # fmt: skip
        arrive(settings, replace(second, arrives_at=at))
        collect_submissions(settings)

    return send


def page_of(pdf: Path) -> str:
    return re.sub(r"\s+", " ", open_pdf(pdf.read_bytes()).text)


def correct(settings: Settings, *rows: str) -> None:
    header = "locator,old_value,new_value,reason,source,valid_from,valid_to,unlock_reason"
    (settings.home / "reference" / "corrections.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def cell_of_pleiku(settings: Settings, edition: str) -> tuple[str, str]:
    """A cell of Pleiku's money, and what is in it."""
    cell = trace(settings, edition, "value_total_vnd:unit=622@period").cells[0]
    return f"{cell.period}/{cell.unit}/{cell.sheet}!{cell.cell}", cell.value


@pytest.mark.prints_anew
def test_as_known_in_april_before_and_after_the_corrections_is_the_same_bytes(
    march: Settings, replace_pleiku: Callable[..., None]
) -> None:
    first = monthly_report(march, MARCH, APRIL_5)
    replace_pleiku(march, MAY_20)
    since = monthly_report(march, MARCH)
    again = monthly_report(march, MARCH, APRIL_5)
    assert again.path.read_bytes() == first.path.read_bytes()
    assert since.path.read_bytes() != first.path.read_bytes()


def test_a_report_that_follows_another_says_what_changed_and_why(
    march: Settings, replace_pleiku: Callable[..., None]
) -> None:
    first = monthly_report(march, MARCH).edition
    before = summary_of(march, MARCH, None).text(FigureKey("value_total_vnd", "period", "unit", "622"))
    replace_pleiku(march, MAY_20)
    second = monthly_report(march, MARCH)
    summary = summary_of(march, MARCH, None)
    assert summary.restatement is not None
    assert summary.restatement.edition_id == first.edition_id
    [of_pleiku] = [
        change for change in summary.restatement.changes
        if change.key == FigureKey("value_total_vnd", "period", "unit", "622")
    ]  # fmt: skip
    assert of_pleiku.before_text == before != summary.text(of_pleiku.key)
    assert "bản thay thế, lần nộp 2" in of_pleiku.news[0].explanation
    page = page_of(second.path)
    for words in (
        f"lập sau bản {first.edition_id}",
        "SỐ LIỆU THAY ĐỔI SO VỚI BÁO CÁO TRƯỚC",
        "bỏ một hoạt động ghi trùng",
    ):
        assert words in page, words
    earlier = trace(march, second.edition.edition_id, f"value_total_vnd:unit=622@period#{first.edition_id}")
    assert first.edition_id in earlier.explanation


def test_a_unit_that_replaces_what_it_sent_in_time_is_not_late(
    march: Settings, replace_pleiku: Callable[..., None]
) -> None:
    replace_pleiku(march, MAY_20)
    [pleiku] = [state for state in summary_of(march, MARCH, None).units if state.unit.code == "622"]
    assert (pleiku.revision, pleiku.working_days_late) == (2, 0)


def test_making_it_again_after_that_changes_nothing(march: Settings, replace_pleiku: Callable[..., None]) -> None:
    monthly_report(march, MARCH)
    replace_pleiku(march, MAY_20)
    second, third = monthly_report(march, MARCH), monthly_report(march, MARCH)
    assert (second.edition, second.path.read_bytes()) == (third.edition, third.path.read_bytes())


def test_figures_are_provisional_complete_or_revised(march: Settings, replace_pleiku: Callable[..., None]) -> None:
    early = datetime(2024, 3, 18, 8, 0, tzinfo=VIETNAM)
    summary = summary_of(march, MARCH, early)
    assert summary.coverage.received_reports["period"] < 17
    assert summary.status(TOTAL) is FigureStatus.PROVISIONAL
    monthly_report(march, MARCH)
    assert summary_of(march, MARCH, None).status(TOTAL) is FigureStatus.COMPLETE
    replace_pleiku(march, MAY_20)
    edition = monthly_report(march, MARCH).edition.edition_id
    assert summary_of(march, MARCH, None).status(TOTAL) is FigureStatus.REVISED
    database = open_database(march.ledger_url)
    with database.write() as session:
        kept = {figure.figure_id: figure.status for figure in editions.figures_of(session, edition)}
    database.close()
    assert kept["value_total_vnd@period"] == "revised"
    assert kept["value_total_vnd@cumulative"] == "provisional"


def test_the_revision_triangle_shows_every_edition(march: Settings, replace_pleiku: Callable[..., None]) -> None:
    monthly_report(march, MARCH)
    replace_pleiku(march, MAY_20)
    monthly_report(march, MARCH)
    [triangle] = revisions(march, MARCH, "value_total_vnd@period")
    [row] = triangle.rows
    assert [each.is_changed for each in row.vintages] == [False, True]
    assert row.vintages[0].text != row.vintages[1].text
    assert any("*" in line for line in triangle_lines(triangle))
    assert json.dumps(triangle.as_json())


def test_what_comes_after_the_lock_waits_for_a_reason_and_the_reason_is_printed(
    march: Settings, replace_pleiku: Callable[..., None]
) -> None:
    before = monthly_report(march, MARCH)
    lock_period(march, MARCH, datetime(2024, 5, 1, tzinfo=VIETNAM), "Nguyễn Văn A")
    replace_pleiku(march, MAY_20)
    assert monthly_report(march, MARCH).edition == before.edition
    held = status(march, MARCH)
    assert held.held == ["622"]
    [answer] = (march.home / "findings" / "2024-03").glob("*KN_622_2024-03_v2.txt")
    assert "được giữ lại vì kỳ đã khóa" in answer.read_text(encoding="utf-8")
    with pytest.raises(BadLock, match="lý do"):
        unlock_period(march, MARCH, None, " ", "Nguyễn Văn A")
    assert unlock_period(march, MARCH, "622", "Biên bản kiểm tra số 7", "Nguyễn Văn A") == 1
    page = page_of(monthly_report(march, MARCH).path)
    assert "mở khóa kỳ: Biên bản kiểm tra số 7" in page
    with pytest.raises(BadLock, match="không có báo cáo nào"):
        unlock_period(march, MARCH, None, "lý do", "Nguyễn Văn A")


def test_a_second_lock_changes_no_report_of_before_it(march: Settings, replace_pleiku: Callable[..., None]) -> None:
    lock_period(march, MARCH, datetime(2024, 5, 1, tzinfo=VIETNAM), "Nguyễn Văn A")
    replace_pleiku(march, MAY_20)
    between = datetime.now(VIETNAM)
    first = monthly_report(march, MARCH, between)
    assert status(march, MARCH).held == ["622"]
    lock_period(march, MARCH, datetime(2024, 6, 1, tzinfo=VIETNAM), "Trần Thị B")
    assert status(march, MARCH).held == []
    assert status(march, MARCH, between).held == ["622"]
    since = monthly_report(march, MARCH)
    assert since.path.read_bytes() != first.path.read_bytes()
    assert "khóa kỳ dời từ 00 giờ 00 ngày 01/5/2024 sang 00 giờ 00 ngày 01/6/2024 (Trần Thị B)" in page_of(since.path)
    known_at = summary_of(march, MARCH, None).cut_at
    assert known_at > between
    assert monthly_report(march, MARCH, known_at).path.read_bytes() == since.path.read_bytes()
    assert monthly_report(march, MARCH, between).path.read_bytes() == first.path.read_bytes()
    assert verify_ledger(march).faults == []


def test_a_correction_by_the_province_changes_the_figure_from_its_day_on_and_is_traced(march: Settings) -> None:
    before = monthly_report(march, MARCH)
    locator, value = cell_of_pleiku(march, before.edition.edition_id)
    correct(march, f"{locator},{value},{int(value) + 3_000_000},Ghi thiếu,Biên bản 15/BB,2024-05-02,,")
    again = monthly_report(march, MARCH, APRIL_5)
    assert again.path.read_bytes() == before.path.read_bytes()
    since = monthly_report(march, MARCH)
    old, new = summary_of(march, MARCH, APRIL_5).value(TOTAL), summary_of(march, MARCH, None).value(TOTAL)
    assert old is not None
    assert new == old + 3_000_000
    traced = trace_lines(trace(march, since.edition.edition_id, "value_total_vnd:unit=622@period"))
    assert any("tỉnh điều chỉnh" in line and "Biên bản 15/BB" in line for line in traced)
    assert "tỉnh điều chỉnh" in page_of(since.path)


@pytest.mark.parametrize(
    "row",
    [
        "{locator},1,2,Ghi thiếu,Biên bản,2024-05-02,,",
        "2024-03/622/02_HoatDong!M4000,{value},2,Ghi thiếu,Biên bản,2024-05-02,,",
        "2024-03/699/02_HoatDong!M8,{value},2,Ghi thiếu,Biên bản,2024-05-02,,",
        "2031-03/622/02_HoatDong!M8,{value},2,Ghi thiếu,Biên bản,2024-05-02,,",
        "{locator},{value},hai,Ghi thiếu,Biên bản,2024-05-02,,",
        "{locator},{value},2,,Biên bản,2024-05-02,,",
        "M8,{value},2,Ghi thiếu,Biên bản,2024-05-02,,",
    ],
)
def test_a_correction_that_matches_nothing_stops_the_run(march: Settings, row: str) -> None:
    locator, value = cell_of_pleiku(march, monthly_report(march, MARCH).edition.edition_id)
    correct(march, row.format(locator=locator, value=value))
    with pytest.raises(BadReference, match=r"corrections\.csv"):
        monthly_report(march, MARCH)


def test_a_correction_of_a_locked_period_needs_its_reason(march: Settings) -> None:
    locator, value = cell_of_pleiku(march, monthly_report(march, MARCH).edition.edition_id)
    lock_period(march, MARCH, datetime(2024, 5, 1, tzinfo=VIETNAM), "Nguyễn Văn A")
    row = f"{locator},{value},0,Ghi trùng,Biên bản,2024-05-02,,"
    correct(march, row)
    with pytest.raises(BadReference, match="đã khóa"):
        monthly_report(march, MARCH)
    correct(march, row + "Thường trực đồng ý")
    assert "mở khóa kỳ: Thường trực đồng ý" in page_of(monthly_report(march, MARCH).path)
