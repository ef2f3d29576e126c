"""Whatever a document lacks stops it."""

from decimal import Decimal
from pathlib import Path

import pytest

from domain.errors import BadDocument
from domain.figures import Figure
from reports.html import render_html
from reports.pdf.inspect import open_pdf, refuse_faulty
from reports.pdf.render import Page, render_pdf
from services.settings import Settings

pytestmark = [pytest.mark.prints_anew, pytest.mark.slow]
FONTS = Settings(_env_file=None).fonts
HEAD = '<link rel="stylesheet" href="asset:///styles/type.css">'


def page(body: str, head: str = HEAD) -> str:
    return f'<!DOCTYPE html><html lang="vi"><head><title>x</title>{head}</head><body>{body}</body></html>'


def printed(body: str, head: str = HEAD, fonts: Path = FONTS) -> bytes:
    return render_pdf(Page(page(body, head), fonts))


def test_highland_letters_are_printed_in_our_one_font() -> None:
    found = open_pdf(printed("<p>Čư\u0306 Prông, ƀơƀrư\u0306, làng Châm ANẻh</p>"))
    assert found.font_families == {"Tinos"}
    assert "ANẻh" in found.text


@pytest.mark.parametrize(
    "head",
    ['<link rel="stylesheet" href="asset:///styles/none.css">', '<link rel="stylesheet" href="file:///etc/passwd">',
     '<link rel="stylesheet" href="http://127.0.0.1:1/x.css">', '<link rel="stylesheet" href="asset:///../pyproject.toml">'],
)  # fmt: skip
def test_a_missing_or_foreign_asset_stops_the_document(head: str) -> None:
    with pytest.raises(BadDocument, match="không được phép"):
        printed("<p>x</p>", head)


def test_a_letter_that_no_face_has_is_named_with_its_word() -> None:
    with pytest.raises(BadDocument, match=r"“ꡀ” \(U\+A840, PHAGS-PA LETTER KA\) trong “làngꡀ”"):
        printed("<p>một làngꡀ nọ</p>")


def test_text_in_the_margin_stops_the_edition() -> None:
    sheet = '<link rel="stylesheet" href="asset:///styles/page.css">'
    pdf = printed('<p style="white-space: nowrap; text-indent: 0">' + "dài " * 80 + "</p>", HEAD + sheet)
    with pytest.raises(BadDocument, match="tràn ra ngoài lề"):
        refuse_faulty(pdf, [])


def test_a_table_without_rows_stops_the_edition() -> None:
    sheet = '<link rel="stylesheet" href="asset:///styles/page.css">'
    pdf = printed("<table><thead><tr><th>x</th></tr></thead><tbody></tbody></table>", HEAD + sheet)
    with pytest.raises(BadDocument, match="không có dòng nào"):
        refuse_faulty(pdf, [])


def test_a_missing_font_is_named_with_its_package(tmp_path: Path) -> None:
    with pytest.raises(BadDocument, match="fonts-croscore"):
        printed("<p>x</p>", fonts=tmp_path)


def test_a_name_the_template_does_not_find_is_a_fault() -> None:
    with pytest.raises(Exception, match="undefined"):
        render_html("monthly_summary.html.j2", {})


def test_a_number_that_is_no_figure_stops_the_edition() -> None:
    pdf = printed("<p>31.502 và 8,11</p>")
    known = Figure("a", "measure", "a", Decimal(31502), "hộ", "31.502")
    with pytest.raises(BadDocument, match="8,11"):
        refuse_faulty(pdf, [known])


def test_text_is_escaped_before_it_reaches_the_page() -> None:
    html = render_html("email/unit_answer.html.j2", {"first": "<script>", "parts": [], "agency": "A & B"})
    assert "<script>" not in html
    assert "A &amp; B" in html
