"""The page of a period: every link leads somewhere, every colour can be read, nothing needs a server or a script."""

import re
import shutil
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from domain.period import Period
from flows.collect_submissions import collect_submissions
from flows.monthly_report import monthly_report
from flows.release import release
from flows.send_report import send_report
from flows.settings import CHECKOUT, Settings

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("release")]
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
def home(tmp_path_factory: pytest.TempPathFactory, sample_registers: Path, fill: Callable[..., None]) -> Path:
    """Three districts' February with its faults, an edition of it."""
    home = tmp_path_factory.mktemp("status") / "home"
    home.mkdir()
    shutil.copytree(sample_registers, home / "reference")
    settings = Settings(home=home, _env_file=None)
    fill(settings, "2024-02", only={"622", "625", "633"})
    collect_submissions(settings)
    monthly_report(settings, FEBRUARY)
    return home


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
        "“ketnghia release 2024-02-1 --by TÊN”", "Hạn nộp", "20/02/2024", "Bản 2024-02-1: dự thảo",
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
    # What the keyboard reaches are links, in the order of the page, and the browser shows where one is.
    assert "a:focus-visible" in (CHECKOUT / "templates" / "styles" / "status.css").read_text(encoding="utf-8")
    assert {"main", "nav", "h1", "h2", "table", "thead"} <= page.tags


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_stands_out_from_its_ground_as_wcag_asks() -> None:
    style = (CHECKOUT / "templates" / "styles" / "status.css").read_text(encoding="utf-8")
    texts = {"#1a1a1a", *re.findall(r"[^-]color: (#[0-9a-f]{6})", style)}
    grounds = {"#ffffff", *re.findall(r"background: (#[0-9a-f]{6})", style)}
    for text in texts:
        # Grey and links stand on white; on the coloured cells stands the page's own black.
        for ground in grounds if text == "#1a1a1a" else {"#ffffff"}:
            light, dark = sorted((_luminance(text), _luminance(ground)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (text, ground)
