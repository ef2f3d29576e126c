"""No word is wider than its column: a column lacks room, others spare it; a long table that lacks it is laid across."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.content import Annex, Cell, Column, TableContent, TableRow
from reports.pdf.faces import width_of
from reports.pdf.table_fit import Fit, fitted_widths
from services.settings import Settings

FONTS = Path(Settings(_env_file=None).fonts)


def table(word: str, rows: int = 1, name: str = "a b c") -> TableContent:
    columns = [Column("TT", "70%"), Column("Kinh phí", "30%")]
    return TableContent("", "", columns, (), [TableRow([Cell(name, "text"), Cell(word, "number")])] * rows)


def test_where_every_word_is_narrower_than_its_column_the_widths_are_those_asked_for() -> None:
    assert fitted_widths(table("2.955,1"), 60, 11.5, FONTS) == ["70%", "30%"]
    assert fitted_widths(table("một hai ba bốn năm sáu bảy tám chín mười"), 60, 11.5, FONTS) == ["70%", "30%"]


@given(word=st.text("0123456789.,", min_size=1, max_size=20), width_mm=st.integers(20, 165))
def test_what_a_column_lacks_others_spare_and_none_is_narrower_than_its_words(word: str, width_mm: int) -> None:
    widths = fitted_widths(table(word), width_mm, 11.5, FONTS)
    points = width_mm * 72 / 25.4
    needed = [
        9 + max(width_of(each, 11.5, FONTS, is_bold=True) for each in texts)
        for texts in (["TT", "a", "b", "c"], ["Kinh", "phí", word])
    ]
    if widths is None:
        assert sum(needed) > points
        return
    given_points = [points * float(width.rstrip("%")) / 100 for width in widths]
    assert sum(given_points) == pytest.approx(points, rel=1e-4)
    assert all(given >= need - 0.01 for given, need in zip(given_points, needed, strict=True))


def test_only_a_long_table_whose_words_lack_room_is_laid_across() -> None:
    fit = Fit(FONTS)
    wide, narrow = "1.234.567.890.123.456.789.012.345,4", "2.955,1"

    def is_landscape(word: str, rows: int) -> bool:
        return fit.is_landscape([Annex("I", "", [table(narrow), table(word, rows)])])

    assert is_landscape(wide, 300)
    assert not is_landscape(wide, 135)
    assert not is_landscape(narrow, 300)
