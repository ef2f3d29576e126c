import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import BadReference
from ingest.tables.faults import MOST_LISTED
from ingest.tables.files import Tables, read_tables
from ingest.tables.reference import load_reference, parse_reference
from ingest.tables.registers import Registers
from services.settings import PROGRAM
from tests.builders import PARTY

SHIPPED = PROGRAM / "reference"
NARRATIVE = 'author = "B"\nwritten_on = 2024-02-19\nstrengths = """\nĐạt {value@period}.\n"""\n'
SOUND = {
    **read_tables(SHIPPED, PROGRAM / "none").files,
    "narratives/2024-02.toml": NARRATIVE.encode(),
    "boundaries.geojson": b'{"features": [{"properties": {"code": 1}, "geometry": {"type": "Polygon", "coordinates": '
    b"[[[108.0, 13.9], [108.1, 13.9], [108.1, 14.0]]]}}]}",
}


@pytest.fixture
def local(tmp_path: Path) -> Path:
    (tmp_path / "reference").mkdir()
    return tmp_path / "reference"


def appended(local: Path, name: str, *rows: str) -> int:
    """Add rows to a copy of the shipped table; gives the line of the first."""
    shutil.copy(SHIPPED / name, local)
    line = len((local / name).read_text(encoding="utf-8").splitlines()) + 1
    with (local / name).open("a", encoding="utf-8") as table:
        table.writelines(f"{row}\n" for row in rows)
    return line


def faults_of(local: Path) -> list[str]:
    with pytest.raises(BadReference) as refused:
        load_reference(SHIPPED, local)
    return str(refused.value).splitlines()


def test_all_faults_of_all_tables_are_told_at_once_with_path_and_line(local: Path) -> None:
    partner = appended(local, "partners.csv", "X-1,Hội, Đoàn,XA,,,,,,,,,", "X-2,Hội,XA,hôm qua,30/6/2025,")
    recipient = appended(local, "recipients.csv", "a@b.vn,A,,FROM,week,fr,2020-01-01,,")
    (local / "holidays.csv").write_bytes("day,name\n2024-01-01,Tết\n".encode("utf-16"))
    (local / "sender.toml").write_text(PARTY.replace("signer =", "chữ ký ="), encoding="utf-8")
    (local / "boundaries.geojson").write_text("{", encoding="utf-8")
    column = appended(local, "column_names.csv", "KN-01/2026,activities,no_such,Cột lạ,")
    starts = [
        f"{local}/boundaries.geojson, dòng 1: không phải GeoJSON",
        f"{local}/column_names.csv, dòng {column}: biểu mẫu không có cột activities.no_such",
        f"{local}/holidays.csv, dòng 1: không phải UTF-8",
        f"{local}/partners.csv, dòng {partner}: nhiều ô hơn tiêu đề",
        f"{local}/partners.csv, dòng {partner + 1}: cột valid_from: “hôm qua” không phải ngày; viết như 2024-02-15",
        f"{local}/partners.csv, dòng {partner + 1}: cột valid_to: “30/6/2025” không phải ngày",
        f"{local}/recipients.csv, dòng {recipient}: cột role: “FROM” không phải chỗ trong thư; viết một trong: TO, CC,",
        f"{local}/recipients.csv, dòng {recipient}: cột kinds: “week” không phải loại báo cáo",
        f"{local}/recipients.csv, dòng {recipient}: cột language: “fr” không phải",
        f"{local}/sender.toml, dòng 10: không phải TOML",
    ]
    listed = faults_of(local)
    assert [line[: len(start)] for line, start in zip(listed, starts, strict=True)] == starts


def test_a_fault_of_a_shipped_table_names_the_shipped_folder(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "shipped")
    (tmp_path / "shipped" / "calendar.csv").unlink()
    (tmp_path / "shipped" / "targets.csv").write_text("", encoding="utf-8")
    with pytest.raises(BadReference) as refused:
        load_reference(tmp_path / "shipped", tmp_path / "none")
    missing, headless = str(refused.value).splitlines()
    assert missing.startswith("calendar.csv: thiếu bảng này")
    assert headless.startswith(f"{tmp_path}/shipped/targets.csv: thiếu cột year, indicator, kind, value")


def test_a_quote_that_never_ends_is_told_and_the_rows_before_it_are_still_read(local: Path) -> None:
    line = appended(local, "unit_aliases.csv", "1,A,mai,", '1,"B,2020-01-01,')
    [early, broken] = faults_of(local)
    assert early.startswith(f"{local}/unit_aliases.csv, dòng {line}: cột valid_from")
    assert broken.startswith(f"{local}/unit_aliases.csv, dòng {line + 1}: không phải CSV")


def test_beyond_twenty_faults_the_rest_is_counted_by_file(local: Path) -> None:
    appended(local, "assignments.csv", *["NO-1,,1,CHU_TRI,,,,"] * 15)
    appended(local, "programmes.csv", *["A,mai,,"] * 9)
    listed = faults_of(local)
    assert len(listed) == MOST_LISTED + 1
    assert listed[-1] == "… và 4 chỗ sai nữa (programmes.csv 4)."


def test_a_style_of_tone_marks_that_nobody_knows_is_told(local: Path) -> None:
    letterhead = (SHIPPED / "sender.toml").read_text(encoding="utf-8")
    (local / "sender.toml").write_text(
        letterhead.replace('tone_placement = "hòa"', 'tone_placement = "kiểu cũ"'), encoding="utf-8"
    )
    with pytest.raises(BadReference, match="tone_placement là hòa, hoà hoặc để trống"):
        load_reference(SHIPPED, local)


def test_the_version_is_of_names_and_bytes_and_not_of_the_folders(tmp_path: Path) -> None:
    shutil.copytree(SHIPPED, tmp_path / "elsewhere")
    here, there = (read_tables(folder, tmp_path / "none") for folder in (SHIPPED, tmp_path / "elsewhere"))
    assert here == there
    assert here.version == there.version == Tables(here.files).version
    assert here.path_of("units.csv") != there.path_of("units.csv")
    assert Tables(here.files).path_of("units.csv") == "units.csv"


def test_every_row_parser_asks_only_for_columns_its_table_has() -> None:
    read = Registers(Tables(SOUND))
    assert list(read.faults()) == []


def complaint(name: str, content: bytes) -> str | None:
    """What is said of the sound tables with one of them changed; null where nothing is."""
    try:
        parse_reference(Tables(SOUND | {name: content}))
    except BadReference as refused:
        return str(refused)
    return None


@pytest.mark.parametrize("name", sorted(name for name in SOUND if name.endswith(".csv")))
def test_a_column_that_is_missing_is_named_or_can_be_done_without(name: str) -> None:
    header, _, rows = SOUND[name].decode().partition("\n")
    columns = header.strip().split(",")
    named = 0
    for place, column in enumerate(columns):
        without = ",".join([*columns[:place], "khác", *columns[place + 1 :]])
        said = complaint(name, f"{without}\n{rows}".encode())
        assert said is None or said.startswith(f"{name}, dòng 1: thiếu cột {column};")
        named += said is not None
    assert named >= 2


@st.composite
def corruptions(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """Bytes cut out, put in or put over at some place."""
    place, length = draw(st.floats(0, 1)), draw(st.integers(0, 40))
    inserted = draw(
        st.binary(max_size=8) | st.sampled_from([b",", b'"', b"\n", b"\r", b"\x00", b"=", b"[", b"}", b"9" * 30])
    )

    def corrupt(content: bytes) -> bytes:
        start = int(place * len(content))
        return content[:start] + inserted + content[start + length :]

    return corrupt


@pytest.mark.slow
@given(st.sampled_from(sorted(SOUND)), st.lists(corruptions(), min_size=1, max_size=3))
def test_one_corrupt_table_is_read_or_named_and_nothing_else_happens(
    name: str, changes: list[Callable[[bytes], bytes]]
) -> None:
    content = SOUND[name]
    for change in changes:
        content = change(content)
    said = complaint(name, content)
    assert said is None or name in said
