from pathlib import Path

import pytest
from docx.shared import Mm, Pt

from reports.companions.word.widths import widths_of
from reports.content import Cell, Column, TableContent, TableRow
from reports.pdf.faces import width_of
from services.settings import Settings

FONTS = Path(Settings(_env_file=None).fonts)


def table(*words: tuple[str, str]) -> TableContent:
    """A table of one row whose columns ask for a share of the width and hold a word."""
    return TableContent(
        "", "", [Column("TT", share) for share, _ in words], (), [TableRow([Cell(word, "text") for _, word in words])]
    )


def test_columns_are_as_wide_as_they_ask_where_their_words_fit() -> None:
    assert widths_of(table(("20%", "a"), ("80%", "b")), 11.5, 4, FONTS) == [Mm(33), Mm(132)]


def test_shares_that_are_not_a_whole_fill_the_text_all_the_same() -> None:
    assert sum(widths_of(table(("30%", "a"), ("30%", "b")), 11.5, 4, FONTS)) == Mm(165)


@pytest.mark.parametrize("word", ["nghèo", "động/kết", "1.234.567.890,1"])
def test_no_word_is_wider_than_its_column(word: str) -> None:
    narrow, wide = widths_of(table(("2%", word), ("98%", "b")), 10.5, 3, FONTS)
    assert narrow > Pt(width_of(word, 10.5, FONTS, is_bold=True) + 2 * 3)
    assert narrow + wide == pytest.approx(Mm(165), abs=10)


def test_words_that_fit_nowhere_leave_the_widths_as_they_were_asked() -> None:
    assert widths_of(table(("50%", "a" * 90), ("50%", "b" * 90)), 11.5, 4, FONTS) == [Mm(82.5), Mm(82.5)]
