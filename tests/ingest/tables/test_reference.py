import shutil
from pathlib import Path

import pytest

from domain.errors import BadReference
from ingest.tables.reference import load_reference
from services.settings import PROGRAM


@pytest.fixture
def local(tmp_path: Path) -> Path:
    (tmp_path / "reference").mkdir()
    return tmp_path / "reference"


def test_a_comma_that_nobody_quoted_is_told_with_its_line(local: Path) -> None:
    shutil.copy(PROGRAM / "reference" / "partners.csv", local)
    with (local / "partners.csv").open("a", encoding="utf-8") as table:
        table.write("X-1,Hội, Đoàn,XA,,,,,,,,,\n")
    with pytest.raises(BadReference, match="nhiều ô hơn tiêu đề"):
        load_reference(PROGRAM / "reference", local)


def test_a_style_of_tone_marks_that_nobody_knows_is_told(local: Path) -> None:
    letterhead = (PROGRAM / "reference" / "sender.toml").read_text(encoding="utf-8")
    (local / "sender.toml").write_text(
        letterhead.replace('tone_placement = "hòa"', 'tone_placement = "kiểu cũ"'), encoding="utf-8"
    )
    with pytest.raises(BadReference, match="tone_placement là hòa, hoà hoặc để trống"):
        load_reference(PROGRAM / "reference", local)
