"""What is left out of the scan because nothing can be said of it leaves the notes as they are."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import UnreadableFile
from ingest.workbook import package_xml
from ingest.workbook.limits import Limits
from ingest.workbook.package_xml import _OddInBook, _SheetScan
from ingest.workbook.sheet_notes import SheetNotes
from ingest.workbook.sheet_styles import OddStyle

pytestmark = pytest.mark.slow
STYLES = {
    "4": OddStyle(is_percent=True), "7": OddStyle(is_struck=True), "40": OddStyle(hides_numbers=True),
    "0": OddStyle(hides_texts=True),
}  # fmt: skip
SHARED = {"3": OddStyle(is_struck=True)}
CELLS = st.builds(
    '<c{}{}{}>{}</c>'.format,
    st.sampled_from([' r="{}"', ' r="{}"', ' r="{}"', "", "\n"]),
    st.sampled_from(["", ' s="4"', ' s="7"', ' s="40"', ' s="44"', ' s="1"', " s='7'"]),
    st.sampled_from(["", ' t="s"', ' t="str"', ' t="e"', ' t="b"']),
    st.sampled_from(["", "<v>3</v>", "<v>3</v>", "<v></v>", "<v>&#1;</v>", "<v>12]]>3</v>", "<v>-1.5E+300</v>",
                     "<f>A1</f>", "<f>A1</f><v>3</v>", "<f>[1]T!A1</f><v>3</v>",
                     "<is><r><rPr><strike/></rPr><t>x</t></r></is>"]),
)  # fmt: skip
ROWS = st.tuples(
    st.sampled_from(
        [
            "",
            ' ht="0"',
            ' ht="15.75" customHeight="1"',
            ' hidden="1"',
            ' ht="1"',
            " ht='0'",
            ' ht="01"',
            ' ht="1e0"',
            ' ht="10e-1"',
        ]
    ),
    st.lists(CELLS, max_size=5),
)
FORMATS = st.sampled_from([
    "", '<sheetFormatPr defaultRowHeight="15"/>', '<sheetFormatPr defaultRowHeight="01"/>',
    '<sheetFormatPr defaultRowHeight="10e-1"/>', '<sheetFormatPr defaultRowHeight="1"/>',
    "<sheetFormatPr defaultRowHeight='0'/>", '<sheetFormatPr defaultRowHeight ="0"/>', '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>',
])  # fmt: skip


def sheet_of(head: str, rows: list[tuple[str, list[str]]]) -> bytes:
    lines = [
        f'<row r="{number}"{attributes}>'
        + "".join(cell.replace("{}", f"{chr(64 + place)}{number}", 1) for place, cell in enumerate(cells, start=1))
        + "</row>"
        for number, (attributes, cells) in enumerate(rows, start=1)
    ]
    return f"<worksheet>{head}<sheetData>{''.join(lines)}</sheetData></worksheet>".encode()


def notes_on(xml: bytes, styles: dict[str, OddStyle], texts: dict[str, OddStyle]) -> SheetNotes | str:
    """The notes, or why there are none."""
    try:
        return _SheetScan("T", _OddInBook(styles, texts, None), Limits()).notes_on(xml)
    except UnreadableFile as reason:
        return str(reason)


@pytest.mark.parametrize("texts", [{}, SHARED])
@pytest.mark.parametrize("odd", [[], ["4", "7"], ["4", "7", "40", "0"]])
@settings(max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(head=FORMATS, rows=st.lists(ROWS, max_size=4))
def test_cells_that_are_left_out_would_have_changed_nothing(
    monkeypatch: pytest.MonkeyPatch,
    odd: list[str],
    texts: dict[str, OddStyle],
    head: str,
    rows: list[tuple[str, list[str]]],
) -> None:
    xml, styles = sheet_of(head, rows), {number: STYLES[number] for number in odd}
    found = notes_on(xml, styles, texts)
    with monkeypatch.context() as whole:
        whole.setattr(package_xml, "without_ordinary_cells", lambda xml, odd_styles, *, has_odd_texts: xml)
        assert found == notes_on(xml, styles, texts)
