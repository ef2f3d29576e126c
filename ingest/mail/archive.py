"""Zip files as they come in mails: a workbook is one, and a clerk packs several into one; opened within limits."""

import io
import zipfile
from enum import Enum, auto
from pathlib import PurePosixPath

from ingest.mail.sorting import WORKBOOK_ENDINGS
from ingest.workbook.damage import DAMAGE
from ingest.workbook.limits import Limits

MOST_MEMBERS = 200
_CSV = (".csv", ".tsv")


class Zip(Enum):
    """What a zip file is, by the names in it."""

    WORKBOOK = auto()
    """Also what cannot be opened: its reader says what is wrong with it."""
    DOCUMENT = auto()
    SHEETS = auto()
    """Sheets as CSV files, which make one workbook."""
    FILES = auto()


def zip_kind(content: bytes, limits: Limits) -> Zip:
    """What the zip file is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            names = {entry.filename.replace("\\", "/").lower() for entry in entries}
            is_package = "[content_types].xml" in names
            is_document = names & {"word/document.xml", "ppt/presentation.xml", "visio/document.xml"}
            if is_document or (is_package and any(name.startswith(("word/", "ppt/", "visio/")) for name in names)):
                return Zip.DOCUMENT
            if is_package or any(name.startswith("xl/") for name in names):
                return Zip.WORKBOOK
            format_named = package.read("mimetype")[:200] if "mimetype" in names else b""
            if b"opendocument" in format_named:
                return Zip.WORKBOOK if b"spreadsheet" in format_named else Zip.DOCUMENT
            own = [entry for entry in entries if not _is_aside(entry)]
            if not own or any(entry.flag_bits & 1 for entry in own) or _swells(own, limits):
                return Zip.WORKBOOK
            endings = {PurePosixPath(entry.filename).suffix.lower() for entry in own}
            has_book = endings & {*WORKBOOK_ENDINGS, ".zip", ".eml"} - set(_CSV)
            return Zip.SHEETS if endings & set(_CSV) and not has_book else Zip.FILES
    except DAMAGE:
        return Zip.WORKBOOK


def members(content: bytes, limits: Limits) -> list[tuple[str, bytes]] | None:
    """Name and bytes of each file in it, folders and shadows left out; null where one cannot be unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            found = []
            for entry in package.infolist():
                if not _is_aside(entry):
                    with package.open(entry) as file:
                        found.append((_name(entry), file.read(limits.file_bytes + 1)))
            return found
    except DAMAGE:
        return None


def _swells(entries: list[zipfile.ZipInfo], limits: Limits) -> bool:
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    is_bomb = unpacked > 20_000_000 and unpacked > limits.unpack_ratio * packed
    return is_bomb or unpacked > limits.unpacked_bytes or len(entries) > MOST_MEMBERS


def _is_aside(entry: zipfile.ZipInfo) -> bool:
    """A folder, or what an operating system leaves beside the files."""
    path = PurePosixPath(entry.filename.replace("\\", "/"))
    is_shadow = path.name.startswith((".", "~$")) or path.name.lower() in ("thumbs.db", "desktop.ini")
    return entry.is_dir() or "__MACOSX" in path.parts or is_shadow


def _name(entry: zipfile.ZipInfo) -> str:
    """The name; macOS and Windows write UTF-8 without saying so."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return entry.filename
