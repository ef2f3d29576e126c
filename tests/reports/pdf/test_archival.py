"""Every kind of document is PDF/A-3a and PDF/UA-1 at once, in both layouts, and looks as the rules say."""

import re
from itertools import pairwise

import page
import pypdfium2
import pytest

pytestmark = pytest.mark.slow
POINTS_PER_MM = 72 / 25.4


class Word:
    """A word as printed: its text, size in points, face, and place from the left and the top of the page, in mm."""

    def __init__(self, text: str, size: float, face: str, left: float, top: float, right: float) -> None:
        self.text, self.size, self.face, self.left, self.top, self.right = text, size, face, left, top, right


def lines(pdf: bytes, number: int) -> list[Word]:
    """The lines of a page, each with the size and face of its first letter."""
    document = pypdfium2.PdfDocument(pdf)
    sheet = document[number]
    text, height = sheet.get_textpage(), sheet.get_height()
    found = []
    for each in sheet.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], max_depth=4):
        left, bottom, right, top = each.get_bounds()
        words = text.get_text_bounded(left - 0.5, bottom - 0.5, right + 0.5, top + 0.5).strip()
        font = each.get_font()
        face = font.get_base_name()
        if words:
            found.append(
                Word(words, round(each.get_font_size() * abs(each.get_matrix().a), 1), face,
                     left / POINTS_PER_MM, (height - top) / POINTS_PER_MM, right / POINTS_PER_MM)
            )  # fmt: skip
    document.close()
    return found


NAMES = [f"{skin} {kind}" for skin in ("nd30", "party") for kind in ("draft", "issued", "sheet")]


@pytest.mark.parametrize("profile", [page.ValidationProfile.PDF_A_3A, page.ValidationProfile.PDF_UA_1], ids=str)
@pytest.mark.parametrize("name", NAMES)
def test_a_document_meets_both_standards(documents: dict[str, bytes], name: str, profile: object) -> None:
    report = str(page.validate_pdf_bytes(documents[name], profile=profile))
    faults = [line for line in report.splitlines() if line.startswith("[")]
    # A stream whose bytes end in a carriage return is measured wrongly by the validator.
    assert [fault for fault in faults if "STREAM-LENGTH" not in fault] == []
    assert "Rules: " in report


@pytest.mark.parametrize("name", NAMES)
def test_nothing_reaches_into_the_margins(documents: dict[str, bytes], name: str) -> None:
    document = pypdfium2.PdfDocument(documents[name])
    for number, sheet in enumerate(document):
        width = sheet.get_width() / POINTS_PER_MM
        left = 30 if width < 250 else 20
        for line in lines(documents[name], number):
            if "THẢO" in line.text or "DỰ" in line.text:
                continue
            assert line.left >= left - 0.6, (number, line.text, line.left)
            assert line.right <= width - 15 + 0.6, (number, line.text, line.right)
    document.close()


def first(found: list[Word], pattern: str) -> Word:
    return next(line for line in found if re.search(pattern, line.text))


def test_the_state_layout_has_the_sizes_and_places_of_the_decree(documents: dict[str, bytes]) -> None:
    found = lines(documents["nd30 issued"], 0)
    for pattern, size, face in (
        ("^CỘNG HÒA XÃ HỘI", 12, "Bold"), ("^Độc lập - Tự do", 13, "Bold"), ("^ỦY BAN NHÂN DÂN", 12, "Regular"),
        ("^TỈNH GIA LAI", 12, "Bold"), ("^Số: 05/BC-UBND|^Số: ", 13, "Regular"), ("^Gia Lai, ngày|^Gia Lai, ", 13, "Italic"),
        ("^BÁO CÁO", 14, "Bold"), ("^Kính gửi", 14, "Regular"), ("^Thực hiện", 14, "Regular"),
    ):  # fmt: skip
        line = first(found, pattern)
        assert line.size == pytest.approx(size, abs=0.2), (pattern, line.size)
        assert face in line.face or (face == "Regular" and line.face.endswith("Tinos")), (pattern, line.face)
    assert first(found, "^CỘNG HÒA").top == pytest.approx(20, abs=2)
    assert first(found, "^ỦY BAN NHÂN DÂN").left < 105 < first(found, "^CỘNG HÒA").right
    assert not [line for line in found if line.text == "1" and line.top < 20]  # no number on the first page
    number = next(line for line in lines(documents["nd30 issued"], 1) if line.text == "2" and line.top < 20)
    assert number.size == pytest.approx(14, abs=0.2)
    assert (number.left + number.right) / 2 == pytest.approx(30 + 165 / 2, abs=1.5)


def test_the_party_layout_has_the_sizes_and_places_of_its_guide(documents: dict[str, bytes]) -> None:
    found = lines(documents["party issued"], 0)
    for pattern, size, face in (
        ("^ĐẢNG CỘNG SẢN VIỆT NAM", 15, "Bold"), ("^TỈNH ỦY GIA LAI", 14, "Regular"), ("^VĂN PHÒNG", 14, "Bold"),
        (r"^\*", 14, "Regular"), ("^Số ", 14, "Regular"), ("^Gia Lai, ", 14, "Italic"), ("^BÁO CÁO", 16, "Bold"),
        ("^-----", 14, "Regular"), ("^Thực hiện", 14, "Regular"),
    ):  # fmt: skip
        line = first(found, pattern)
        assert line.size == pytest.approx(size, abs=0.2), (pattern, line.size)
        assert face in line.face or (face == "Regular" and line.face.endswith("Tinos")), (pattern, line.face)
    words = " ".join(line.text for line in found)
    assert "Kính gửi" not in words
    assert "I- " in words + " ".join(line.text for line in lines(documents["party issued"], 1))
    number = next(line for line in lines(documents["party issued"], 1) if line.text == "2" and line.top < 20)
    assert number.top == pytest.approx(10, abs=1.5)
    pages = [found, lines(documents["party issued"], 1)]
    bodies = [[line for line in page if line.size == pytest.approx(14, abs=0.2) and line.left < 31] for page in pages]
    steps = {round((b.top - a.top) * POINTS_PER_MM) for body in bodies for a, b in pairwise(body)}
    assert steps & {18, 19, 20, 21, 22}  # exactly 18 to 22 points from line to line
