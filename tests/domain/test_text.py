import unicodedata

import pytest

from domain.text import fold, in_one_line, tidy


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


def test_one_line_holds_neither_breaks_nor_control_characters_nor_halves_of_a_character() -> None:
    assert in_one_line(" Giếng\x7f nước\n\x1b làng \udce1 Ngó\t") == "Giếng nước làng Ngó"
