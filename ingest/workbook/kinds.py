"""What a file is, recognised by its content and never by its name; what wraps a workbook is taken off."""

import io
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from xml.etree import ElementTree

from domain.errors import UnreadableFile
from ingest.workbook.csv_package import is_company, true_name
from ingest.workbook.damage import DAMAGE
from ingest.workbook.default_password import unlocked
from ingest.workbook.limits import Limits
from ingest.workbook.package import Package


class Kind(StrEnum):
    """The kinds of file that can be read."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    CSV_ZIP = "csv.zip"


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's kind and the bytes of the workbook itself, out of its zip and its encryption."""

    kind: Kind
    content: bytes


_AGAIN = "lưu thành .xlsx bằng Excel, WPS hoặc LibreOffice rồi gửi lại."
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"%PDF", "Tệp là tài liệu PDF, dù tên có ghi gì; gửi sổ tính gốc, không gửi bản in."),
    (b"{\\rtf", f"Tệp là văn bản RTF, không phải sổ tính; {_AGAIN}"),
    (b"\x89PNG", "Tệp là ảnh chụp (PNG); gửi sổ tính gốc, không gửi ảnh."),
    (b"\xff\xd8\xff", "Tệp là ảnh chụp (JPEG); gửi sổ tính gốc, không gửi ảnh."),
    (b"GIF8", "Tệp là ảnh (GIF); gửi sổ tính gốc, không gửi ảnh."),
    (b"Rar!", "Tệp nén RAR không đọc được; giải nén rồi gửi từng sổ tính."),
    (b"7z\xbc\xaf", "Tệp nén 7z không đọc được; giải nén rồi gửi từng sổ tính."),
    (b"\x1f\x8b", "Tệp nén gzip không đọc được; giải nén rồi gửi từng sổ tính."),
    (b"MZ", "Tệp là chương trình chạy được, không phải sổ tính; không mở, không gửi lại."),
    (b"MIME-Version:", f"Tệp là trang web lưu một tệp (MHT), không phải sổ tính; {_AGAIN}"),
    (b"SQLite format 3", "Tệp là cơ sở dữ liệu, không phải sổ tính; gửi đúng biểu mẫu."),
)
_LOCKED = (
    "Tệp có mật khẩu mở; bỏ mật khẩu (File - Info - Protect Workbook - Encrypt with Password, xóa trắng mật khẩu) "
    "rồi gửi lại."
)
_OLE_STREAMS = (
    ("WordDocument", f"Tệp là văn bản Word, không phải sổ tính; {_AGAIN}"),
    ("PowerPoint Document", f"Tệp là bài trình chiếu, không phải sổ tính; {_AGAIN}"),
)
_DAMAGED = "Tệp đã hỏng hoặc bị cắt trong lúc gửi; đề nghị gửi lại."
_OLD = "Sổ tính của Excel 95 trở về trước không đọc được; " + _AGAIN


def opened(path: Path, limits: Limits) -> Opened:
    """The file's kind, and the workbook's own bytes.

    Raises:
        UnreadableFile: if it is none of them, damaged, encrypted or larger than `limits`; the text says which.
    """
    _refuse_size(path.stat().st_size, limits)
    return _opened(path.read_bytes(), limits)


def _refuse_size(size: int, limits: Limits) -> None:
    if size == 0:
        raise UnreadableFile("Tệp rỗng (0 byte); kiểm tra tệp trên máy mình rồi gửi lại.")
    if size > limits.file_bytes:
        raise UnreadableFile(
            f"Tệp nặng hơn mức nhận được là {_megabytes(limits.file_bytes)} MB; "
            "xóa ảnh và sheet không thuộc biểu mẫu rồi gửi lại."
        )


def _opened(content: bytes, limits: Limits, *, is_inner: bool = False) -> Opened:
    head = content[:4_096]
    for mark, sentence in _FOREIGN:
        if head.startswith(mark):
            raise UnreadableFile(sentence)
    if head.startswith(_OLE):
        return _opened_ole(content, limits)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _opened_package(content, limits, is_inner=is_inner)
    if head[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04"):
        raise UnreadableFile(_OLD)
    raise UnreadableFile(_sentence_for_text(head))


def _opened_ole(content: bytes, limits: Limits) -> Opened:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        package = unlocked(content)
        if package is None:
            raise UnreadableFile(_LOCKED)
        return _opened_package(package, limits, is_inner=True)
    for stream, sentence in _OLE_STREAMS:
        if holds(stream):
            raise UnreadableFile(sentence)
    if holds("Workbook"):
        return Opened(Kind.XLS, content)
    if holds("Book"):
        raise UnreadableFile(_OLD)
    raise UnreadableFile(_DAMAGED)


def _opened_package(content: bytes, limits: Limits, *, is_inner: bool) -> Opened:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _refuse_swelling(entries, limits)
            names = {entry.filename.replace("\\", "/").lower() for entry in entries}
            if len(names) != len(entries):
                raise UnreadableFile(
                    "Tệp có hai phần cùng tên bên trong nên không tin được; lưu lại bằng Excel rồi gửi."
                )
            if any(entry.flag_bits & 1 for entry in entries):
                raise UnreadableFile("Tệp nén có mật khẩu; bỏ mật khẩu rồi gửi lại.")
            if archive.testzip() is not None:
                raise UnreadableFile(_DAMAGED)
            kind = _kind_by_parts(Package(archive))
            if kind is not None:
                return Opened(kind, content)
            if is_inner:
                raise UnreadableFile(_NOTHING)
            workbook = _only_workbook(archive)
    except ElementTree.ParseError as error:
        raise UnreadableFile(_DAMAGED) from error
    except DAMAGE as error:
        raise UnreadableFile(_DAMAGED) from error
    if workbook is None:
        return Opened(Kind.CSV_ZIP, content)
    _refuse_size(len(workbook), limits)
    return _opened(workbook, limits, is_inner=True)


def _only_workbook(archive: zipfile.ZipFile) -> bytes | None:
    """The one workbook that a zip holds, or null where it holds sheets as CSV.

    Raises:
        UnreadableFile: if it holds several workbooks, or neither.
    """
    entries = [entry for entry in archive.infolist() if not is_company(true_name(entry))]
    workbooks = [entry for entry in entries if entry.filename.lower().endswith(_WORKBOOKS)]
    has_sheets = any(entry.filename.lower().endswith((".csv", ".tsv")) for entry in entries)
    if workbooks and has_sheets:
        raise UnreadableFile("Tệp nén chứa cả sổ tính lẫn tệp .csv; chỉ gửi một trong hai.")
    if len(workbooks) == 1:
        return archive.read(workbooks[0])
    if workbooks:
        raise UnreadableFile(f"Tệp nén chứa {len(workbooks)} sổ tính bên trong; giải nén rồi gửi từng sổ tính.")
    if has_sheets or any(entry.filename.lower().endswith(".txt") for entry in entries):
        return None
    raise UnreadableFile(_NOTHING)


_WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_NOTHING = f"Tệp nén không chứa sổ tính hay các sheet .csv; {_AGAIN}"


def _refuse_swelling(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > limits.unpacked_bytes or (unpacked > 20_000_000 and unpacked > limits.unpack_ratio * packed):
        raise UnreadableFile("Tệp phình quá lớn khi giải nén; đề nghị gửi lại bằng biểu mẫu gốc.")
    if len(entries) > 2_000:
        raise UnreadableFile("Tệp có quá nhiều phần bên trong; đề nghị gửi lại bằng biểu mẫu gốc.")


def _kind_by_parts(package: Package) -> Kind | None:
    """The kind of workbook; null for a zip of other files."""
    document = package.document
    if document is not None and document.endswith(".bin"):
        return Kind.XLSB
    root = _root_of(package, document) if document is not None else ""
    if document is not None and (root == "workbook" or document == "xl/workbook.xml"):
        return Kind.XLSM if any(name.endswith("vbaproject.bin") for name in package.names) else Kind.XLSX
    mimetype = package.read("mimetype") if "mimetype" in package else b""
    if b"opendocument.spreadsheet" in mimetype:
        manifest = "meta-inf/manifest.xml"
        if manifest in package and b"encryption-data" in package.read(manifest):
            raise UnreadableFile("Tệp có mật khẩu mở; bỏ mật khẩu rồi gửi lại.")
        return Kind.ODS
    if root == "document" or "word/document.xml" in package or b"opendocument.text" in mimetype:
        raise UnreadableFile(f"Tệp là văn bản Word, không phải sổ tính; {_AGAIN}")
    if root == "presentation" or "ppt/presentation.xml" in package:
        raise UnreadableFile(f"Tệp là bài trình chiếu, không phải sổ tính; {_AGAIN}")
    return None


def _root_of(package: Package, part: str) -> str:
    """The first word of a part's XML."""
    with package.open(part) as xml:
        for _, element in ElementTree.iterparse(xml, ("start",)):
            return str(element.tag).rpartition("}")[2]
    return ""


def _sentence_for_text(head: bytes) -> str:
    if not head.strip(b"\x00"):
        return "Tệp chỉ toàn byte 0; tệp hỏng trên máy gửi, đề nghị gửi lại bản khác."
    text = head.decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    start = text.lstrip("\ufeff \r\n\t").lower()
    if "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return f"Tệp là sổ tính dạng XML 2003; {_AGAIN}"
    if start.startswith(("<html", "<!doctype html", "<table", "<head", "<body")) or "<html" in start[:1000]:
        return f"Tệp là trang web (HTML) mang đuôi sổ tính; {_AGAIN}"
    if start.startswith("<?xml"):
        return f"Tệp là XML, không phải sổ tính; {_AGAIN}"
    printable = sum(letter.isprintable() or letter in "\r\n\t" for letter in text)
    if text and printable / len(text) > 0.9 and "\ufffd" not in text[:-3]:
        return (
            "Tệp chỉ là văn bản hoặc một bảng CSV; gửi sổ tính, hoặc nén các sheet thành .zip, "
            "mỗi sheet một tệp .csv mang tên sheet."
        )
    return f"Tệp không phải sổ tính đọc được; {_AGAIN}"


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f}".replace(".", ",")
