import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alphabet import without_unseen
from domain.text import clean, fold, in_one_line, tidy, visible


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nhơn Hòa", "Nhơn Hoà"),
        ("làng  H’Ly", "LÀNG H'Ly"),
        ("ỦY BAN", "uỷ ban"),
        (unicodedata.normalize("NFD", "Chư Păh"), "Chư Păh"),
    ],
)
def test_spellings_of_the_same_name_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Ia Băng", "Ia Bang"), ("Đak Pơ", "Đak Pô"), ("Ia Lang", "Ia Lâng")])
def test_different_names_stay_apart(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_marks_without_a_precomposed_form_are_kept() -> None:
    assert tidy("Čư\u0306  Prông") == "Čư\u0306 Prông"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[31mđỏ\x1b[0m", "⟨U+001B⟩[31mđỏ⟨U+001B⟩[0m"),
        ("xong\rHỎNG", "xong⟨U+000D⟩HỎNG"),
        ("hai\ndòng", "hai⟨U+000A⟩dòng"),
        ("báo_cáo\u202exslx.exe", "báo_cáo⟨U+202E⟩xslx.exe"),
        ("\u2066a\u2069", "⟨U+2066⟩a⟨U+2069⟩"),
        ("\x9b2J", "⟨U+009B⟩2J"),
        ("Čư̆ Prông, ANẻh, H’Ly", "Čư̆ Prông, ANẻh, H’Ly"),
        ("một\u2028hai", "một⟨U+2028⟩hai"),
    ],
)
def test_a_control_character_or_a_mark_of_direction_is_made_visible(written: str, shown: str) -> None:
    assert visible(written) == shown


@given(st.text())
def test_nothing_that_is_printed_can_move_the_cursor_or_turn_letters_around(text: str) -> None:
    shown = visible(text)
    assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(letter) for letter in shown} & {
        "RLO",
        "LRO",
        "RLE",
        "LRE",
        "PDF",
        "RLI",
        "LRI",
    }


def test_one_line_holds_neither_breaks_nor_control_characters_nor_halves_of_a_character() -> None:
    assert in_one_line(" Giếng\x7f nước\n\x1b làng \udce1 Ngó\t") == "Giếng nước làng Ngó"


@given(st.text() | st.text(st.characters(max_codepoint=0x7F)))
def test_text_of_plain_letters_is_cleaned_as_any_other(text: str) -> None:
    assert clean(text) == tidy(without_unseen(text))
