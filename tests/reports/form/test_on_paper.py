"""The form on a laptop's screen and on paper: what a clerk sees without scrolling, and what is signed."""

import io
import shutil
from ctypes import c_float
from pathlib import Path

import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from domain.kn_02 import KN_02
from domain.period import Period
from domain.reference import Reference
from reports.form.content import FormContent
from reports.form.workbook import write_form
from tests.clerk import Clerk
from tests.engines import saved_by_libreoffice

pytestmark = pytest.mark.filterwarnings("ignore:(Data Validation|Conditional Formatting) extension")
MARCH = Period.parse("2026-03")
SIGNED = ("00_ThongTin", "02_HoatDong", "03_HoDan", "06_TongHop")
"""The sheets that make the paper."""
LAPTOP, FRAME, PIXELS_PER_LETTER = 1366, 45, 7
"""Pixels of a small laptop's width, of Excel's row numbers and scroll bar, and of a letter."""


@pytest.fixture(scope="module")
def filled(reference: Reference) -> bytes:
    """The model month of phường Hội Phú, two of its villages."""
    unit, window = reference.reporting_unit("23586", MARCH), reference.calendar.window(MARCH)
    villages = reference.villages.of_unit(unit, reference.units, window.last_day)[:2]
    clerk = Clerk(write_form(FormContent(unit, MARCH, window, villages, {}, previous_cumulative={})))
    names = [f"{each.village_id} {each.name}" for each in villages]
    clerk.write_what_is_carried(2)
    clerk.write_month(names, ["Đoàn Thanh niên phường", "Hội Phụ nữ phường"], window.first_day)
    return clerk.saved()


@pytest.mark.parametrize("sheet", [sheet.name for sheet in (*KN_02.sheets, *KN_02.shown)])
def test_every_sheet_fits_a_small_laptop(sheet: str, filled: bytes) -> None:
    worksheet = openpyxl.load_workbook(io.BytesIO(filled))[sheet]
    widths = [each.width * (each.max - each.min + 1) for each in worksheet.column_dimensions.values()]
    assert sum(widths) * PIXELS_PER_LETTER * worksheet.sheet_view.zoomScale / 100 <= LAPTOP - FRAME


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed (libreoffice-calc-nogui)")
def test_the_paper_is_four_pages_that_can_be_read(filled: bytes, tmp_path: Path) -> None:
    printed = saved_by_libreoffice({"form.xlsx": filled}, tmp_path, "pdf")["form"]
    pages = []
    for page in pypdfium2.PdfDocument(printed):
        text = page.get_textpage().get_text_range()
        # Its foot names the sheet.
        sheet = next((name for name in SIGNED if f"{name} Trang " in text), None)
        if sheet is not None:
            pages.append((sheet, smallest_letter(page), text))
    assert [sheet for sheet, _, _ in pages] == list(SIGNED)
    assert min(size for _, size, _ in pages) >= 8
    signed = pages[-1][2]
    for said in ("NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ", "Rơ Châm H’Ly", "Nguyễn Văn A", "79.954.000"):
        assert said in signed.replace("79,954,000", "79.954.000")


def smallest_letter(page: pypdfium2.PdfPage) -> float:
    """The size in points of the smallest text on a page, as it is printed."""
    sizes = []
    for each in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
        size = c_float()
        pdfium.FPDFTextObj_GetFontSize(each, size)
        sizes.append(size.value * abs(each.get_matrix().d))
    return min(sizes)
