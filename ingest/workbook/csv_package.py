"""The sheets of a workbook as CSV files in a zip: one file per sheet, named like it."""

import csv
import io
import unicodedata
import zipfile
from pathlib import PurePosixPath

from domain import form
from domain.errors import UnreadableFile
from domain.forms import all_fields
from domain.text import heading
from ingest.workbook.limits import Limits
from ingest.workbook.sheet_notes import too_far

_DELIMITERS = (",", ";", "\t")
_NAMED_IN_UTF8 = 0x800
"""The mark of a zip entry whose name is written in UTF-8."""
_CAPTIONS = {heading(field.caption) for _, field in all_fields()} | {heading(form.KEY_CAPTION)}


def read_csv_package(package: zipfile.ZipFile, limits: Limits) -> list[tuple[str, list[list[str | None]]]]:
    """Each sheet's name with its rows; every cell is text, as typed.

    Raises:
        UnreadableFile: if a file is in no encoding that is recognised, or reaches beyond the limits.
    """
    sheets = []
    for entry in package.infolist():
        path = PurePosixPath(true_name(entry))
        if path.suffix.lower() in (".csv", ".tsv", ".txt") and not is_company(str(path)):
            rows = split_rows(decode(package.read(entry), path.name), path.name, limits)
            sheets.append((path.stem, rows))
    return sheets


def true_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name as its writer meant it: macOS and old Windows do not say in which encoding they wrote it."""
    name = entry.filename
    if not entry.flag_bits & _NAMED_IN_UTF8:
        written = name.encode("cp437", "replace")
        try:
            name = written.decode("utf-8")
        except UnicodeDecodeError:
            name = written.decode("cp1258", "replace")
    return unicodedata.normalize("NFC", name.replace("\\", "/"))


def is_company(name: str) -> bool:
    """Whether a file only came along: what macOS and Excel leave beside the file that was meant."""
    path = PurePosixPath(name)
    return path.name.startswith((".", "_", "~$")) or "__MACOSX" in path.parts


def decode(content: bytes, name: str) -> str:
    """The text of a file: UTF-16 and UTF-8 by their marks, UTF-8 where it fits, else Windows-1258."""
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        try:
            return unicodedata.normalize("NFC", content.decode("cp1258"))
        except UnicodeDecodeError as error:
            raise UnreadableFile(f"Tệp {name} không rõ bảng mã; lưu lại dạng “CSV UTF-8” rồi gửi.") from error


def split_rows(text: str, name: str, limits: Limits) -> list[list[str | None]]:
    """The rows, split by whichever delimiter finds most of the form's captions."""
    if "\x00" in text:
        raise UnreadableFile(f"Tệp {name} không phải văn bản CSV; xuất lại từ sổ tính rồi gửi.")
    head = "\n".join(text.splitlines()[:60])
    delimiter = max(_DELIMITERS, key=lambda each: _captions_found(head, each))
    rows: list[list[str | None]] = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
            if number > limits.rows or len(row) > limits.columns:
                raise too_far(name, f"dòng {number}")
            rows.append([cell or None for cell in row])
    except csv.Error as error:
        raise UnreadableFile(f"Tệp {name} không đúng dạng CSV; xuất lại từ sổ tính rồi gửi.") from error
    return rows


def _captions_found(text: str, delimiter: str) -> int:
    try:
        return sum(
            heading(cell) in _CAPTIONS for row in csv.reader(io.StringIO(text), delimiter=delimiter) for cell in row
        )
    except csv.Error:
        return -1
