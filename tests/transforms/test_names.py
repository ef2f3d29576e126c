import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import fold
from transforms.names import folded, nearest

letters = st.text(alphabet="aăâeêioôơuưyđ AĂÂĐ'’ʼ\u0300\u0301\u0303\u0309\u0323\u0306 \u00a0hnxqtk", max_size=24)


@given(letters)
def test_folding_in_python_and_in_polars_agree(text: str) -> None:
    [found] = pl.select(folded(pl.lit(text, pl.String))).to_series().to_list()
    assert found == fold(text)


@pytest.mark.parametrize(
    ("typed", "meant"), [("làng ngol tá", "làng ngol tả"), ("làng châm aneh", "làng châm anẻh"), ("buôn đôn", None)]
)
def test_a_near_miss_is_found_and_a_stranger_is_not(typed: str, meant: str | None) -> None:
    assert nearest(typed, ["làng ngol tả", "làng châm anẻh", "làng ia lang"]) == meant
