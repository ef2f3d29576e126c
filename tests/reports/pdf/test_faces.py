"""Where a face is missing, whoever measures a letter first says so in one sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.errors import BadDocument
from reports.pdf.faces import fonts_version, width_of


@pytest.mark.parametrize("measure", [fonts_version, lambda fonts: width_of("14.955", 9, fonts, is_bold=True)])
def test_a_missing_face_is_named_with_the_package_it_comes_in_whoever_asks_first(
    tmp_path: Path, measure: Callable[[Path], object]
) -> None:
    with pytest.raises(BadDocument, match=r"Thiếu phông chữ .+ fonts-croscore .+ KETNGHIA_FONTS"):
        measure(tmp_path)
