import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import fold, folded, tidy

letters = st.text(alphabet="aăâeêioôơuưyđ AĂÂĐ'’ʼ\u0300\u0301\u0303\u0309\u0323\u0306 \u00a0hnxqtk", max_size=24)


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


@given(letters)
def test_folding_in_python_and_in_polars_agree(text: str) -> None:
    [found] = pl.select(folded(pl.lit(text, pl.String))).to_series().to_list()
    assert found == fold(text)


def test_marks_without_a_precomposed_form_are_kept() -> None:
    assert tidy("Čư\u0306  Prông") == "Čư\u0306 Prông"
