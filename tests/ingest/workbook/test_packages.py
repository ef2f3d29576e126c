"""Packages as Excel opens them: parts found by their relations, Excel's own password, zips of other systems."""

import io
import re
import unicodedata
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest

from domain.errors import UnreadableFile
from ingest.workbook.raw_workbook import RawWorkbook
from tests.corpus.nasty import csv_sheets
from tests.ingest.workbook.conftest import Parts, packed, parts_of

Read = Callable[[bytes], RawWorkbook]
TRANSITIONAL = "http://schemas.openxmlformats.org/"
STRICT = {
    f"{TRANSITIONAL}spreadsheetml/2006/main": "http://purl.oclc.org/ooxml/spreadsheetml/main",
    f"{TRANSITIONAL}officeDocument/2006/relationships": "http://purl.oclc.org/ooxml/officeDocument/relationships",
    f"{TRANSITIONAL}officeDocument/2006/docPropsVTypes": "http://purl.oclc.org/ooxml/officeDocument/docPropsVTypes",
    f"{TRANSITIONAL}officeDocument/2006/custom-properties": "http://purl.oclc.org/ooxml/officeDocument/customProperties",
}


def renamed(parts: Parts, *pairs: tuple[str, str]) -> Parts:
    """The parts under other names, and spoken of by these."""
    result = {}
    for name, content in parts.items():
        for old, new in pairs:
            name = name.replace(old, new)
            content = content.replace(old.rpartition("/")[2].encode(), new.rpartition("/")[2].encode())
        result[name] = content
    return result


def strict(parts: Parts) -> Parts:
    result = {}
    for name, content in parts.items():
        for old, new in STRICT.items():
            content = content.replace(old.encode(), new.encode())
        result[name] = content
    return result


def targets(change: Callable[[bytes], bytes]) -> Callable[[Parts], Parts]:
    """The targets in the workbook's relations written in another way."""
    name = "xl/_rels/workbook.xml.rels"
    return lambda parts: (
        parts | {name: re.sub(rb'Target="([^"]+)"', lambda found: b'Target="' + change(found[1]) + b'"', parts[name])}
    )


def elsewhere(parts: Parts) -> Parts:
    """The workbook in a folder of its own, its sheets in another."""
    result = {}
    for name, content in parts.items():
        if name == "_rels/.rels":
            content = content.replace(b"xl/workbook.xml", b"/book/main.xml")
        elif name == "xl/_rels/workbook.xml.rels":
            name, content = "book/_rels/main.xml.rels", content.replace(b'Target="', b'Target="../xl/')
        elif name == "xl/workbook.xml":
            name = "book/main.xml"
        result[name] = content
    return result


WAYS: dict[str, Callable[[Parts], Parts]] = {
    "another workbook part": lambda parts: renamed(
        parts, ("xl/workbook.xml", "xl/workbook22.xml"), ("xl/_rels/workbook.xml.rels", "xl/_rels/workbook22.xml.rels")
    ),
    "another part of shared texts": lambda parts: renamed(parts, ("xl/sharedStrings.xml", "xl/texts9.xml")),
    "another part of styles": lambda parts: renamed(parts, ("xl/styles.xml", "xl/styles2.xml")),
    "slashes of Windows": lambda parts: {name.replace("/", "\\"): content for name, content in parts.items()},
    "capitals": lambda parts: {name.upper(): content for name, content in parts.items()},
    "a leading slash": lambda parts: {f"/{name}": content for name, content in parts.items()},
    "absolute targets": targets(lambda target: b"/xl/" + target),
    "targets with dots": targets(lambda target: b"./" + target),
    "targets that climb": targets(lambda target: b"../xl/" + target),
    "targets with slashes of Windows": targets(lambda target: target.replace(b"/", b"\\")),
    "percent signs in targets": targets(lambda target: target.replace(b"sheet", b"%73heet")),
    "another folder": elsewhere,
    "Strict OOXML": strict,
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_parts_are_found_by_their_relations(read: Read, pleiku: Any, way: str) -> None:
    usual, other = read(pleiku()), read(packed(WAYS[way](parts_of(pleiku()))))
    assert other.cells == usual.cells
    assert (other.columns, other.sheets, other.odd, other.totals) == (
        usual.columns,
        usual.sheets,
        usual.odd,
        usual.totals,
    )
    assert other.properties == usual.properties


def with_sheets(*entries: str) -> Callable[[Parts], Parts]:
    sheets = "".join(entries).encode()
    name = "xl/workbook.xml"
    return lambda parts: (
        parts | {name: re.sub(rb"<sheets>.*</sheets>", b"<sheets>" + sheets + b"</sheets>", parts[name])}
    )


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([f'<sheet name="{n}" sheetId="{n}" r:id="rId1"/>' for n in range(1, 5_001)], "có 5000 sheet"),
        (['<sheet name="A" sheetId="1" r:id="rId1"/>', '<sheet name="B" sheetId="2" r:id="rId1"/>'], "chung một phần"),
        (['<sheet name="Tên" sheetId="1" r:id="rId1"/>', '<sheet name="TÊN" sheetId="2" r:id="rId2"/>'], "cùng tên"),
    ],
)
def test_a_crooked_list_of_sheets_is_refused_before_any_is_read(
    repacked: Any, monkeypatch: pytest.MonkeyPatch, entries: list[str], says: str
) -> None:
    monkeypatch.setattr("ingest.workbook.package_xml.notes_by_sheet", None)
    with pytest.raises(UnreadableFile, match=says):
        repacked(with_sheets(*entries))


@pytest.mark.parametrize("word", [b"uniqueCount", b"count"])
def test_a_lie_about_the_number_of_texts_is_refused_before_room_is_made(repacked: Any, word: bytes) -> None:
    def lie(parts: Parts) -> Parts:
        name = "xl/sharedStrings.xml"
        return parts | {name: re.sub(rb"\b" + word + rb'="\d+"', word + b'="4000000000"', parts[name])}

    with pytest.raises(UnreadableFile, match="đã hỏng"):
        repacked(lie)


@pytest.mark.parametrize("name", ["KN.xlsx", "bao cao/KN_622.XLSX"])
def test_a_zip_of_one_workbook_is_that_workbook(read: Read, pleiku: Any, name: str) -> None:
    book = read(packed({name: pleiku(), "__MACOSX/._KN.xlsx": b"\x00\x05", "bao cao/~$KN.xlsx": b"x", "anh.png": b"x"}))
    assert (book.kind, book.cells) == ("xlsx", read(pleiku()).cells)


def test_a_zip_of_two_workbooks_is_refused_with_their_number(read: Read, pleiku: Any) -> None:
    with pytest.raises(UnreadableFile, match="2 sổ tính bên trong"):
        read(packed({"a.xlsx": pleiku(), "b.xlsx": pleiku()}))


def test_a_zip_in_a_zip_in_a_zip_is_not_followed(read: Read, pleiku: Any) -> None:
    with pytest.raises(UnreadableFile):
        read(packed({"a.xlsx": packed({"b.xlsx": pleiku()})}))


NAMES = {
    "00_ThongTin": "00 Thông tin",
    "01_PhanCong": "01 Phân công",
    "02_HoatDong": "02 Hoạt động",
    "03_HoDan": "03 Hộ dân",
    "04_HTCT_ANTT": "04 HTCT ANTT",
    "05_NoiDung": "05 Nội dung",
    "06_TongHop": "06 Tổng hợp",
}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("folder", ["", "Báo cáo/"])
def test_names_that_a_mac_wrote_into_a_zip_are_read(read: Read, pleiku: Any, form: Any, folder: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in csv_sheets(pleiku()).items():
            said = NAMES.get(name.removesuffix(".csv"), name)
            written = unicodedata.normalize(form, f"{folder}{said}.csv").encode().decode("cp437")
            archive.writestr(written, content)
            archive.writestr(f"__MACOSX/._{written.rpartition('/')[2]}", b"\x00\x05\x16\x07")
    book = read(unmarked(buffer.getvalue()))
    assert {sheet.sheet for sheet in book.sheets if not sheet.is_found} == set()
    assert {cell.source_row for cell in book.cells if cell.table == "activities"} == {8}


def unmarked(content: bytes) -> bytes:
    """The zip without the mark of UTF-8, which Python sets for such names and macOS does not."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = [(entry.filename.encode("cp437"), archive.read(entry)) for entry in archive.infolist()]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (name, data) in enumerate(entries):
            archive.writestr(f"{number:02d}".ljust(len(name), "x"), data)
    raw = buffer.getvalue()
    for number, (name, _) in enumerate(entries):
        raw = raw.replace(f"{number:02d}".ljust(len(name), "x").encode(), name)
    return raw


def test_a_workbook_whose_password_is_its_owners_stays_closed(read: Read) -> None:
    with pytest.raises(UnreadableFile, match="mật khẩu"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le"))


def test_two_sheets_of_one_name_are_named_and_the_filled_one_is_read(changed: Any) -> None:
    def blank_first(book: Any) -> None:
        copy = book.copy_worksheet(book["02_HoatDong"])
        copy.title = "02 Hoạt động"
        for row in book["02_HoatDong"].iter_rows(min_row=8, max_row=200):
            for cell in row:
                cell.value = None

    book = changed(blank_first)
    [place] = book.odd
    assert (place.oddity, place.caption) == ("same_name", "“02 Hoạt động” và “02_HoatDong” (trống)")
    assert {cell.source_row for cell in book.cells if cell.table == "activities"} == {8}
    assert [sheet.sheet for sheet in book.sheets].count("02_HoatDong") == 1


@pytest.mark.parametrize("title", ["Biểu đồ", "Sheet1"])
def test_a_sheet_that_nobody_asked_for_is_named_be_it_a_chart_or_hidden(changed: Any, title: str) -> None:
    def add(book: Any) -> None:
        if title == "Biểu đồ":
            book.create_chartsheet(title)
        else:
            sheet = book.create_sheet(title)
            sheet["B2"], sheet.sheet_state = "=1/0", "veryHidden"

    assert [sheet.sheet for sheet in changed(add).sheets if sheet.table is None] == [title]


def test_two_unknown_sheets_that_fold_to_one_name_are_both_named(changed: Any) -> None:
    def add(book: Any) -> None:
        for title in ("Nháp 1", "nhap_1"):
            book.create_sheet(title)["A1"] = 1

    assert [sheet.sheet for sheet in changed(add).sheets if sheet.table is None] == ["Nháp 1", "nhap_1"]


def test_a_saved_workbook_is_read_as_before(read: Read, pleiku: Any) -> None:
    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(pleiku())).save(buffer)
    assert read(buffer.getvalue()).cells == read(pleiku()).cells


def test_two_csv_files_of_one_sheet_are_both_named(read: Read, pleiku: Any) -> None:
    sheets = csv_sheets(pleiku())
    book = read(packed(sheets | {"02 Hoạt động.csv": sheets["02_HoatDong.csv"]}))
    assert [(place.oddity, place.caption) for place in book.odd] == [("same_name", "“02_HoatDong” và “02 Hoạt động”")]


def test_a_zip_of_a_workbook_and_of_sheets_is_refused(read: Read, pleiku: Any) -> None:
    with pytest.raises(UnreadableFile, match="chỉ gửi một trong hai"):
        read(packed({"KN.xlsx": pleiku(), **csv_sheets(pleiku())}))
