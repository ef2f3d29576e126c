"""How long the printed report is and how full its pages are, measured on the PDF: months of 17 and of 135 units."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.period import Period
from ingest.tables.reference import load_reference
from reports.pdf.fullness import fills
from reports.pdf.page_fit import EMPTIEST
from reports.pdf.render import Page
from samples.history import write_sample_history
from services.editions.make import Printed
from services.settings import PROGRAM, Settings
from storage.edition_files import html_path, pdf_path
from tests.builders import PARTY
from tests.commands import collect_submissions, import_history, monthly_report, release
from tests.ink import ink_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def districts(new_home: Callable[[], Settings], fill: Callable[..., None]) -> Settings:
    """All districts, with the faults of an honest month."""
    settings = new_home()
    fill(settings, "2024-01", "2024-02")
    collect_submissions(settings)
    return settings


@pytest.fixture(scope="module")
def communes(new_home: Callable[[], Settings], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """All communes in two months."""
    settings = new_home()
    reference = load_reference(PROGRAM / "reference", settings.home / "reference")
    folder: Path = tmp_path_factory.mktemp("history")
    write_sample_history(reference, [Period.parse("2025-11"), Period.parse("2025-12")], folder)
    import_history(settings, folder)
    return settings


def laid_out(settings: Settings, printed: Printed) -> list[float]:
    """How full the pages are as the program itself takes them to be."""
    html = html_path(settings.editions, printed.edition.sha256).read_text(encoding="utf-8")
    return [page.filled for page in fills(Page(html, settings.fonts))]


def in_layout(settings: Settings, skin: str) -> Settings:
    place = settings.home / "reference" / "sender.toml"
    place.unlink(missing_ok=True)
    if skin == "party":
        place.write_text(PARTY, encoding="utf-8")
    return settings


@pytest.mark.parametrize("skin", ["nd30", "party"])
def test_seventeen_districts_have_five_pages_and_six_of_appendices_none_of_them_nearly_empty(
    districts: Settings, skin: str
) -> None:
    printed = monthly_report(in_layout(districts, skin), Period.parse("2024-02"))
    pages = ink_of(printed.path.read_bytes())
    annexed = sum(page.is_annexed for page in pages)
    assert [page.filled for page in pages] == pytest.approx(laid_out(districts, printed), abs=0.01)
    assert 1 <= annexed <= 6
    assert len(pages) - annexed <= 5
    assert min(page.filled for page in pages) >= 1 - EMPTIEST, [round(page.filled, 2) for page in pages]
    released = release(districts, printed.edition.edition_id, "Nguyễn Văn A")
    assert released.issued_sha256 is not None
    issued = ink_of(pdf_path(districts.editions, released.issued_sha256).read_bytes())
    assert len(issued) == len(pages), "number and day move nothing"


@pytest.mark.parametrize("skin", ["nd30", "party"])
def test_a_hundred_and_thirty_five_communes_have_fourteen_pages(communes: Settings, skin: str) -> None:
    printed = monthly_report(in_layout(communes, skin), Period.parse("2025-12"))
    pages = ink_of(printed.path.read_bytes())
    assert len(pages) <= 14
    assert [page.filled for page in pages] == pytest.approx(laid_out(communes, printed), abs=0.01)
    assert min(page.filled for page in pages) >= 1 - EMPTIEST, [round(page.filled, 2) for page in pages]
