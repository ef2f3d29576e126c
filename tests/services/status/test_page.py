"""The page of a period: every link leads somewhere, every colour can be read, nothing needs a server or a script."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from domain.period import Period
from domain.standing import Standing
from domain.submissions import ArrivalRecord
from domain.units import Level, Region, Unit
from services.settings import Settings
from services.status.page import next_steps
from services.status.period_status import PeriodStatus, UnitMonth
from tests.commands import collect_submissions, monthly_report, release, send_report

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")


class Page(HTMLParser):
    """What a page links to, the ids it has, and its words."""

    def __init__(self, place: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.tags: set[str] = set()
        self.words = ""
        self.feed(place.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.tags.add(tag)
        self.ids |= {str(told["id"])} if "id" in told else set()
        self.links += [str(told["href"])] if "href" in told else []

    def handle_data(self, data: str) -> None:
        self.words += f" {data.strip()}" if data.strip() else ""


@pytest.fixture(scope="module")
def home(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Path:
    """Three districts' February with its faults, an edition of it."""
    settings = new_home()
    fill(settings, "2024-02", only={"622", "625", "633"})
    collect_submissions(settings)
    monthly_report(settings, FEBRUARY)
    return settings.home


def test_every_link_of_the_page_and_the_index_leads_somewhere(home: Path) -> None:
    for name in ("2024-02.html", "index.html"):
        place = home / "status" / name
        page = Page(place)
        assert page.links
        for link in page.links:
            path, _, anchor = link.partition("#")
            target = (place.parent / unquote(path)).resolve()
            assert target.is_file(), link
            assert not anchor or anchor in Page(target).ids, link


def test_the_page_says_who_stands_how_and_what_to_do_next(home: Path) -> None:
    words = Page(home / "status" / "2024-02.html").words
    for told in (
        "2/17 báo cáo được chấp nhận", "trễ 1 ngày làm việc", "lần nộp 2", "bị trả lại", "Còn 15 đơn vị chưa có báo cáo",
        "“ketnghia release 2024-02-1 --number SỐ --date NGÀY”", "Hạn nộp", "20/02/2024", "Bản 2024-02-1: dự thảo",
    ):  # fmt: skip
        assert told in words, told


def test_release_and_sending_write_the_page_anew(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    settings = Settings(home=copy, _env_file=None)
    release(settings, "2024-02-1", "Người Duyệt")
    assert "đã duyệt bởi Người Duyệt" in Page(copy / "status" / "2024-02.html").words
    send_report(settings, "2024-02-1")
    words = Page(copy / "status" / "2024-02.html").words
    assert "vanphong@tinhuy.gialai.example: đã gửi" in words
    assert "ketnghia send" not in words


def test_the_page_needs_no_script_and_nothing_from_elsewhere(home: Path) -> None:
    page = Page(home / "status" / "2024-02.html")
    assert not {"script", "img", "link", "iframe", "form"} & page.tags
    assert not any("//" in link for link in page.links)
    assert {"main", "nav", "h1", "h2", "table", "thead"} <= page.tags


def stand(period: str, *rows: tuple[str, str, Standing]) -> PeriodStatus:
    """A period with these units' months: code, month and standing; a file counts where the standing says so."""
    counts: Any = object()
    held: Any = type("Held", (), {"is_held": True})

    def row(code: str, month: str, standing: Standing) -> UnitMonth:
        unit = Unit(code, code, code, "huyện", Level.DISTRICT, "64", date(2000, 1, 1), None, Region.WEST)
        files = [held] if standing is Standing.HELD else []
        counting = counts if standing is Standing.ACCEPTED else None
        return UnitMonth(unit, Period.parse(month), standing, files, counting)

    units = [row(*each) for each in rows]
    return PeriodStatus(Period.parse(period), datetime(2024, 2, 20, tzinfo=UTC), units, [], {}, [])


def test_a_unit_whose_only_file_is_held_or_one_of_two_has_no_report_that_counts() -> None:
    found = stand(
        "2024-02",
        ("622", "2024-02", Standing.ACCEPTED),
        ("623", "2024-02", Standing.HELD),
        ("624", "2024-02", Standing.CONFLICTING),
        ("625", "2024-02", Standing.MISSING),
        ("626", "2024-02", Standing.REJECTED),
    )
    assert next_steps(found, {})[:3] == [
        "Hỏi đơn vị 624 tệp nào đúng; đơn vị gửi lại với lần nộp kế tiếp.",
        "Đơn vị 623 có bản nộp sau khi khóa kỳ: xem xét “ketnghia unlock 2024-02”.",
        "Còn 4 đơn vị chưa có báo cáo được chấp nhận: “ketnghia remind 2024-02”.",
    ]


def test_a_file_without_verdict_is_said_first_while_a_report_is_owed() -> None:
    waiting = ArrivalRecord(7, "folder", "Báo cáo.xlsx", "f" * 64, None, datetime(2024, 2, 16, tzinfo=UTC))
    owing = replace(stand("2024-02", ("625", "2024-02", Standing.MISSING)), unread=[waiting])
    assert next_steps(owing, {})[0] == (
        "1 tệp đã nhận nhưng chưa đọc được, có thể là báo cáo của đơn vị còn thiếu: Báo cáo.xlsx (số 000007). "
        "Chạy “ketnghia collect”."
    )
    complete = replace(stand("2024-02", ("622", "2024-02", Standing.ACCEPTED)), unread=[waiting])
    assert not any("chưa đọc được" in step for step in next_steps(complete, {}))


def test_over_several_months_units_are_counted_once_and_every_command_names_a_month() -> None:
    found = stand(
        "2024-Q1",
        ("622", "2024-01", Standing.MISSING),
        ("623", "2024-01", Standing.ACCEPTED),
        ("622", "2024-02", Standing.HELD),
        ("623", "2024-02", Standing.ACCEPTED),
        ("622", "2024-03", Standing.ACCEPTED),
        ("623", "2024-03", Standing.CONFLICTING),
    )
    steps = next_steps(found, {})[:3]
    assert steps == [
        "Đơn vị 622 có bản nộp sau khi khóa kỳ 2024-02: xem xét “ketnghia unlock 2024-02”.",
        "Hỏi đơn vị 623 tệp nào của kỳ 2024-03 đúng; đơn vị gửi lại với lần nộp kế tiếp.",
        "Còn 2 đơn vị chưa có đủ báo cáo các tháng được chấp nhận: "
        "“ketnghia remind 2024-01”, “ketnghia remind 2024-02”, “ketnghia remind 2024-03”.",
    ]
    assert all(Period.parse(named).is_month for named in re.findall(r"ketnghia \S+ ([^”]+)”", " ".join(steps)))


@pytest.fixture
def browser() -> Iterator[Browser]:
    place = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if place is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=place, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.mark.parametrize("size", [(1280, 900), (390, 844)], ids=["screen", "telephone"])
@pytest.mark.parametrize("name", ["2024-02.html", "index.html"])
def test_a_browser_shows_the_page_without_an_error_and_everybody_can_use_it(
    home: Path, browser: Browser, name: str, size: tuple[int, int]
) -> None:
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text))
    page.on("requestfailed", lambda request: errors.append(request.url))
    page.goto((home / "status" / name).as_uri())
    assert errors == []
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]  # nothing to scroll sideways
    faults = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in faults] == []


def test_every_link_is_reached_by_the_keyboard_in_order_and_shows_where_one_is(home: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((home / "status" / "2024-02.html").as_uri())
    links = page.evaluate("[...document.querySelectorAll('a')].map(link => link.href)")
    reached = []
    for _ in links:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.href"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached == links


def test_the_index_leads_to_the_period_and_from_there_to_the_working_of_a_figure(home: Path, browser: Browser) -> None:
    page = browser.new_page()
    page.goto((home / "status" / "index.html").as_uri())
    page.get_by_role("link", name="tháng 02 năm 2024").click()
    assert page.title() == "Báo cáo kết nghĩa tháng 02 năm 2024"
    page.locator("section[aria-labelledby=figures] a").first.click()
    assert page.url.endswith("cach-tinh.html#value_total_vnd@period")
    assert page.evaluate("document.getElementById('value_total_vnd@period') !== null")
