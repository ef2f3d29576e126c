"""Names in frames: the key by which two spellings are one name, and the name that a misspelt one nearly is."""

from collections.abc import Iterable

import polars as pl
from rapidfuzz import fuzz, process

from domain.alphabet import UNSEEN
from domain.text import CANONICAL


def folded(text: pl.Expr) -> pl.Expr:
    """`fold` as a Polars expression; a test holds the two together."""
    key = text.str.replace_all(UNSEEN, "").str.normalize("NFC").str.to_lowercase()
    for table in CANONICAL:
        key = key.str.replace_many(table)
    return key.str.replace_all(r"\s+", " ").str.strip_chars()


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The one of the known keys that a misspelt name most likely means; null where none is near enough to ask."""
    found = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=75)
    return found[0] if found else None
