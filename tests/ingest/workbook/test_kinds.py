"""Kinds of file that no library at hand writes, made record by record; and limits that are settings."""

import io
import struct
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

from domain.errors import UnreadableFile
from domain.form import KEY_CAPTION, STATEMENT, VALUE_CAPTION
from ingest.workbook.limits import Limits
from ingest.workbook.read import read_workbook
from ingest.workbook.read_cells import read_cells
from tests.builders import edited

pytestmark = pytest.mark.slow
CONTENT_TYPES = b"""<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>"""
RELATIONS = b"""<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/%s" Target="%s"/>
</Relationships>"""


def record(kind: int, body: bytes = b"") -> bytes:
    """One record of [MS-XLSB] 2.1.4: its number and size in groups of seven bits."""
    number = bytes([kind]) if kind < 128 else bytes([(kind & 0x7F) | 0x80, kind >> 7])
    size = bytearray()
    rest = len(body)
    while True:
        size.append((rest & 0x7F) | (0x80 if rest > 0x7F else 0))
        rest >>= 7
        if not rest:
            return number + bytes(size) + body


def text(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def cell(kind: int, column: int, body: bytes) -> bytes:
    return record(kind, struct.pack("<II", column, 0) + body)


def binary_workbook() -> bytes:
    """Sheet `T`: 7,5 in A1, a text in B1, #REF! in C1, and 3 in A3, a row of no height; column C is hidden."""
    row = struct.pack("<IIHHHB", 0, 0, 0, 0, 0, 0) + struct.pack("<I", 0)
    third = struct.pack("<I", 2) + row[4:11] + b"\x10" + row[12:]
    columns = record(390) + record(60, struct.pack("<IIIIH", 2, 2, 2_304, 0, 1)) + record(391)
    sheet = b"".join(
        [
            record(129), record(148, struct.pack("<IIII", 0, 2, 0, 2)), columns, record(145), record(0, row),
            cell(5, 0, struct.pack("<d", 7.5)), cell(6, 1, text("Kông Bơ La")), cell(3, 2, b"\x17"), record(0, third),
            cell(5, 0, struct.pack("<d", 3)), record(146), record(130),
        ]
    )  # fmt: skip
    bundle = record(156, struct.pack("<II", 0, 1) + text("rId1") + text("T"))
    workbook = record(131) + record(143) + bundle + record(144) + record(132)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("[Content_Types].xml", CONTENT_TYPES)
        package.writestr("_rels/.rels", RELATIONS % (b"officeDocument", b"xl/workbook.bin"))
        package.writestr("xl/workbook.bin", workbook)
        package.writestr("xl/_rels/workbook.bin.rels", RELATIONS % (b"worksheet", b"worksheets/sheet1.bin"))
        package.writestr("xl/worksheets/sheet1.bin", sheet)
    return buffer.getvalue()


def test_a_binary_workbook_is_read_and_its_errors_are_no_blanks(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsb"
    path.write_bytes(binary_workbook())
    content = read_cells(path, Limits())
    [sheet] = content.sheets
    assert (content.kind, sheet.name) == ("xlsb", "T")
    assert sheet.rows[0][:2] == [7.5, "Kông Bơ La"]
    assert sheet.rows[2][0] == 3
    assert sheet.troubled == {(1, 3): "#REF!"}
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({3}, {3})


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"><office:automatic-styles>
 <style:style style:name="flat"><style:table-row-properties style:row-height="0in"/></style:style>
 <style:style style:name="thin"><style:table-column-properties style:column-width="0.01in"/></style:style>
 <style:style style:name="struck"><style:text-properties style:text-line-through-style="solid"/></style:style>
 </office:automatic-styles><office:body><office:spreadsheet><table:table table:name="T">
 <table:table-column table:number-columns-repeated="2"/><table:table-column table:style-name="thin"/>
 <table:table-row table:style-name="flat"><table:table-cell office:value-type="float" office:value="7"/></table:table-row>
 <table:table-row table:number-rows-repeated="2" table:visibility="collapse"><table:table-cell table:style-name="struck"
  office:value-type="string"><text:p>chữ</text:p></table:table-cell></table:table-row>
 <table:table-row><table:table-cell office:value-type="float" office:value="1" table:number-rows-spanned="2"
  table:formula="of:=['file:///C:/khac.ods'#$T.A1]"/><table:table-cell office:value-type="string"><text:p>a
  <text:span text:style-name="struck">b</text:span></text:p></table:table-cell></table:table-row>
 <table:table-row><table:covered-table-cell/></table:table-row>
 </table:table></office:spreadsheet></office:body></office:document-content>"""


def test_what_is_hidden_struck_merged_or_linked_in_an_opendocument_workbook_is_noted(tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", "<manifest/>")
        package.writestr("content.xml", ODS)
    content = read_cells(path, Limits())
    [sheet] = content.sheets
    assert (sheet.hidden_rows, sheet.hidden_columns) == ({1, 2, 3}, {3})
    assert (sheet.struck, sheet.linked) == ({(2, 1), (3, 1), (4, 2)}, {(4, 1)})
    assert sheet.merged == [(4, 1, 5, 1)]


@pytest.mark.parametrize(
    ("odd", "says"),
    [
        ({"file_bytes": 1_000}, "nặng hơn mức"),
        ({"unpacked_bytes": 10_000}, "phình quá lớn"),
        ({"sheets": 2}, "có 8 sheet"),
        ({"rows": 7}, "trải quá rộng"),
        ({"columns": 3}, "trải quá rộng"),
        ({"cell_characters": 10}, "ký tự"),
        ({"merged_ranges": -1}, "0 vùng ô gộp"),
    ],
)
def test_every_limit_is_a_setting_with_a_clear_refusal(
    tmp_path: Path, pleiku: Any, odd: dict[str, int], says: str
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(pleiku())
    with pytest.raises(UnreadableFile, match=says):
        read_workbook(path, "f", limits=replace(Limits(), **odd))


def test_the_refusal_of_a_sheet_names_the_cell_that_lies_too_far(tmp_path: Path, pleiku: Any) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(edited(pleiku(), ("02_HoatDong", "GS40", 1)))
    with pytest.raises(UnreadableFile, match="đến ô GS"):
        read_workbook(path, "f")


@pytest.mark.parametrize(("number_format", "value"), [("[h]:mm", 1e300), ("[h]:mm", 1e10), ("dd/mm/yyyy", -1e300)])
def test_a_number_that_can_be_no_day_and_no_time_is_refused_with_its_sheet_and_what_to_do(
    tmp_path: Path, pleiku: Any, number_format: str, value: float
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(pleiku()))
    book["03_HoDan"]["D8"].number_format, book["03_HoDan"]["D8"].value = number_format, value
    path = tmp_path / "a.xlsx"
    book.save(path)
    with pytest.raises(UnreadableFile, match=r"“03_HoDan”.*General"):
        read_workbook(path, "f")


def test_a_caption_may_be_merged_over_a_column_in_which_nothing_else_stands(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = STATEMENT.name
    sheet["B1"], sheet["B2"] = KEY_CAPTION, VALUE_CAPTION
    sheet.merge_cells("B1:C1")
    for row, field in enumerate(STATEMENT.fields, start=3):
        sheet.cell(row, 2, "x")
        sheet.cell(row, 3, field.caption)
    path = tmp_path / "a.xlsx"
    book.save(path)
    read = [cell for cell in read_workbook(path, "f").cells if cell.table == STATEMENT.table]
    assert [(cell.field, cell.text) for cell in read] == [(field.name, "x") for field in STATEMENT.fields]


def test_days_are_the_same_whether_counted_from_1900_or_from_1904(tmp_path: Path) -> None:
    for number, epoch in enumerate((CALENDAR_WINDOWS_1900, CALENDAR_MAC_1904)):
        book = openpyxl.Workbook()
        book.epoch = epoch
        book.active["A1"] = date(2024, 2, 5)
        path = tmp_path / f"{number}.xlsx"
        book.save(path)
        content = read_cells(path, Limits())
        assert content.sheets[0].rows == [[date(2024, 2, 5)]]
