"""What a file in a mail is: a workbook, or what usually comes along with one; by its content, then by its name."""

from pathlib import PurePosixPath

from domain.mails import EnclosureKind

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BY_CONTENT = (
    (b"%PDF", EnclosureKind.SCAN),
    (b"\x89PNG", EnclosureKind.PICTURE),
    (b"\xff\xd8\xff", EnclosureKind.PICTURE),
    (b"GIF8", EnclosureKind.PICTURE),
    (b"II*\x00", EnclosureKind.PICTURE),
    (b"MM\x00*", EnclosureKind.PICTURE),
    (b"{\\rtf", EnclosureKind.DOCUMENT),
    (b"Rar!", EnclosureKind.PACKED),
    (b"7z\xbc\xaf", EnclosureKind.PACKED),
    (b"\x1f\x8b", EnclosureKind.PACKED),
)
_BY_TYPE = {
    "application/pkcs7-signature": EnclosureKind.SIGNATURE,
    "application/x-pkcs7-signature": EnclosureKind.SIGNATURE,
    "application/pgp-signature": EnclosureKind.SIGNATURE,
    "application/pkcs7-mime": EnclosureKind.SEALED,
    "application/x-pkcs7-mime": EnclosureKind.SEALED,
    "application/pgp-encrypted": EnclosureKind.SEALED,
}
_BY_ENDING = {
    ".p7s": EnclosureKind.SIGNATURE,
    ".p7m": EnclosureKind.SEALED,
    ".pdf": EnclosureKind.SCAN,
    ".doc": EnclosureKind.DOCUMENT,
    ".docx": EnclosureKind.DOCUMENT,
    ".rtf": EnclosureKind.DOCUMENT,
    ".heic": EnclosureKind.PICTURE,
    ".svg": EnclosureKind.PICTURE,
    ".webp": EnclosureKind.PICTURE,
    ".rar": EnclosureKind.PACKED,
    ".7z": EnclosureKind.PACKED,
    ".msg": EnclosureKind.LETTER,
}
WORKBOOK_ENDINGS = (
    ".xlsx",
    ".xlsm",
    ".xlsb",
    ".xls",
    ".xltx",
    ".xlt",
    ".ods",
    ".fods",
    ".et",
    ".csv",
    ".tsv",
    ".numbers",
)
"""Who names a file so means a workbook; where it is none, its reader says what it is instead."""
_OLE_STREAMS = (
    ("__substg1.0_", EnclosureKind.LETTER),
    ("EncryptedPackage", None),
    ("WordDocument", EnclosureKind.DOCUMENT),
    ("PowerPoint Document", EnclosureKind.DOCUMENT),
)


def is_zip(content: bytes) -> bool:
    """Whether it begins as a zip file does."""
    return content.startswith(_ZIP)


def enclosure_kind(name: str, content: bytes, mime: str) -> EnclosureKind | None:
    """What the file is if it is no workbook; null where it is one, or is named as one."""
    ending = PurePosixPath(name).suffix.lower()
    if content.startswith(OLE):
        return _kind_of_ole(content)
    if b"urn:schemas-microsoft-com:office:spreadsheet" in content[:4096]:
        return None
    by_content = next((kind for mark, kind in _BY_CONTENT if content.startswith(mark)), None)
    if by_content is not None:
        return by_content
    if mime in _BY_TYPE:
        return _BY_TYPE[mime]
    if ending in WORKBOOK_ENDINGS:
        return None
    if mime.startswith("image/"):
        return EnclosureKind.PICTURE
    return _BY_ENDING.get(ending, EnclosureKind.OTHER)


def _kind_of_ole(content: bytes) -> EnclosureKind | None:
    for stream, kind in _OLE_STREAMS:
        if stream.encode("utf-16-le") in content:
            return kind
    return None


def ending_for(content: bytes) -> str:
    """The ending that a nameless file gets."""
    return ".xls" if content.startswith(OLE) else ".xlsx" if is_zip(content) else ""
