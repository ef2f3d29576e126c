from pathlib import Path

import pytest

from reports.content import Annex, Cell, Column, TableContent, TableRow
from reports.pdf.table_fit import Fit, fits
from services.settings import Settings

FONTS = Settings(_env_file=None).fonts


def table(word: str, rows: int = 1) -> TableContent:
    columns = [Column("TT", "50%"), Column("Kinh phí", "50%")]
    return TableContent("", "", columns, (), [TableRow([Cell("a b c", "text"), Cell(word, "number")])] * rows)


@pytest.mark.parametrize(
    ("word", "width_mm", "is_fitting"),
    [("2.955,1", 40, True), ("2.955,1", 20, False), ("một hai ba bốn năm sáu bảy tám chín mười", 40, True),
     ("1.234.567.890.123,4", 40, False)],
)  # fmt: skip
def test_a_table_fits_where_no_word_is_wider_than_its_column(word: str, width_mm: float, is_fitting: bool) -> None:
    assert fits(table(word), width_mm, 11.5, Path(FONTS)) is is_fitting


def test_only_a_long_table_whose_words_lack_room_is_laid_across() -> None:
    wide, narrow = "1.234.567.890.123.456.789.012.345.678.901.234.567.890,4", "2.955,1"

    def is_landscape(word: str, rows: int) -> bool:
        return Fit(Path(FONTS)).is_landscape([Annex("I", "", [table(narrow), table(word, rows)])])

    assert is_landscape(wide, 300)
    assert not is_landscape(wide, 135)
    assert not is_landscape(narrow, 300)
