"""What a sentence says is what its sum is of: one test for each way in which pages were false before."""

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from domain.claims import Claim, ClaimKind
from domain.indicators import FigureKey
from domain.period import Period
from domain.summary import Summary
from domain.units import Region
from reports.content import Document, TableContent, plain
from reports.figure_book import FigureBook
from reports.monthly.summary import build_monthly_summary
from services.figures.summary import summary_of
from services.run import open_run
from services.settings import Settings
from tests.commands import collect_submissions

pytestmark = pytest.mark.slow
DISTRICTS = {"622", "623", "624", "625", "627", "630", "631", "633"}
COMMUNES = {"23575", "23590", "23638", "21550", "21553", "21556", "21559"}
DIGITS = r"[\d.]+(?:,\d+)?"


class Page:
    """A report's words, tables, charts and claims, before it is laid out."""

    def __init__(self, settings: Settings, period: str) -> None:
        with open_run(settings) as run:
            self.summary: Summary = summary_of(run, Period.parse(period), None)
            book = FigureBook(self.summary)
            self.document: Document = build_monthly_summary(
                self.summary, run.reference, book, FigureBook(self.summary), settings.fonts
            )
        self.claims: dict[str, Claim] = {claim.claim_id: claim for claim in book.claims}

    @property
    def text(self) -> str:
        """Every sentence in the order of the page."""
        document = self.document
        said = [*document.opening, *(words for _, words in document.headline.sentences), document.headline.table.note]
        for section in (*document.sections, document.ending):
            said += [paragraph for part in section.parts for paragraph in part.paragraphs]
        return " ".join(plain(each) for each in said)

    @property
    def tables(self) -> list[TableContent]:
        """Those of the body, then those of the appendices."""
        body = [part.table for section in self.document.sections for part in section.parts if part.table is not None]
        return [*body, *(table for annex in self.document.annexes for table in annex.tables)]

    @property
    def charts(self) -> list[str]:
        """What each chart says in words."""
        drawn = [chart for section in self.document.sections for part in section.parts for chart in part.charts]
        return [re.findall(r"<title>(.*?)</title>", chart.svg)[0] for chart in drawn]

    def row(self, table: int, name: str) -> list[str]:
        """The cells of the row that begins with this name."""
        rows = [[plain(cell.text) for cell in row.cells] for row in self.tables[table].rows]
        return next(row for row in rows if row[1] == name)


def home_of(new_home: Callable[[], Settings], fill: Callable[..., None], only: set[str], *months: str) -> Settings:
    settings = new_home()
    fill(settings, *months, only=only)
    collect_submissions(settings)
    return settings


@pytest.fixture(scope="module")
def february(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Settings:
    """Eight districts through the Tết of 2024, with a late one, a missing one, a nil one and one that was returned."""
    return home_of(new_home, fill, DISTRICTS, "2023-02", "2023-12", "2024-01", "2024-02")


@pytest.fixture(scope="module")
def merged(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Settings:
    """Districts and communes around the merger, and a year after it."""
    settings = new_home()
    fill(settings, "2025-06", "2025-07", "2026-07", with_faults=False, only=DISTRICTS | COMMUNES)
    collect_submissions(settings)
    return settings


@pytest.fixture(scope="module")
def page(february: Settings) -> Page:
    return Page(february, "2024-02")


# 1. The ground that is named is the ground that is summed.


def test_ground_that_owed_no_report_for_part_of_a_span_is_in_neither_sum(merged: Settings) -> None:
    page = Page(merged, "2026-07")
    claim = page.claims.get("value_total_vnd.change_from_same_last_year")
    regions = {state.unit.code: state.unit.region for state in page.summary.units}
    if claim is not None and claim.now is not None:
        assert {regions[code] for code in claim.now.units} == {Region.WEST}
    blocks = page.summary.coverage.blocks["same_last_year"]
    then, now = (frozenset().union(*(getattr(block, side) for block in blocks)) for side in ("then", "now"))
    assert {regions[code] for code in now} == {Region.WEST}
    assert (len(now), len([code for code in then if len(code) == 3]), len([code for code in then if len(code) == 5])) == (
        77, 17, 77,
    )  # fmt: skip


def test_stocks_are_compared_over_everybody_who_states_them_on_both_days(merged: Settings) -> None:
    """A commune of the former Bình Định states its households on 14/7/2025 and on 14/7/2026: it is compared."""
    page = Page(merged, "2026-07")
    claim = page.claims["poverty_rate_pct.moved_from_same_last_year"]
    assert claim.now is not None
    counted = {state.unit.code for state in page.summary.units if state.is_counted}
    assert set(claim.now.units) == counted & COMMUNES
    assert {state.unit.region for state in page.summary.units if state.unit.code in claim.now.units} == set(Region)


# 2. Work under way is never told as done.


def test_houses_under_way_and_what_was_spent_on_them_are_told_apart(page: Page) -> None:
    summary = page.summary
    done, doing = (
        summary.value(FigureKey(indicator, "period", "activity", "NHA_MOI"))
        for indicator in ("completed_value_vnd", "under_way_value_vnd")
    )
    assert doing, "this month has houses under way"
    found = re.search(rf"đang xây dựng (\d+) căn \(đã chi ({DIGITS}) triệu đồng\)", page.text)
    assert found is not None
    assert Decimal(found[2].replace(".", "").replace(",", ".")) == doing / 1_000_000
    if done:
        assert re.search(rf"nhà ở xây mới hoàn thành \d+ căn \({DIGITS} triệu đồng\); đang xây dựng", page.text)
    assert "Trong đó đang làm" in [plain(column.name) for column in page.tables[0].columns]
    assert "phần đã chi cho việc đang làm" in plain(page.tables[1].note)


# 3. What is said to begin on a day begins on that day.


def test_the_programme_is_counted_from_its_first_day_not_from_its_first_month(page: Page) -> None:
    claim = page.claims["total.activities.programme"]
    assert claim.now is not None
    assert str(claim.now.first_day) == "2023-12-05"
    assert claim.now.value < sum(
        page.summary.value(FigureKey("activities", "trend", "month", month)) or 0
        for month in ("2023-12", "2024-01", "2024-02")
    )


# 4. A chart says what the text says.


def test_a_month_of_fewer_units_is_drawn_open_with_how_many_they_are(page: Page) -> None:
    money, poverty = (
        next(chart for chart in page.charts if name in chart) for name in ("theo tháng", "Tỷ lệ hộ nghèo")
    )
    assert re.search(r"T2/2024: \S+ \(\d+/17 đơn vị\)", money)
    assert re.search(r"T2/2024: \S+ \(\d+/17 đơn vị\)", poverty)
    assert "kế hoạch" not in poverty


# 5. Percent of plan comes with the time gone and with the reports it stands on.


def test_percent_of_plan_says_how_much_of_the_year_has_gone_and_on_how_many_reports(page: Page) -> None:
    for progress in page.document.headline.progress:
        assert re.search(
            r"\d+,\d% kế hoạch năm \([\d.]+ (triệu đồng|lượt); \d+/34 báo cáo tháng\)", plain(progress.words)
        )
        assert plain(progress.gone_words) == "đã qua 16,9% thời gian"
    behind = [claim for claim in page.claims if claim.startswith("plan.") and claim.endswith(".behind")]
    assert not behind, "of half the reports nobody can say that the plan is behind"


# 6. Labels.


def test_a_nil_unit_does_not_wear_the_mark_of_a_missing_one(page: Page) -> None:
    states = {state.unit.name: state for state in page.summary.units}
    [nil] = [name for name, state in states.items() if state.is_nil]
    missing = next(name for name, state in states.items() if not state.is_counted)
    assert page.row(1, nil)[7:9] == ["–", "–"]
    assert page.row(1, nil)[2] == "0"
    assert page.row(1, missing)[7:9] == ["…", "…"]


def test_villages_with_activity_are_counted_among_twinned_ones(page: Page) -> None:
    claim = page.claims["villages.active"]
    assert set(claim.members) <= set(claim.whole)
    assert len(claim.members) == page.summary.value(FigureKey("villages_active"))
    assert len(claim.whole) == page.summary.value(FigureKey("villages_with_partner"))


def test_what_missing_units_leave_out_is_no_correction_of_households(page: Page) -> None:
    summary = page.summary
    assert summary.value(FigureKey("poor_corrected")) is None
    assert summary.value(FigureKey("poor_corrected", "period", "unit", "630")) == 0


def test_every_movement_of_poor_and_near_poor_households_can_be_followed(page: Page) -> None:
    for name in ("nghèo", "cận nghèo"):
        found = re.search(
            rf"Hộ {name}: đầu kỳ ([\d.]+) hộ; trong kỳ có (\d+) hộ thoát {name}, (\d+) hộ tái {name}, (\d+) hộ {name} phát "
            r"sinh mới, biến động khác \(tách, nhập, chuyển hộ\) (\d+) hộ; cuối kỳ còn ([\d.]+) hộ",
            page.text,
        )
        assert found is not None, name
        opening, exits, relapses, arrivals, moved, closing = (int(text.replace(".", "")) for text in found.groups())
        assert opening - exits + relapses + arrivals + moved == closing


def test_right_at_the_first_time_is_asked_of_whoever_sent_anything(page: Page) -> None:
    sent, accepted, right = (
        page.summary.value(FigureKey(code)) for code in ("reports_sent", "reports_received", "reports_right_first_time")
    )
    assert sent is not None
    assert accepted is not None
    assert sent == accepted + 1, "one unit's report was returned"
    rate = page.summary.value(FigureKey("right_first_time_pct"))
    assert right is not None
    assert rate == 100 * right / sent


def test_a_quarter_counts_monthly_reports_and_units_apart(february: Settings) -> None:
    page = Page(february, "2024-Q1")
    assert re.search(r"\d+/51 báo cáo tháng được chấp nhận \(00?/17 đơn vị có đủ báo cáo\)", page.text)


def test_a_quarter_names_the_units_that_lack_a_month_with_the_month(february: Settings) -> None:
    page = Page(february, "2024-Q1")
    assert "Tất cả đơn vị báo cáo đúng hạn" not in page.text
    assert re.search(r"huyện \w+[^;.]* \(tháng 3 năm 2024\)", page.text)
    asked = plain(dict(page.document.headline.sentences)["Cần cho ý kiến:"])
    assert "nộp trước ngày" in asked


def test_an_empty_month_says_that_nothing_is_known_not_that_nothing_was_done(february: Settings) -> None:
    with open_run(february) as run:
        summary = summary_of(run, Period.parse("2024-05"), None, even_empty=True)
        book = FigureBook(summary)
        document = build_monthly_summary(summary, run.reference, book, FigureBook(summary), february.fonts)
    said = " ".join(plain(each) for section in document.sections for part in section.parts for each in part.paragraphs)
    assert "Trong kỳ không có" not in said
    assert said.count("chưa có số liệu") >= 3


def test_names_stand_in_sentences_as_sentences_have_them(page: Page) -> None:
    assert re.search(r"(chưa báo cáo|trễ hạn|chưa nộp lại|không phát sinh): huyện ", page.text)
    assert " Huyện " not in page.text


# 7. The month of the merger speaks of it.


def test_the_month_of_the_merger_says_what_happened_and_how_its_totals_are_made_up(merged: Settings) -> None:
    page = Page(merged, "2025-07")
    assert "Từ ngày 01/7/2025, tỉnh Gia Lai hợp nhất với tỉnh Bình Định và không còn cấp huyện" in page.text
    assert "17 đơn vị cấp huyện phải báo cáo" in page.text
    assert re.search(
        r"135 xã, phường phải báo cáo từ ngày đó \(đã nhận \d+; 77 xã, phường thuộc Gia Lai cũ, 58 thuộc Bình Định cũ\)",
        page.text,
    )
    parts = re.search(
        rf"Kinh phí của kỳ gồm ({DIGITS}) triệu đồng do cấp huyện báo cáo, ({DIGITS}) triệu đồng .*? và ({DIGITS}) triệu",
        page.text,
    )
    assert parts is not None
    total = page.summary.value(FigureKey("value_total_vnd"))
    assert total is not None
    added = sum(Decimal(text.replace(".", "").replace(",", ".")) for text in parts.groups())
    assert abs(added - total / 1_000_000) <= Decimal("0.2")
    assert Page(merged, "2026-07").text.count("hợp nhất") == 0


# 8. Tết is the season.


def test_the_gifts_of_tet_are_told_apart_and_nothing_is_compared_with_them(page: Page) -> None:
    columns = [plain(column.name) for column in page.document.headline.table.columns]
    assert "Không kể quà Tết" in columns
    for claim in page.claims.values():
        if claim.kind is ClaimKind.CHANGE and claim.now is not None:
            assert "without_tet" in claim.now.indicator or claim.now.indicator == "tet_value_vnd", claim.claim_id
    assert "chỉ so Tết với Tết" in plain(page.tables[0].note)


def test_columns_that_are_not_of_the_same_units_are_marked(page: Page) -> None:
    names = [plain(column.name) for column in page.tables[0].columns]
    assert "Kỳ trước (*)" in names
    assert "không so sánh trực tiếp" in plain(page.tables[0].note)


# What the reader is asked for, and what falls short.


def test_what_is_asked_names_the_units_and_a_day(page: Page) -> None:
    asked = dict(page.document.headline.sentences)["Cần cho ý kiến:"]
    owing = [state.unit.name for state in page.summary.units if not state.is_counted]
    words = plain(asked)
    assert re.search(r"nộp trước ngày \d\d/\d\d?/2024\.$", words)
    assert f"huyện {owing[0].removeprefix('Huyện ')}".lower() in words.lower() or owing[0].lower() in words.lower()


def test_without_anybody_writing_the_limits_say_what_the_figures_say(page: Page) -> None:
    [limits] = [
        part for section in page.document.sections for part in section.parts if plain(part.heading).endswith("Hạn chế")
    ]
    assert limits.is_drafted
    text = " ".join(plain(each) for each in limits.paragraphs)
    assert "làng kết nghĩa của các đơn vị đã báo cáo chưa có hoạt động" in text
    assert "đơn vị chưa báo cáo" in text


NARRATIVE = 'author = "Trần Thị B"\nwritten_on = 2024-02-20\nlimits = """\n{}\n"""\n'


@pytest.mark.parametrize(("written", "stands"), [("Còn thiếu nước sinh hoạt.", True), ("–", False)])
def test_a_person_changes_or_strikes_what_was_drafted(
    february: Settings, tmp_path: Path, written: str, *, stands: bool
) -> None:
    folder = february.home / "reference" / "narratives"
    folder.mkdir(exist_ok=True)
    path = folder / "2024-02.toml"
    path.write_text(NARRATIVE.format(written), encoding="utf-8")
    try:
        page = Page(february, "2024-02")
    finally:
        path.unlink()
    leads = [lead for lead, _ in page.document.headline.sentences]
    assert ("Hạn chế:" in leads) is stands
    assert (written in page.text) is stands
    assert "chưa có hoạt động trong kỳ" not in page.text
