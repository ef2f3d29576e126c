"""Every letter that the gates let through comes out of the printed page as it went in."""

import unicodedata
from html import escape

import pytest

from domain.alphabet import is_printed
from reports.pdf.inspect import open_pdf
from reports.pdf.render import Page, render_pdf
from services.settings import Settings

pytestmark = pytest.mark.slow
TWINS = set("Әә‖∕")
"""Drawn by the glyph of another letter, Ə, ə, ǁ and ⁄, and read back as that one."""


def test_the_whole_alphabet_is_printed_and_read_back() -> None:
    letters = [chr(code) for code in range(0x21, 0x10000) if not 0xD800 <= code <= 0xDFFF and is_printed(chr(code))]
    stable = [letter for letter in letters if unicodedata.normalize("NFC", letter) == letter]
    # A mark that combines stands on a letter that no mark makes a new one with.
    words = [f"q{letter}" if unicodedata.combining(letter) else letter for letter in stable]
    lines = "".join(f"<p>{escape(' '.join(words[start : start + 30]))}</p>" for start in range(0, len(words), 30))
    page = f'<html lang="vi"><head><title>Chữ</title></head><body style="font-family: Tinos">{lines}</body></html>'
    text = open_pdf(render_pdf(Page(page, Settings.model_fields["fonts"].default))).text
    assert text == unicodedata.normalize("NFC", text)
    assert set(stable) - set(text) <= TWINS
