"""What a file is, recognised by its content and never by its name."""

import lzma
import zipfile
import zlib
from enum import StrEnum
from pathlib import Path

from domain.errors import UnreadableFile
from ingest.workbook.limits import Limits


class Kind(StrEnum):
    """The kinds of file that can be read."""

    XLSX = "xlsx"
    XLSM = "xlsm"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    CSV_ZIP = "csv.zip"


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
_OLE_STREAMS = (
    ("EncryptedPackage", "Tệp có mật khẩu mở; bỏ mật khẩu (File - Info - Protect Workbook) rồi gửi lại."),
    ("WordDocument", f"Tệp là văn bản Word, không phải sổ tính; {_AGAIN}"),
    ("PowerPoint Document", f"Tệp là bài trình chiếu, không phải sổ tính; {_AGAIN}"),
)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)
"""What unpacking stumbles over where a package is cut or altered."""
_DAMAGED = "Tệp đã hỏng hoặc bị cắt trong lúc gửi; đề nghị gửi lại."
_OLD = "Sổ tính của Excel 95 trở về trước không đọc được; " + _AGAIN


def kind_of(path: Path, limits: Limits) -> Kind:
    """The kind of the file.

    Raises:
        UnreadableFile: if it is none of them, damaged, encrypted or larger than `limits`; the text says which.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile("Tệp rỗng (0 byte); kiểm tra tệp trên máy mình rồi gửi lại.")
    if size > limits.file_bytes:
        raise UnreadableFile(
            f"Tệp nặng hơn mức nhận được là {_megabytes(limits.file_bytes)} MB; "
            "xóa ảnh và sheet không thuộc biểu mẫu rồi gửi lại."
        )
    with path.open("rb") as file:
        head = file.read(4096)
    for mark, sentence in _FOREIGN:
        if head.startswith(mark):
            raise UnreadableFile(sentence)
    if head.startswith(_OLE):
        return _kind_of_ole(path.read_bytes())
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_package(path, limits)
    if head[:2] in (b"\x09\x00", b"\x09\x02", b"\x09\x04"):
        raise UnreadableFile(_OLD)
    raise UnreadableFile(_sentence_for_text(head))


def _kind_of_ole(content: bytes) -> Kind:
    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    for stream, sentence in _OLE_STREAMS:
        if holds(stream):
            raise UnreadableFile(sentence)
    if holds("Workbook"):
        return Kind.XLS
    if holds("Book"):
        raise UnreadableFile(_OLD)
    raise UnreadableFile(_DAMAGED)


def _kind_of_package(path: Path, limits: Limits) -> Kind:
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
            _refuse_swelling(entries, limits)
            names = {entry.filename.lower() for entry in entries}
            if len(names) != len(entries):
                raise UnreadableFile(
                    "Tệp có hai phần cùng tên bên trong nên không tin được; lưu lại bằng Excel rồi gửi."
                )
            if any(entry.flag_bits & 1 for entry in entries):
                raise UnreadableFile("Tệp nén có mật khẩu; bỏ mật khẩu rồi gửi lại.")
            if package.testzip() is not None:
                raise UnreadableFile(_DAMAGED)
            return _kind_by_names(package, names)
    except _DAMAGE as error:
        raise UnreadableFile(_DAMAGED) from error


def _refuse_swelling(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > limits.unpacked_bytes or (unpacked > 20_000_000 and unpacked > limits.unpack_ratio * packed):
        raise UnreadableFile("Tệp phình quá lớn khi giải nén; đề nghị gửi lại bằng biểu mẫu gốc.")
    if len(entries) > 2_000:
        raise UnreadableFile("Tệp có quá nhiều phần bên trong; đề nghị gửi lại bằng biểu mẫu gốc.")


def _kind_by_names(package: zipfile.ZipFile, names: set[str]) -> Kind:
    if "xl/workbook.xml" in names:
        return Kind.XLSM if "xl/vbaproject.bin" in names else Kind.XLSX
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    if "mimetype" in names and b"opendocument.spreadsheet" in package.read("mimetype"):
        if "meta-inf/manifest.xml" in names and b"encryption-data" in package.read("META-INF/manifest.xml"):
            raise UnreadableFile("Tệp có mật khẩu mở; bỏ mật khẩu rồi gửi lại.")
        return Kind.ODS
    if "word/document.xml" in names or ("mimetype" in names and b"opendocument.text" in package.read("mimetype")):
        raise UnreadableFile(f"Tệp là văn bản Word, không phải sổ tính; {_AGAIN}")
    if "ppt/presentation.xml" in names:
        raise UnreadableFile(f"Tệp là bài trình chiếu, không phải sổ tính; {_AGAIN}")
    if any(name.endswith((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")) for name in names):
        raise UnreadableFile("Tệp nén chứa sổ tính bên trong; giải nén rồi gửi từng sổ tính.")
    if any(name.endswith((".csv", ".tsv", ".txt")) for name in names):
        return Kind.CSV_ZIP
    raise UnreadableFile(f"Tệp nén không chứa sổ tính hay các sheet .csv; {_AGAIN}")


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
