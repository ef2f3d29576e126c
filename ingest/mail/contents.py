"""Everything a mail carries, taken out of whatever it was wrapped in, and sorted into workbooks and what came along."""

import re
from binascii import a2b_base64
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message as Parsed
from email.policy import compat32
from hashlib import sha256

from domain.errors import UnreadableFile
from domain.mails import Enclosure, EnclosureKind
from ingest.mail.archive import Zip, members, zip_kind
from ingest.mail.heads import file_name_of, named, plain_name, text_of
from ingest.mail.message import Attached
from ingest.mail.sorting import OLE, WORKBOOK_ENDINGS, enclosure_kind, ending_for, is_zip
from ingest.mail.tnef import SIGNATURE, files_in
from ingest.mail.uuencoded import uuencoded_files
from ingest.workbook.limits import Limits

MOST_PARTS = 500
DEEPEST = 4
"""How many wrappings are opened: a zip in a zip in a forwarded mail."""
MOST_WORKBOOKS = 50
MOST_ENCLOSURES = 100
_STORES = {
    "Google Drive": ("drive.google.com", "docs.google.com", "drive.usercontent.google.com"),
    "OneDrive": ("onedrive.live.com", "1drv.ms", "sharepoint.com"),
    "Dropbox": ("dropbox.com", "dropboxusercontent.com"),
    "Fshare": ("fshare.vn",),
    "Zalo": ("zalo.me", "zdn.vn", "zaloapp.com"),
    "Mega": ("mega.nz", "mega.io"),
    "WeTransfer": ("wetransfer.com", "we.tl"),
    "iCloud": ("icloud.com",),
    "MediaFire": ("mediafire.com",),
}
_BODIES = ("text/plain", "text/html", "text/enriched", "text/richtext", "text/watch-html", "text/x-amp-html")
_SHADOWS = ("application/applefile",)
_APPLE_DOUBLE = b"\x00\x05\x16\x07"
"""What a Macintosh sends beside a file, under the same name."""
_TEXTS = (".txt", ".csv", ".tsv", ".htm", ".html", ".mht", ".mhtml", ".xls", ".log")
"""Files that may begin as a mail does, and are none."""
_LINK = re.compile(r"https?://([\w.-]{3,200})", re.IGNORECASE)
_HEAD_LINE = re.compile(rb"(?i)(?:from|received|return-path|mime-version|subject|message-id|date|x-[\w-]+):")
_MISSHAPEN = "Thư có quá nhiều phần lồng nhau, không mở được."


@dataclass(slots=True)
class Contents:
    """What was found in a mail so far."""

    limits: Limits
    workbooks: list[Attached] = field(default_factory=list)
    enclosures: list[Enclosure] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    parts: int = 0
    unpacked: int = 0
    _hashes: set[bytes] = field(default_factory=set)

    def take(self, message: Parsed) -> None:
        """Sort everything in a mail.

        Raises:
            UnreadableFile: if it has more parts than a person's mail has.
        """
        self._mail(message, 0)

    def _mail(self, message: Parsed, depth: int) -> None:
        for part in _leaves(message):
            self._count()
            content = _bytes_of(part)
            if content is None:
                continue
            name, mime = file_name_of(part), part.get_content_type()
            is_body = mime in _BODIES and not name
            if mime in _SHADOWS or content.startswith(_APPLE_DOUBLE):
                continue
            if is_body and part.get_content_disposition() != "attachment" and not _looks_like_file(content):
                self._body(content, part.get_content_charset(), depth)
            else:
                self._file(name, content, mime, depth)

    def _body(self, content: bytes, charset: str | None, depth: int) -> None:
        text = text_of(content, charset)
        for host in _LINK.findall(text):
            for store, hosts in _STORES.items():
                if store not in self.links and f".{host.lower()}".endswith(tuple(f".{each}" for each in hosts)):
                    self.links.append(store)
        for name, file in uuencoded_files(content):
            self._count()
            self._file(plain_name(name), file, "application/octet-stream", depth)

    def _file(self, name: str, content: bytes, mime: str, depth: int) -> None:
        if not content and not name.lower().endswith(WORKBOOK_ENDINGS):
            self._enclose(name, EnclosureKind.OTHER)
        elif depth < DEEPEST and content.startswith(SIGNATURE):
            self._rich_text(name, content, depth)
        elif depth < DEEPEST and _is_mail(name, content):
            self._mail(message_from_bytes(content, policy=compat32), depth + 1)
        elif is_zip(content):
            self._zip(name, content, depth)
        elif (kind := enclosure_kind(name, content, mime)) is not None:
            self._enclose(name, kind)
        else:
            self._workbook(name, content)

    def _rich_text(self, name: str, content: bytes, depth: int) -> None:
        files = files_in(content)
        if not files:
            self._enclose(name or "winmail.dat", EnclosureKind.RICH_TEXT)
        for inner, file in files:
            self._count()
            self._file(plain_name(inner), file, "application/octet-stream", depth + 1)

    def _zip(self, name: str, content: bytes, depth: int) -> None:
        kind = zip_kind(content, self.limits)
        inside = members(content, self.limits) if kind is Zip.FILES and depth < DEEPEST else None
        if kind is Zip.DOCUMENT:
            self._enclose(name, EnclosureKind.DOCUMENT)
        elif inside is None or name.lower().endswith(WORKBOOK_ENDINGS):
            # Sheets, a workbook, or one that cannot be opened: its reader says why.
            self._workbook(name, content)
        else:
            self.unpacked += sum(len(file) for _, file in inside)
            if self.unpacked > self.limits.unpacked_bytes:
                raise UnreadableFile("Các tệp nén trong thư phình quá lớn khi giải nén, không mở.")
            for inner, file in inside:
                self._count()
                self._file(plain_name(inner), file, "application/octet-stream", depth + 1)

    def _workbook(self, name: str, content: bytes) -> None:
        digest = sha256(content).digest()
        if digest in self._hashes:
            return
        self._hashes.add(digest)
        name = named(name, ending_for(content))
        if len(self.workbooks) == MOST_WORKBOOKS:
            raise UnreadableFile(f"Thư kèm hơn {MOST_WORKBOOKS} sổ tính; gửi mỗi thư ít tệp hơn.")
        self.workbooks.append(Attached(name, content[: self.limits.file_bytes + 1]))

    def _enclose(self, name: str, kind: EnclosureKind) -> None:
        if len(self.enclosures) < MOST_ENCLOSURES:
            self.enclosures.append(Enclosure(named(name), kind))

    def _count(self) -> None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            raise UnreadableFile(_MISSHAPEN)


def _leaves(message: Parsed) -> Iterator[Parsed]:
    """The parts that hold something, in their order; a mail inside a mail is gone through."""
    waiting = [message]
    while waiting:
        part = waiting.pop()
        children = part.get_payload()
        if isinstance(children, list) and not _is_encoded_mail(part):
            waiting += [child for child in reversed(children) if isinstance(child, Parsed)]
        else:
            yield part


def _is_encoded_mail(part: Parsed) -> bool:
    """Whether a mail inside is written in base64, which no standard allows and some servers do."""
    return _encoded_mail(part) is not None


def _encoded_mail(part: Parsed) -> str | None:
    """The text of such a mail: the library takes it for a body without a head."""
    children = part.get_payload()
    if part.get_content_type() != "message/rfc822" or not isinstance(children, list):
        return None
    inner = children[0]
    text = inner.get_payload() if isinstance(inner, Parsed) and not inner.keys() else None
    return text if isinstance(text, str) else None


def _bytes_of(part: Parsed) -> bytes | None:
    encoded = _encoded_mail(part)
    if encoded is None:
        content = part.get_payload(decode=True)
        return content if isinstance(content, bytes) else None
    try:
        return a2b_base64(encoded)
    except ValueError:
        return None


def _is_mail(name: str, content: bytes) -> bool:
    """Whether a file is another mail: by its name, or because it begins with the lines that a mail begins with."""
    head = content[:4096].lstrip()
    if not _HEAD_LINE.match(head) and not head.startswith(b"From "):
        return False
    is_addressed = b"\nfrom:" in b"\n" + head.lower()
    return name.lower().endswith((".eml", ".emlx")) or (is_addressed and not name.lower().endswith(_TEXTS))


def _looks_like_file(content: bytes) -> bool:
    """Whether a nameless part that says it is text holds a file all the same."""
    return is_zip(content) or content.startswith((OLE, b"%PDF", SIGNATURE))
