"""The clerk's guide speaks of the form as it is, and its two pages are made of what lies beside them."""

import io
import re
import shutil
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest
from PIL import Image

from domain import form, wording
from domain.errors import BadDocument
from domain.kn_02 import KN_02
from domain.reference import Reference
from expectations.rules import RULES
from reports.form.content import FormContent
from reports.form.workbook import write_form
from reports.mail.answer import FEEDBACK_NAME
from reports.pdf.inspect import open_pdf
from scripts import clerk_guide
from scripts.clerk_guide import DOCS, GUIDE, MONTH, PAGES, PICTURES, SOURCE
from services.settings import Settings

TEXT = SOURCE.read_text(encoding="utf-8")
WORDS = " ".join(re.sub(r"<style.*?</style>|<[^>]*>", " ", TEXT, flags=re.DOTALL).split())


@pytest.fixture(scope="module")
def words_of_the_form(sample_reference: Reference) -> set[str]:
    """Whatever stands in a cell of the form or is offered by its lists, and what the answer calls its workbook and sheet."""
    [unit, *_] = sample_reference.expected_units(MONTH)
    window = sample_reference.calendar.window(MONTH)
    villages = sample_reference.villages.of_unit(unit, sample_reference.units, window.last_day)
    partners = sample_reference.villages.partners_of(window.last_day)
    book = openpyxl.load_workbook(
        io.BytesIO(write_form(FormContent(unit, MONTH, window, villages, partners, rules=RULES, form=KN_02)))
    )
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}
    offered = {name for _, field in KN_02.fields() for name in field.offered}
    return cells | offered | set(book.sheetnames) | {form.FEEDBACK_SHEET, FEEDBACK_NAME}


@pytest.mark.filterwarnings("ignore:(Data Validation|Conditional Formatting) extension")
def test_whatever_the_guide_quotes_stands_in_the_form(words_of_the_form: set[str]) -> None:
    quoted = set(re.findall("“([^”]*)”", WORDS))
    assert len(quoted) > 20
    assert quoted - words_of_the_form == set()


def test_the_guide_names_every_sheet_and_the_form() -> None:
    names = [sheet.name for sheet in (*KN_02.sheets, *KN_02.shown)]
    for name in (*names, form.GUIDE_SHEET, form.SELF_CHECK_SHEET, form.FEEDBACK_SHEET):
        assert f"“{name}”" in WORDS
    assert KN_02.version in WORDS


def test_the_days_of_the_guide_are_those_of_the_calendar(reference: Reference) -> None:
    window, due = reference.calendar.window(MONTH), reference.calendar.due(MONTH)
    row = reference.calendar.rows[-1]
    assert (row.forms_days_before, row.due_working_days) == (9, 2)
    days = f"{MONTH.label()}: kỳ từ {wording.short_day(window.first_day)} đến {wording.short_day(window.last_day)}"
    assert f"{days}, hạn nộp {wording.moment(due)}" in WORDS
    assert "Chín ngày trước khi khép tháng" in WORDS
    assert "17 giờ 00 ngày làm việc thứ hai sau ngày 14" in WORDS


def test_every_picture_is_there_shown_and_told_in_words() -> None:
    shown = re.findall(r'<img src="pictures/([^"]+)" alt="([^"]+)"', TEXT)
    assert sorted(name for name, _ in shown) == sorted(PICTURES)
    assert TEXT.count("<img") == len(shown)
    for name in PICTURES:
        with Image.open(DOCS / "pictures" / name) as picture:
            assert picture.width > 500


def test_the_guide_is_two_pages_in_the_house_font() -> None:
    found = open_pdf(GUIDE.read_bytes())
    assert (found.pages, list(found.font_families)) == (PAGES, ["Tinos"])
    assert found.text == unicodedata.normalize("NFC", found.text)
    assert all("/FontFile2" in each for page in pypdf.PdfReader(GUIDE).pages for each in _faces_of(page))


def _faces_of(page: Any) -> Iterator[Any]:
    for font in page["/Resources"]["/Font"].values():
        [descendant] = font["/DescendantFonts"]
        yield descendant["/FontDescriptor"]


def test_the_guide_was_made_of_this_source_and_these_pictures() -> None:
    made = clerk_guide.mark_of(TEXT.encode(), clerk_guide.pictures_of(TEXT, DOCS))
    trailer: Any = pypdf.PdfReader(GUIDE).trailer
    assert trailer["/ID"][0].original_bytes == made, "make guide"


def test_a_picture_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match=r"form-00\.png"):
        clerk_guide.pictures_of(TEXT, tmp_path)


def test_a_face_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match="Tinos"):
        clerk_guide.guide_pdf(TEXT, clerk_guide.pictures_of(TEXT, DOCS), tmp_path)


@pytest.mark.slow
def test_the_pages_come_out_the_same_and_never_three(settings: Settings) -> None:
    pictures = clerk_guide.pictures_of(TEXT, DOCS)
    first, second = (clerk_guide.guide_pdf(TEXT, pictures, settings.fonts) for _ in range(2))
    assert first == second
    longer = TEXT.replace("</body>", '<p style="break-before: page">Thêm.</p></body>')
    with pytest.raises(BadDocument, match="2 trang, đang có 3"):
        clerk_guide.guide_pdf(longer, pictures, settings.fonts)
    with pytest.raises(BadDocument, match="elsewhere"):
        clerk_guide.guide_pdf(TEXT.replace("pictures/form-00", "elsewhere/form-00"), pictures, settings.fonts)


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed (libreoffice-calc-nogui)")
def test_the_form_can_be_drawn(tmp_path: Path, settings: Settings) -> None:
    clerk_guide.draw_pictures(tmp_path, settings.fonts)
    for name in PICTURES:
        with Image.open(tmp_path / name) as drawn, Image.open(DOCS / "pictures" / name) as kept:
            assert abs(drawn.width - kept.width) < kept.width / 10, "make guide"
