import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.toml import toml_remark, toml_string

ANY_LETTERS = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@given(ANY_LETTERS)
def test_any_text_is_read_back_as_it_was_written(text: str) -> None:
    assert tomllib.loads(f"said = {toml_string(text)}") == {"said": text}


@given(st.text())
def test_any_text_can_be_a_remark(text: str) -> None:
    assert tomllib.loads(f"{toml_remark(text)}\nafter = 1") == {"after": 1}


@pytest.mark.parametrize("letter", [chr(code) for code in (*range(0x20), 0x22, 0x5C, 0x7F, 0x85, 0x2028, 0xFEFF)])
def test_every_control_character_is_written_by_an_escape_or_as_it_is(letter: str) -> None:
    assert tomllib.loads(f"said = {toml_string(f'a{letter}b')}") == {"said": f"a{letter}b"}
