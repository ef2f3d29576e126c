"""Vietnamese names as people type them: what is stored, and by what key two spellings are the same."""

import re
import unicodedata
from functools import lru_cache

from domain.alphabet import whole_letters, without_unseen

APOSTROPHES = {"’": "'", "ʼ": "'", "‘": "'", "`": "'", "´": "'"}
"""Marks clerks put for the glottal stop of Bahnar and Jrai names (H’Ly, Ch’rơng)."""

_VOWELS = ("oa", "oe", "uy")
_TONES = ("\u0300", "\u0301", "\u0303", "\u0309", "\u0323")

TONE_PLACEMENT = {
    unicodedata.normalize("NFC", pair + tone): unicodedata.normalize("NFC", pair[0] + tone + pair[1])
    for pair in _VOWELS
    for tone in _TONES
}
"""New style (hoà, thuỷ) to old style (hòa, thủy): only for the key, stored names keep theirs."""

_TONED_Y = {"ỳ": "ì", "ý": "í", "ỷ": "ỉ", "ỹ": "ĩ", "ỵ": "ị"}
"""Mỹ and Mĩ are one name; a y without tone is left alone, because Ia and Ya are two."""

CANONICAL = (APOSTROPHES, TONE_PLACEMENT, _TONED_Y)
"""What `fold` replaces, one table after the other, once the marks that nobody sees are gone."""

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
"""Control characters, marks of direction, separators of lines, halves of characters."""

_SPACES = re.compile(r"\s+")
_PUNCTUATION = re.compile(r"[\s:;,.()\[\]/\\_*–—-]+")


def visible(text: str) -> str:
    """The text on one line, as it really is: control characters and marks of direction as `⟨U+202E⟩`.

    A mail's subject or a typed name must not move the cursor, colour the screen or turn letters around.
    """
    return _UNSEEN.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def tidy(text: str) -> str:
    """The text as it was typed: NFC, spaces collapsed, ends trimmed; half a character becomes the sign for a broken one."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", whole_letters(text))).strip()


def clean(text: str) -> str:
    """The text as it is stored: as `tidy`, without the marks that nobody sees."""
    if text.isascii() and text.isprintable():
        # Most cells of a register: no letter in them can be another, or unseen.
        return " ".join(text.split())
    return tidy(without_unseen(text))


def fold(text: str) -> str:
    """The key by which two spellings are one name: case, apostrophes, tone placement, i and y are ignored."""
    key = unicodedata.normalize("NFC", without_unseen(text)).lower()
    for table in CANONICAL:
        for found, canonical in table.items():
            key = key.replace(found, canonical)
    return _SPACES.sub(" ", key).strip()


@lru_cache(maxsize=4_096)
def heading(text: str) -> str:
    """The key of a column's heading: as `fold`, and punctuation and line breaks are ignored too."""
    return _PUNCTUATION.sub(" ", fold(text)).strip()


def bare(text: str) -> str:
    """The key of a sheet's name: letters without marks, and digits; `02 Hoạt động` is `02_HoatDong`."""
    letters = unicodedata.normalize("NFD", fold(text).replace("đ", "d"))
    return "".join(letter for letter in letters if letter.isalnum())


def printable(name: str) -> str:
    """The name on one line: a control character, or half of one, becomes `_`."""
    return "".join(letter if letter.isprintable() else "_" for letter in fits_database(name))


def in_one_line(text: str) -> str:
    """The text as it is stored, without line breaks and broken surrogates."""
    return clean("".join(each for each in text if is_utf8(each)))


def is_utf8(text: str) -> bool:
    """Whether the text can be written as UTF-8: it holds no half of a character."""
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def fits_database(text: str) -> str:
    """The text without the one character that PostgreSQL refuses, and without broken surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
