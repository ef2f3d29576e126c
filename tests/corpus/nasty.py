"""Files that honest and dishonest senders send, each with what must be said of it.

`python -m tests.corpus.nasty` writes README.md anew from this list.
"""

import gzip
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Font

ACCEPTED, REJECTED, UNREADABLE = 0, 1, 2
Make = Callable[[bytes], bytes]
"""Makes the file out of a unit's sound workbook."""


@dataclass(frozen=True)
class Nasty:
    """One file: its name, why it is nasty, the exit code of `check`, and words that its findings must hold."""

    name: str
    reason: str
    exit_code: int
    says: str
    make: Make


def literally(content: bytes) -> Make:
    return lambda _: content


def parts(sound: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(sound)) as package:
        return {name: package.read(name) for name in package.namelist()}


def package(entries: dict[str, bytes], **options: Any) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def without(*names: str) -> Make:
    return lambda sound: package({name: content for name, content in parts(sound).items() if name not in names})


def with_part(name: str, change: Callable[[bytes], bytes]) -> Make:
    def make(sound: bytes) -> bytes:
        entries = parts(sound)
        return package(entries | {name: change(entries.get(name, b""))})

    return make


def cells(*changes: tuple[str, str, Any]) -> Make:
    def make(sound: bytes) -> bytes:
        book = openpyxl.load_workbook(io.BytesIO(sound))
        for sheet, cell, value in changes:
            book[sheet][cell] = value
        return saved(book)

    return make


def book(change: Callable[[Any], object]) -> Make:
    def make(sound: bytes) -> bytes:
        opened = openpyxl.load_workbook(io.BytesIO(sound))
        change(opened)
        return saved(opened)

    return make


def saved(opened: Any) -> bytes:
    buffer = io.BytesIO()
    opened.save(buffer)
    return buffer.getvalue()


def cut(share: float) -> Make:
    return lambda sound: sound[: int(len(sound) * share)]


def flipped(sound: bytes) -> bytes:
    """One bit of the compressed sheet is wrong."""
    with zipfile.ZipFile(io.BytesIO(sound)) as archive:
        entry = archive.getinfo("xl/worksheets/sheet3.xml")
    place = entry.header_offset + 30 + len(entry.filename) + entry.compress_size // 2
    return sound[:place] + bytes([sound[place] ^ 0x10]) + sound[place + 1 :]


def doubled(sound: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts(sound).items():
            archive.writestr(name, content)
        archive.writestr("XL/Workbook.xml", b"<workbook/>")
    return buffer.getvalue()


def encrypted_flag(sound: bytes) -> bytes:
    entry = bytearray(package({"a.csv": b"1"}))
    entry[6] |= 1
    central = entry.index(b"PK\x01\x02")
    entry[central + 8] |= 1
    return bytes(entry)


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504 + b"".join(name.encode("utf-16-le") for name in streams)


def laughs(content: bytes) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>'
    return head.encode() + content.split(b"?>", 1)[1].replace(
        b"<sheetData>", b'<sheetData><row r="1"><c r="A1" t="str"><v>&l9;</v></c></row>'
    )


def outside(content: bytes) -> bytes:
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    row = b'<sheetData><row r="1"><c r="A1" t="str"><v>&f;</v></c></row>'
    return head + content.split(b"?>", 1)[1].replace(b"<sheetData>", row)


def far(address: str, row: int) -> Callable[[bytes], bytes]:
    cell = f'<row r="{row}"><c r="{address}"><v>1</v></c></row></sheetData>'.encode()
    return lambda content: content.replace(b"</sheetData>", cell)


def csv_sheets(sound: bytes, delimiter: str = ",", encoding: str = "utf-8", ending: str = ".csv") -> dict[str, bytes]:
    """The workbook's sheets as CSV, as a spreadsheet writes them."""
    opened = openpyxl.load_workbook(io.BytesIO(sound), data_only=True)
    files = {}
    for sheet in opened.worksheets[:-1]:
        lines = []
        for row in sheet.iter_rows(values_only=True):
            texts = ["" if value is None else as_text(value) for value in row]
            lines.append(delimiter.join(f'"{text}"' if delimiter in text or '"' in text else text for text in texts))
        files[f"{sheet.title}{ending}"] = "\r\n".join(lines).encode(encoding, "replace")
    return files


def as_text(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, float):
        return str(value).replace(".", ",") if not value.is_integer() else str(int(value))
    return str(value)


def windows_1258(text: str) -> bytes:
    """As Windows in Vietnam wrote before Unicode: the tone after its letter."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    out = b""
    for letter in text:
        apart = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in apart if mark in tones)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in apart if mark not in tones))
        out += (bare + tone).encode("cp1258", "replace")
    return out


def csv_windows(sound: bytes) -> bytes:
    return package({name: windows_1258(content.decode()) for name, content in csv_sheets(sound, ";").items()})


def csv_package(**how: str) -> Make:
    return lambda sound: package(csv_sheets(sound, **how))


def two_level(opened: Any) -> None:
    """The printed form's headings: “Số hộ hưởng lợi” over its parts."""
    sheet = opened["02_HoatDong"]
    sheet["M5"], sheet["M6"], sheet["N6"], sheet["O6"], sheet["P6"] = (
        "Số hộ hưởng lợi",
        "Tổng số",
        "Hộ nghèo",
        "Hộ cận nghèo",
        "Hộ DTTS",
    )
    sheet.merge_cells("M5:P5")


def legacy_font(opened: Any) -> None:
    cell = opened["02_HoatDong"]["H8"]
    cell.value, cell.font = "TÆng quµ TÕt cho hé nghÌo", Font(name=".VnTime")


def vni_font(opened: Any) -> None:
    cell = opened["02_HoatDong"]["H8"]
    cell.value, cell.font = "Taëng quaø Teát cho hoä ngheøo", Font(name="VNI-Times")


def reordered(opened: Any) -> None:
    opened._sheets.reverse()


def leading_rows(opened: Any) -> None:
    for sheet in opened.worksheets[:-1]:
        sheet.insert_rows(1, 5)


def serial_day(opened: Any) -> None:
    cell = opened["02_HoatDong"]["B8"]
    cell.value, cell.number_format = 45_327, "General"


def hidden_row(opened: Any) -> None:
    opened["02_HoatDong"].row_dimensions[8].hidden = True


def filtered(opened: Any) -> None:
    opened["03_HoDan"].auto_filter.ref = "A6:W30"
    opened["03_HoDan"].row_dimensions[9].hidden = True


def many_sheets(opened: Any) -> None:
    for number in range(60):
        opened.create_sheet(f"Nháp {number}")["A1"] = number


def scratch(opened: Any) -> None:
    opened.create_sheet("Nháp")["C3"] = 5


def nfd_captions(opened: Any) -> None:
    for cell in opened["02_HoatDong"][6]:
        if isinstance(cell.value, str):
            cell.value = unicodedata.normalize("NFD", cell.value).upper().replace(" ", "\n  ")


def doubled_column(opened: Any) -> None:
    opened["02_HoatDong"]["Y6"] = "Tiền mặt"
    opened["02_HoatDong"]["Y8"] = 1


def unknown_column(opened: Any) -> None:
    opened["02_HoatDong"]["Y6"], opened["02_HoatDong"]["Y8"] = "Ghi chú riêng", "x"


def number_in(cell: str, sheet: str, name: str, reason: str, value: Any, says: str, exit_code: int = REJECTED) -> Nasty:
    return Nasty(name, reason, exit_code, says, cells((sheet, cell, value)))


def _not_workbooks() -> Iterator[Nasty]:
    def refused(name: str, reason: str, says: str, make: Make) -> Nasty:
        return Nasty(name, reason, UNREADABLE, says, make)

    yield refused("empty.xlsx", "nothing in it", "rỗng", literally(b""))
    yield refused("one-byte.xlsx", "one byte", "không phải sổ tính|văn bản", literally(b"P"))
    yield refused("zeros.xlsx", "a crashed copy: zeros only", "byte 0", literally(b"\x00" * 8192))
    yield refused("noise.xlsx", "bytes without meaning", "không phải sổ tính", literally(bytes(range(128, 256)) * 40))
    yield refused("note.xlsx", "a text with a false name", "văn bản", literally("Kính gửi báo cáo.\n".encode() * 9))
    yield refused("table.xlsx", "a single CSV with a false name", "CSV", literally(b"STT,Ten,So\n1,a,2\n"))
    yield refused("table.tsv", "a single TSV", "CSV", literally(b"STT\tTen\n1\ta\n"))
    yield refused("data.json", "JSON", "văn bản", literally(b'{"a": 1}'))
    yield refused(
        "web.xls", "a web page saved as .xls", "HTML", literally(b"<html><body><table></table></body></html>")
    )
    yield refused("web-doctype.xls", "the same with a doctype", "HTML", literally(b"<!DOCTYPE HTML>\n<HTML></HTML>"))
    yield refused(
        "web-bom.xls",
        "the same with a mark and blanks",
        "HTML",
        literally(b"\xef\xbb\xbf \r\n<table><tr></tr></table>"),
    )
    yield refused(
        "web-utf16.xls", "the same in UTF-16", "HTML", literally("<html><body></body></html>".encode("utf-16"))
    )
    yield refused(
        "web-office.xls",
        "a web page with Office's names",
        "HTML",
        literally(b'<html xmlns:x="urn:schemas-microsoft-com:office:excel"></html>'),
    )
    yield refused(
        "xml2003.xls",
        "Excel's XML of 2003",
        "XML 2003",
        literally(b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'),
    )
    yield refused("plain.xml", "another XML", "XML", literally(b'<?xml version="1.0"?><a/>'))
    yield refused("print.xlsx", "a PDF with a false name", "PDF", literally(b"%PDF-1.7\n%%EOF"))
    yield refused("letter.rtf", "RTF", "RTF", literally(b"{\\rtf1 x}"))
    yield refused("photo.png", "a screenshot", "ảnh", literally(b"\x89PNG\r\n\x1a\n" + b"\x00" * 50))
    yield refused("photo.jpg", "a photograph", "ảnh", literally(b"\xff\xd8\xff\xe0" + b"\x00" * 50))
    yield refused("photo.gif", "a picture", "ảnh", literally(b"GIF89a" + b"\x00" * 50))
    yield refused("packed.rar", "RAR", "RAR", literally(b"Rar!\x1a\x07\x00" + b"\x00" * 50))
    yield refused("packed.7z", "7z", "7z", literally(b"7z\xbc\xaf\x27\x1c" + b"\x00" * 50))
    yield refused("packed.gz", "a gzipped workbook", "gzip", gzip.compress)
    yield refused("tool.xlsx", "a program with a false name", "chương trình", literally(b"MZ\x90\x00" + b"\x00" * 60))
    yield refused(
        "page.mht", "a web archive", "MHT", literally(b"MIME-Version: 1.0\r\nContent-Type: multipart/related")
    )
    yield refused("book.db", "a database", "cơ sở dữ liệu", literally(b"SQLite format 3\x00" + b"\x00" * 90))
    yield refused("script.sh", "a script", "văn bản", literally(b"#!/bin/sh\nrm -rf /\n"))
    yield refused("old95.xls", "Excel 4", "Excel 95", literally(b"\x09\x04\x06\x00\x00\x00\x10\x00" + b"\x00" * 90))
    yield refused("ole-noise.xls", "the head of an old workbook, then nothing", "hỏng", literally(ole()))
    yield refused("word.xls", "a Word text with a false name", "Word", literally(ole("WordDocument")))
    yield refused("slides.xls", "slides with a false name", "trình chiếu", literally(ole("PowerPoint Document")))
    yield refused(
        "locked.xlsx", "a workbook with a password", "mật khẩu", literally(ole("EncryptionInfo", "EncryptedPackage"))
    )
    yield refused("book95.xls", "a workbook of Excel 95", "Excel 95", literally(ole("Book")))
    yield refused("hollow.xls", "says Workbook and holds none", "hỏng", literally(ole("Workbook")))
    yield refused("zip-empty.zip", "a zip of nothing", "không chứa", literally(b"PK\x05\x06" + b"\x00" * 18))
    yield refused(
        "zip-of-two.zip",
        "two workbooks zipped",
        "2 sổ tính bên trong",
        lambda sound: package({"KN_1.xlsx": sound, "KN_2.xlsx": sound}),
    )
    yield refused("zip-xls.zip", "a broken old workbook zipped", "sổ tính", literally(package({"KN.XLS": b"x"})))
    yield refused("zip-pictures.zip", "a zip of pictures", "không chứa", literally(package({"a.png": b"x"})))
    yield refused("zip-locked.zip", "a zip with a password", "mật khẩu", encrypted_flag)
    yield refused("docx.xlsx", "a Word text of today", "Word", literally(package({"word/document.xml": b"<a/>"})))
    yield refused("pptx.xlsx", "slides of today", "trình chiếu", literally(package({"ppt/presentation.xml": b"<a/>"})))
    yield refused(
        "odt.ods",
        "an OpenDocument text",
        "Word",
        literally(package({"mimetype": b"application/vnd.oasis.opendocument.text"})),
    )
    yield refused(
        "ods-locked.ods",
        "an OpenDocument workbook with a password",
        "mật khẩu",
        literally(
            package(
                {
                    "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                    "META-INF/manifest.xml": b"<m:encryption-data/>",
                    "content.xml": b"x",
                }
            )
        ),
    )
    yield refused(
        "ods-hollow.ods",
        "an OpenDocument workbook without content",
        "hỏng",
        literally(package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"})),
    )
    yield refused(
        "ods-broken.ods",
        "an OpenDocument workbook cut inside",
        "hỏng",
        literally(
            package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<office:document"})
        ),
    )
    yield refused(
        "xlsb-hollow.xlsb",
        "a binary workbook without sheets",
        "hỏng",
        literally(package({"xl/workbook.bin": b"\x9c\x01\xff"})),
    )
    for percent in (5, 30, 50, 75, 90, 99):
        yield refused(
            f"cut-{percent}.xlsx", f"cut off at {percent} % while it was sent", "hỏng|không phải", cut(percent / 100)
        )
    yield refused("flipped.xlsx", "one wrong bit in a sheet", "hỏng", flipped)
    yield refused("doubled.xlsx", "two parts of the same name", "cùng tên", doubled)
    yield refused(
        "swelling.xlsx",
        "40 kB that unpack to 300 MB",
        "phình",
        lambda _: package({"xl/workbook.xml": b"0" * 300_000_000}),
    )
    yield refused(
        "thousands.zip",
        "three thousand parts",
        "quá nhiều phần",
        lambda _: package({f"{n}.csv": b"" for n in range(3_000)}),
    )


def _broken_inside() -> Iterator[Nasty]:
    def refused(name: str, reason: str, make: Make, says: str = "hỏng") -> Nasty:
        return Nasty(name, reason, UNREADABLE, says, make)

    sheet = "xl/worksheets/sheet3.xml"
    yield refused("no-relations.xlsx", "no list of sheets' places", without("xl/_rels/workbook.xml.rels"))
    yield refused("no-sheet-part.xlsx", "a sheet that is not there", without(sheet))
    yield refused(
        "bad-workbook.xlsx",
        "the workbook's XML is broken",
        with_part("xl/workbook.xml", lambda _: b"<workbook><sheets>"),
    )
    yield refused(
        "bad-sheet.xlsx",
        "a sheet's XML is broken",
        with_part(sheet, lambda content: content.replace(b"</sheetData>", b"")),
    )
    yield refused(
        "cut-sheet.xlsx", "a sheet's XML ends too soon", with_part(sheet, lambda content: content[: len(content) // 2])
    )
    yield refused("text-sheet.xlsx", "a sheet that is no XML", with_part(sheet, lambda _: b"xin chao"))
    yield refused("empty-sheet.xlsx", "a sheet of no bytes", with_part(sheet, lambda _: b""))
    yield refused("no-strings.xlsx", "the shared texts are missing", without("xl/sharedStrings.xml"))
    yield refused(
        "bad-strings.xlsx",
        "the shared texts are broken",
        with_part("xl/sharedStrings.xml", lambda content: content[:300]),
    )
    yield refused("laughs.xlsx", "entities that swell a billionfold", with_part(sheet, laughs), "hỏng|đột ngột")
    yield refused("outside.xlsx", "an entity that asks for a file of this machine", with_part(sheet, outside), "hỏng")
    yield refused(
        "far-corner.xlsx", "one cell in the last corner", with_part(sheet, far("XFD1048576", 1_048_576)), "quá rộng"
    )
    yield refused(
        "far-row.xlsx", "one cell a hundred thousand rows down", with_part(sheet, far("A100000", 100_000)), "quá rộng"
    )
    yield refused(
        "far-column.xlsx", "one cell a thousand columns right", with_part(sheet, far("ALL300", 300)), "quá rộng"
    )
    yield refused(
        "far-row-unsaid.xlsx",
        "a cell in the last row that does not say its address",
        with_part(
            sheet,
            lambda content: content.replace(b"</sheetData>", b'<row r="1048576"><c><v>1</v></c></row></sheetData>'),
        ),
        "quá rộng",
    )
    yield refused("bad-address.xlsx", "a cell without a row", with_part(sheet, far("QQQ", 300)), "hỏng")
    yield refused("many-sheets.xlsx", "sixty sheets of notes", book(many_sheets), "sheet")
    yield refused(
        "long-cell.xlsx", "a cell of twenty thousand letters", cells(("02_HoatDong", "H8", "a" * 20_000)), "dài 20000"
    )
    yield refused(
        "long-table.xlsx",
        "six thousand rows",
        book(lambda opened: [opened["02_HoatDong"].cell(row, 2, "x") for row in range(220, 6_200)]),
        "quá rộng",
    )
    yield refused("nul-part.xlsx", "a sheet of zero bytes only", with_part(sheet, lambda _: b"\x00" * 4_096))


def _structures() -> Iterator[Nasty]:
    yield Nasty("sound.xlsx", "nothing wrong: the measure of the rest", ACCEPTED, "", lambda sound: sound)
    yield Nasty("saved-again.xlsx", "saved by another program", ACCEPTED, "", book(lambda opened: None))
    yield Nasty(
        "macro.xlsm",
        "a macro rides along; it never runs",
        ACCEPTED,
        "",
        lambda sound: package(parts(sound) | {"xl/vbaProject.bin": b"x"}),
    )
    yield Nasty("false-name.pdf", "a workbook with a false name", ACCEPTED, "", lambda sound: sound)
    yield Nasty(
        "no-sheets.xlsx",
        "a workbook without sheets",
        REJECTED,
        "E-SHEET",
        with_part("xl/workbook.xml", lambda content: content.split(b"<sheets>")[0] + b"</workbook>"),
    )
    yield Nasty("serial.xlsx", "a day that lost its format: Excel's own number", ACCEPTED, "W-SERIAL", book(serial_day))
    yield Nasty("reordered.xlsx", "sheets in another order", ACCEPTED, "", book(reordered))
    yield Nasty("scratch.xlsx", "a sheet of notes", ACCEPTED, "W-SHEET-UNKNOWN", book(scratch))
    yield Nasty("leading-rows.xlsx", "five blank rows above everything", ACCEPTED, "", book(leading_rows))
    yield Nasty("hidden-row.xlsx", "a hidden row of data", ACCEPTED, "W-HIDDEN", book(hidden_row))
    yield Nasty("filtered.xlsx", "a filter hides a village", ACCEPTED, "W-HIDDEN", book(filtered))
    yield Nasty("two-level.xlsx", "headings in two levels, merged", ACCEPTED, "", book(two_level))
    yield Nasty("nfd.xlsx", "captions in capitals, decomposed, with line breaks", ACCEPTED, "", book(nfd_captions))
    yield Nasty(
        "sheet-names.xlsx",
        "sheets named as people say",
        ACCEPTED,
        "",
        book(lambda opened: setattr(opened["02_HoatDong"], "title", "02 Hoạt động")),
    )
    yield Nasty(
        "renamed.xlsx",
        "a sheet under another name",
        REJECTED,
        "E-SHEET",
        book(lambda opened: setattr(opened["02_HoatDong"], "title", "Sheet1")),
    )
    yield Nasty(
        "no-00.xlsx",
        "the first sheet is missing",
        REJECTED,
        "E-SHEET",
        book(lambda opened: opened.remove(opened["00_ThongTin"])),
    )
    yield Nasty(
        "no-03.xlsx", "a sheet is missing", REJECTED, "E-SHEET", book(lambda opened: opened.remove(opened["03_HoDan"]))
    )
    yield Nasty(
        "headless.xlsx",
        "the row of captions is gone",
        REJECTED,
        "E-HEADER",
        book(lambda opened: opened["02_HoatDong"].delete_rows(6)),
    )
    yield Nasty("doubled-column.xlsx", "a column twice", REJECTED, "E-COLUMN-TWICE", book(doubled_column))
    yield Nasty("unknown-column.xlsx", "a column of one's own", ACCEPTED, "W-COLUMN-UNKNOWN", book(unknown_column))
    yield Nasty(
        "no-column.xlsx",
        "a column is gone",
        REJECTED,
        "E-COLUMN",
        book(lambda opened: opened["02_HoatDong"].delete_cols(18)),
    )
    yield Nasty(
        "another-book.xlsx", "a workbook that is no form", REJECTED, "E-SHEET", lambda _: saved(openpyxl.Workbook())
    )
    yield Nasty(
        "empty-form.xlsx",
        "the form with nothing filled in",
        REJECTED,
        "E-EMPTY|E-REQ",
        book(lambda opened: [opened[s].delete_rows(8, 60) for s in ("02_HoatDong", "03_HoDan")]),
    )
    yield Nasty(
        "note-below.xlsx",
        "a note under the table",
        ACCEPTED,
        "",
        cells(("02_HoatDong", "B216", "Ghi chú: số liệu đã rà soát với thôn.")),
    )
    yield Nasty(
        "second-heading.xlsx",
        "the captions repeated in the middle",
        ACCEPTED,
        "",
        book(
            lambda opened: [
                setattr(opened["02_HoatDong"].cell(12, c.column), "value", c.value) for c in opened["02_HoatDong"][6]
            ]
        ),
    )
    yield Nasty(
        "total-typed.xlsx",
        "a total typed among the data",
        ACCEPTED,
        "",
        cells(("02_HoatDong", "B10", "Tổng cộng"), ("02_HoatDong", "R10", 8_000_000)),
    )
    yield Nasty(
        "sheet-twice.xlsx",
        "a sheet copied beside itself",
        ACCEPTED,
        "W-SHEET-UNKNOWN",
        book(lambda opened: opened.copy_worksheet(opened["02_HoatDong"])),
    )
    yield Nasty("legacy-font.xlsx", "TCVN3, told by its font", ACCEPTED, "Tặng quà Tết cho hộ nghèo", book(legacy_font))
    yield Nasty("vni-font.xlsx", "VNI, told by its font", ACCEPTED, "Tặng quà Tết cho hộ nghèo", book(vni_font))
    yield Nasty(
        "legacy-text.xlsx",
        "TCVN3 without its font",
        REJECTED,
        "E-ENCODING",
        cells(("02_HoatDong", "H8", "TÆng quµ TÕt cho hé nghÌo")),
    )
    yield Nasty(
        "vni-text.xlsx",
        "VNI without its font",
        REJECTED,
        "E-ENCODING",
        cells(("02_HoatDong", "H8", "Taëng quaø Teát cho hoä ngheøo")),
    )
    yield Nasty(
        "error-cell.xlsx", "#REF! where money should be", REJECTED, "E-CELL", cells(("02_HoatDong", "T8", "#REF!"))
    )
    yield Nasty(
        "no-result.xlsx", "a formula that nobody computed", REJECTED, "E-CELL", cells(("02_HoatDong", "T8", "=R8+S8"))
    )
    yield Nasty(
        "injection.xlsx",
        "a formula that calls a program, as text",
        REJECTED,
        "E-REQ|E-CELL|E-NUMBER",
        cells(("00_ThongTin", "B19", "=cmd|' /C calc'!A0")),
    )
    yield Nasty(
        "control-letters.xlsx",
        "tabs and line breaks in names",
        ACCEPTED,
        "",
        cells(("00_ThongTin", "B19", "Rơ Châm\n\tH’Ly")),
    )
    yield Nasty(
        "emoji.xlsx",
        "pictures among the letters",
        REJECTED,
        r"E-LETTER .*U\+1F381",
        cells(("02_HoatDong", "H8", "Tặng quà Tết 🎁 cho hộ nghèo")),
    )
    yield Nasty(
        "right-to-left.xlsx",
        "marks that turn the direction of writing",
        ACCEPTED,
        r"W-INVISIBLE .*U\+202E, U\+202C",
        cells(("02_HoatDong", "H8", "Tặng quà \u202ecật\u202c Tết")),
    )
    yield Nasty(
        "soft-hyphen.xlsx",
        "a soft hyphen inside a village's name",
        ACCEPTED,
        "W-INVISIBLE",
        cells(("02_HoatDong", "E8", "làng Châm AN\u00adẻh")),
    )
    yield Nasty(
        "bullet-of-word.xlsx",
        "a bullet of Word's Symbol font",
        REJECTED,
        r"E-LETTER .*U\+F0B7",
        cells(("02_HoatDong", "X8", "\uf0b7 đã trao")),
    )
    yield Nasty(
        "telephone.xlsx",
        "somebody's telephone number in the notes",
        ACCEPTED,
        "W-PERSONAL",
        cells(("02_HoatDong", "X8", "liên hệ chị H’Ly 0905 123 456")),
    )
    yield Nasty(
        "nbsp-code.xlsx", "hard blanks around a code", ACCEPTED, "", cells(("02_HoatDong", "G8", "\u00a0QUA_TET\u00a0"))
    )
    yield Nasty(
        "near-miss.xlsx",
        "a village nearly spelt right",
        ACCEPTED,
        "W-VILLAGE-NAME",
        cells(("02_HoatDong", "E8", "làng Châm Aneh")),
    )


def struck(opened: Any) -> None:
    for cell in opened["02_HoatDong"][8]:
        cell.font = Font(strike=True)


def twin(opened: Any) -> None:
    opened.copy_worksheet(opened["02_HoatDong"]).title = "02 Hoạt động"


def merged(opened: Any) -> None:
    sheet = opened["02_HoatDong"]
    for cell in sheet[8]:
        sheet.cell(9, cell.column).value = cell.value
    sheet.merge_cells("D8:D9")


def moved_heading(opened: Any) -> None:
    sheet = opened["02_HoatDong"]
    for cell in sheet[6]:
        sheet.cell(12, cell.column).value = cell.value
    sheet["R12"], sheet["S12"] = sheet["S6"].value, sheet["R6"].value


def linked(content: bytes) -> bytes:
    return re.sub(rb'(<c r="R8" s="\d+")><v>', rb"\1><f>[1]Thang1!B2</f><v>", content)


def without_addresses(content: bytes) -> bytes:
    wrong = re.sub(rb'(<c r="R8" s="\d+")><v>\d+</v>', rb'\1 t="e"><v>#REF!</v>', content)
    return re.sub(rb'<c r="[A-Z]+\d+"', b"<c", wrong)


def pictured(content: bytes) -> bytes:
    picture = rb'\1 t="str"><f>_xlfn.DISPIMG("ID_0A",1)</f><v>=DISPIMG("ID_0A",1)</v>'
    return re.sub(rb'(<c r="H8" s="\d+") t="s"><v>\d+</v>', picture, content)


def five_thousand(content: bytes) -> bytes:
    entries = b"".join(b'<sheet name="S%d" sheetId="%d" r:id="rId1"/>' % (n, n) for n in range(1, 5_001))
    return re.sub(rb"<sheets>.*</sheets>", b"<sheets>" + entries + b"</sheets>", content)


def said_elsewhere(sound: bytes) -> bytes:
    """The workbook's main part under another name, as some programs write it."""
    names = (("xl/workbook.xml", "xl/workbook22.xml"), ("xl/_rels/workbook.xml.rels", "xl/_rels/workbook22.xml.rels"))
    renamed = {dict(names).get(name, name): content for name, content in parts(sound).items()}
    for name in ("_rels/.rels", "[Content_Types].xml"):
        renamed[name] = renamed[name].replace(b"workbook.xml", b"workbook22.xml")
    return package(renamed)


def _unnamed() -> Iterator[Nasty]:
    """What once disappeared without a word."""
    sheet, asked = "xl/worksheets/sheet3.xml", ACCEPTED
    yield Nasty("struck.xlsx", "a row struck through", asked, "W-STRUCK", book(struck))
    yield Nasty("twin.xlsx", "two sheets of one name", REJECTED, "“02_HoatDong” và “02 Hoạt động”", book(twin))
    yield Nasty("merged.xlsx", "one village for two rows", REJECTED, "E-MERGED.*D8:D9", book(merged))
    yield Nasty("moved-heading.xlsx", "captions repeated in another order", REJECTED, "E-HEADING", book(moved_heading))
    yield Nasty("linked.xlsx", "a value out of another file", asked, "W-LINKED", with_part(sheet, linked))
    yield Nasty("no-addresses.xlsx", "cells without addresses", REJECTED, "E-CELL", with_part(sheet, without_addresses))
    yield Nasty("picture.xlsx", "a picture where words are due", REJECTED, "E-PICTURE", with_part(sheet, pictured))
    yield Nasty(
        "hidden-sheet.xlsx",
        "a sheet that only a macro shows",
        asked,
        "W-HIDDEN",
        book(lambda opened: setattr(opened["03_HoDan"], "sheet_state", "veryHidden")),
    )
    yield Nasty(
        "flat-row.xlsx",
        "a row of no height",
        asked,
        "W-HIDDEN",
        book(lambda opened: setattr(opened["02_HoatDong"].row_dimensions[8], "height", 0.75)),
    )
    yield Nasty(
        "white.xlsx",
        "white on white",
        asked,
        "W-UNSEEN",
        book(lambda opened: setattr(opened["02_HoatDong"]["R8"], "font", Font(color="FFFFFFFF"))),
    )
    yield Nasty(
        "format-hides.xlsx",
        "a format that shows nothing",
        asked,
        "W-UNSEEN",
        book(lambda opened: setattr(opened["02_HoatDong"]["R8"], "number_format", ";;;")),
    )
    yield Nasty(
        "remark-below.xlsx",
        "money in a remark below the signatures",
        asked,
        "W-UNREAD",
        cells(("02_HoatDong", "H216", "Còn 70.000.000 đ chưa ghi")),
    )
    yield Nasty(
        "total-lies.xlsx",
        "a total that its rows do not come to",
        REJECTED,
        "E-TOTAL",
        cells(("02_HoatDong", "T208", 110_000_000)),
    )
    yield Nasty(
        "total-word.xlsx",
        "a total of a page",
        asked,
        "",
        cells(("02_HoatDong", "A9", "Cộng trang 1"), ("02_HoatDong", "T9", 10_000_000)),
    )
    yield Nasty(
        "total-mute.xlsx",
        "a total without a word",
        asked,
        "W-TOTAL-ROW",
        cells(("02_HoatDong", "R9", 8_000_000), ("02_HoatDong", "T9", 10_000_000)),
    )
    yield Nasty(
        "like-a-signature.xlsx",
        "a half-filled row below a description that begins like a signature",
        REJECTED,
        "E-REQ",
        cells(("02_HoatDong", "H8", "Thủ trưởng đơn vị thăm hỏi"), ("02_HoatDong", "T9", 70_000_000)),
    )
    yield Nasty("workbook22.xlsx", "the main part has another name", ACCEPTED, "", said_elsewhere)
    yield Nasty(
        "backslash.xlsx",
        "slashes of Windows in the package",
        ACCEPTED,
        "",
        lambda sound: package({name.replace("/", "\\"): content for name, content in parts(sound).items()}),
    )
    yield Nasty("zip-of-one.zip", "the workbook zipped", ACCEPTED, "", lambda sound: package({"KN.xlsx": sound}))
    yield Nasty(
        "sheets-5000.xlsx",
        "one part named as five thousand sheets",
        UNREADABLE,
        "có 5000 sheet",
        with_part("xl/workbook.xml", five_thousand),
    )
    yield Nasty(
        "count-lie.xlsx",
        "says that it holds four thousand million texts",
        UNREADABLE,
        "đã hỏng",
        with_part(
            "xl/sharedStrings.xml",
            lambda content: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="4000000000"', content),
        ),
    )


def _formats() -> Iterator[Nasty]:
    yield Nasty("csv.zip", "the sheets as CSV, UTF-8", ACCEPTED, "", csv_package())
    yield Nasty("csv-bom.zip", "the same with a mark", ACCEPTED, "", csv_package(encoding="utf-8-sig"))
    yield Nasty("csv-utf16.zip", "the same in UTF-16", ACCEPTED, "", csv_package(encoding="utf-16"))
    yield Nasty("csv-semicolon.zip", "semicolons, as Excel in Vietnam writes", ACCEPTED, "", csv_package(delimiter=";"))
    yield Nasty("csv-tab.zip", "tabs", ACCEPTED, "", csv_package(delimiter="\t", ending=".tsv"))
    yield Nasty(
        "csv-folder.zip",
        "the CSV files in a folder",
        ACCEPTED,
        "",
        lambda sound: package({f"bao cao/{name}": content for name, content in csv_sheets(sound).items()}),
    )
    yield Nasty(
        "csv-traversal.zip",
        "names that climb out of the folder",
        ACCEPTED,
        "",
        lambda sound: package({f"../../{name}": content for name, content in csv_sheets(sound).items()}),
    )
    yield Nasty(
        "csv-some.zip",
        "one sheet only",
        REJECTED,
        "E-SHEET",
        lambda sound: package(dict([next(iter(csv_sheets(sound).items()))])),
    )
    yield Nasty(
        "csv-binary.zip",
        "a CSV that is none",
        UNREADABLE,
        "CSV|bảng mã",
        literally(package({"00_ThongTin.csv": b"\x00\x01\x02" * 99})),
    )
    yield Nasty(
        "csv-wide.zip",
        "a line of a thousand cells",
        UNREADABLE,
        "quá rộng",
        literally(package({"02_HoatDong.csv": b"," * 1_000})),
    )
    yield Nasty(
        "csv-quotes.zip",
        "a quotation that never ends",
        REJECTED,
        "E-",
        lambda sound: package(csv_sheets(sound) | {"02_HoatDong.csv": b'STT,"Ngay\n1,2\n'}),
    )


NUMBERS: tuple[tuple[str, str, Any, str, int], ...] = (
    ("comma-thousands", "fifteen, or fifteen thousand", "8,000,000", "E-AMBIGUOUS", REJECTED),
    ("english-decimal", "a point and a comma", "8,000,000.00", "E-AMBIGUOUS", REJECTED),
    ("point", "eight, or eight million", "8.0", "E-AMBIGUOUS", REJECTED),
    ("dots", "thousands by dots, as text", "8.000.000", "", ACCEPTED),
    ("blanks", "thousands by blanks", "8 000 000", "", ACCEPTED),
    ("million", "money in words", "8 triệu", "", ACCEPTED),
    ("million-dong", "money in words, with its unit", "8 triệu đồng", "", ACCEPTED),
    ("thousand", "the southern word", "8.000ngàn đồng", "", ACCEPTED),
    ("dong", "with its unit", "8.000.000 đ", "", ACCEPTED),
    ("full-width", "digits of an East Asian keyboard", "８.０００.０００", "", ACCEPTED),
    ("brackets", "less than nothing", "(8.000.000)", "E-LOW", REJECTED),
    ("minus", "less than nothing", -8_000_000, "E-LOW", REJECTED),
    ("dash", "nothing, said by a dash", "-", "E-SUM", REJECTED),
    ("kps", "nothing, said in letters", "KPS", "E-SUM", REJECTED),
    ("percent", "a percentage where money should be", "8%", "E-NUMBER", REJECTED),
    ("letters", "a word", "tám triệu", "E-NUMBER", REJECTED),
    ("exponent", "a number of machines", "8e6", "E-NUMBER", REJECTED),
    ("underscores", "a number of programmers", "8_000_000", "E-NUMBER", REJECTED),
    ("nan", "not a number", "nan", "E-NUMBER", REJECTED),
    ("infinity", "no end", "inf", "E-NUMBER", REJECTED),
    ("hex", "another base", "0x7a1200", "E-NUMBER", REJECTED),
    ("superscript", "a square that is no 82", "8²", "E-NUMBER", REJECTED),
    ("half", "a fraction as one letter", "½", "E-NUMBER", REJECTED),
    ("two-commas", "two decimals", "8,0,0", "E-NUMBER|E-AMBIGUOUS", REJECTED),
    ("crooked-groups", "groups of two", "80.00.000", "E-NUMBER", REJECTED),
    ("huge", "beyond all money", 1e18, "E-HIGH", REJECTED),
    ("beyond-28-figures", "beyond what can be rounded", 1e30, "E-HIGH", REJECTED),
    ("near-the-end", "the last numbers of a computer", -1.7e308, "E-LOW", REJECTED),
    ("dashes", "nothing, said twice", "--", "W-ZERO", REJECTED),
    ("fraction", "part of a đồng", 8_000_000.4, "E-WHOLE", REJECTED),
    ("true", "a yes where money should be", True, "E-NUMBER", REJECTED),
    ("day", "a day where money should be", date(2024, 2, 5), "E-NUMBER", REJECTED),
    ("blank", "nothing", None, "E-REQ", REJECTED),
    ("spaces", "blanks only", "   ", "E-REQ", REJECTED),
    ("thousandfold", "a slip of thousands", 8_000_000_000, "E-SUM", REJECTED),
)
DAYS: tuple[tuple[str, str, Any, str, int], ...] = (
    ("slashes", "day first", "5/2/2024", "", ACCEPTED),
    ("dashes", "two digits of the year", "05-02-24", "", ACCEPTED),
    ("words", "in official words", "ngày 05 tháng 02 năm 2024", "", ACCEPTED),
    ("iso", "as machines write", "2024-02-05", "", ACCEPTED),
    ("half-day", "noon of that day", 45_327.5, "", ACCEPTED),
    ("no-day", "a day that never was", "30/02/2024", "E-DAY", REJECTED),
    ("american", "month first", "2/13/2024", "E-DAY", REJECTED),
    ("month-15", "a fifteenth month", "15/15/2024", "E-DAY", REJECTED),
    ("only-month", "no day", "02/2024", "E-DAY", REJECTED),
    ("word", "a word", "đầu tháng", "E-DAY", REJECTED),
    ("zero", "day 0", "0/2/2024", "E-DAY", REJECTED),
    ("year-1900", "a day of before the war", 5, "E-DATE", REJECTED),
    ("next-month", "after the period", "15/02/2024", "E-DATE", REJECTED),
    ("far-future", "in a hundred years", "05/02/2124", "E-DATE", REJECTED),
    ("year-slip", "two figures of the year changed places", date(2404, 2, 5), "E-DATE", REJECTED),
    ("year-24", "the first century", "05/02/0024", "E-DATE", REJECTED),
    ("last-day", "the last day of all", date(9999, 12, 31), "E-DATE", REJECTED),
)
STATEMENTS: tuple[tuple[str, str, str, Any, str, int], ...] = (
    ("no-unit", "no unit", "B8", None, "E-REQ", REJECTED),
    ("unknown-unit", "a code that does not exist", "B8", "636", "E-UNIT", REJECTED),
    ("commune-too-early", "a commune before its time", "B8", "23575", "E-", REJECTED),
    ("number-unit", "the code as a number", "B8", 622, "", ACCEPTED),
    ("no-period", "no period", "B10", None, "E-REQ", REJECTED),
    ("quarter", "a quarter", "B10", "2024-Q1", "E-PERIOD", REJECTED),
    ("future", "a period to come", "B10", "2099-01", "E-PERIOD-FUTURE", REJECTED),
    ("ancient", "a period of long ago", "B10", "1999-01", "E-PERIOD", REJECTED),
    (
        "before-the-calendar",
        "a period that no table of days knows",
        "B10",
        "2005-01",
        "E-PERIOD-OLD|E-PERIOD",
        REJECTED,
    ),
    ("period-13", "a thirteenth month", "B10", "2024-13", "E-PERIOD", REJECTED),
    ("month-first", "the month before the year", "B10", "02/2024", "", ACCEPTED),
    ("month-words", "the period in words", "B10", "Tháng 2 năm 2024", "", ACCEPTED),
    ("period-day", "Excel made a day of the period", "B10", date(2024, 2, 1), "", ACCEPTED),
    ("revision-text", "the revision as text", "B13", "01", "", ACCEPTED),
    ("revision-0", "before the first revision", "B13", 0, "E-LOW", REJECTED),
    ("revision-word", "a revision in words", "B13", "lần đầu", "E-NUMBER", REJECTED),
    ("no-reason", "a replacement without a reason", "B14", "THAY_THE", "E-", REJECTED),
    ("euro", "another money", "B16", "EUR", "E-CODE", REJECTED),
    ("nil-with-rows", "says nothing happened, and tells it", "B24", "Có", "E-NIL", REJECTED),
    ("old-form", "another version of the form", "B25", "KN-00/2020", "E-CODE", REJECTED),
    ("no-mail", "no address", "B21", "không có", "W-EMAIL", ACCEPTED),
)


def corpus() -> list[Nasty]:
    """Every nasty file."""
    money = [
        number_in("R8", "02_HoatDong", f"money-{name}.xlsx", reason, value, says, code)
        for name, reason, value, says, code in NUMBERS
    ]
    days = [
        number_in("B8", "02_HoatDong", f"day-{name}.xlsx", reason, value, says, code)
        for name, reason, value, says, code in DAYS
    ]
    statements = [
        number_in(cell, "00_ThongTin", f"statement-{name}.xlsx", reason, value, says, code)
        for name, reason, cell, value, says, code in STATEMENTS
    ]
    return [*_not_workbooks(), *_broken_inside(), *_structures(), *_unnamed(), *_formats(), *money, *days, *statements]


def readme() -> str:
    """The list of the corpus with the reason for each file."""
    words = {ACCEPTED: "accepted", REJECTED: "rejected", UNREADABLE: "not readable"}
    lines = [
        "# Nasty files",
        "",
        "Made by `nasty.py` out of one sound workbook; this list is written by it too. Every file must be answered",
        "with its exit code and a sentence that names the cause.",
        "",
        "| File | Why it is nasty | What becomes of it |",
        "|---|---|---|",
    ]
    lines += [f"| {each.name} | {each.reason} | {words[each.exit_code]} |" for each in corpus()]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("README.md").write_text(readme(), encoding="utf-8")
