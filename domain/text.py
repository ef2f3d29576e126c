"""Vietnamese names as people type them: what is stored, and by what key two spellings are the same."""

import re
import unicodedata

import polars as pl

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

_SPACES = re.compile(r"\s+")


def tidy(text: str) -> str:
    """The text as it is stored: NFC, spaces collapsed, ends trimmed; nothing else is touched."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def fold(text: str) -> str:
    """The key by which two spellings are the same name: case, apostrophes and tone placement are ignored."""
    key = tidy(text).lower()
    for table in (APOSTROPHES, TONE_PLACEMENT):
        for found, canonical in table.items():
            key = key.replace(found, canonical)
    return key


def folded(text: pl.Expr) -> pl.Expr:
    """`fold` as a Polars expression; a test holds the two together."""
    return (
        text.str.normalize("NFC")
        .str.replace_all(r"\s+", " ")
        .str.strip_chars()
        .str.to_lowercase()
        .str.replace_many(APOSTROPHES)
        .str.replace_many(TONE_PLACEMENT)
    )


def fits_database(text: str) -> str:
    """The text without the one character that PostgreSQL refuses, and without broken surrogates."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")
