"""The alphabet of every document is what the four faces can print, and what nobody sees is no part of it."""

import os
import re
import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alphabet import STRANGE, UNSEEN, is_printed, names_of_unseen, spelled_out, whole_letters, without_unseen
from domain.text import clean
from reports.pdf.faces import refuse_missing_letters
from services.settings import Settings

EVERY_LETTER = [chr(code) for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF]


def fonts() -> Path:
    return Path(os.environ.get("KETNGHIA_FONTS") or Settings.model_fields["fonts"].default)


def test_every_letter_of_the_alphabet_is_in_all_four_faces() -> None:
    refuse_missing_letters("".join(letter for letter in EVERY_LETTER if is_printed(letter)), fonts())


def test_no_letter_of_the_alphabet_is_unseen_unassigned_private_or_a_space_of_another_width() -> None:
    kinds = {unicodedata.category(letter) for letter in EVERY_LETTER if is_printed(letter) and letter != " "}
    assert kinds.isdisjoint({"Cc", "Cf", "Cn", "Co", "Cs", "Zs", "Zl", "Zp"})
    assert not any(is_printed(letter) for letter in EVERY_LETTER if re.search(UNSEEN, letter))


def test_what_vietnam_writes_is_in_it() -> None:
    vowels = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    words = unicodedata.normalize("NFC", "".join(vowel + tone for vowel in vowels for tone in tones))
    assert is_printed(words + words.upper() + "đĐ" + "Čư\u0306 Păh, ñ, ʼ ’ “” – — … • № % ‰ ² ³ × ≥ ≤ ° ₫ ½ →")


@pytest.mark.parametrize("letter", ["😀", "\uf0b7", "中", "\x7f", "\ufffd", "\ufdd0", "\U0010ffff", "✓", "\u200b", "ก"])
def test_what_no_face_has_is_strange(letter: str) -> None:
    assert not is_printed(f"rà soát {letter}")
    assert spelled_out(f"rà soát {letter}") == f"rà soát [U+{ord(letter):04X}]"


@pytest.mark.slow
def test_python_and_polars_read_both_tables_alike() -> None:
    letters = pl.Series(EVERY_LETTER)
    for pattern in (STRANGE, UNSEEN):
        assert letters.str.contains(pattern).to_list() == [bool(re.search(pattern, letter)) for letter in EVERY_LETTER]


@pytest.mark.parametrize(
    "mark",
    ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u180e", "\ufe0f", "\u202e", "\U000e0041", "\x7f", "\x9b"],
)
def test_a_mark_that_nobody_sees_is_taken_out_and_named(mark: str) -> None:
    assert without_unseen(f"làng{mark} Châm") == "làng Châm"
    assert names_of_unseen(f"làng{mark} Châm{mark}") == f"U+{ord(mark):04X}"


def test_a_mark_between_a_letter_and_its_tone_leaves_one_letter() -> None:
    assert clean("làng Tâ\u200b\u0323n") == "làng Tận"


@given(st.text(alphabet=st.characters()))
def test_any_text_spelled_out_can_be_printed(text: str) -> None:
    refuse_missing_letters(spelled_out(clean(text)), fonts())
    assert is_printed(spelled_out(text))


def test_half_a_character_is_the_sign_for_a_broken_one() -> None:
    assert whole_letters("a\ud83db") == "a\ufffdb"
