"""Mails that units send: what became of one, and what came along with its workbooks."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EnclosureKind(StrEnum):
    """What a file in a mail is that is no workbook."""

    SCAN = "scan"
    PICTURE = "picture"
    DOCUMENT = "document"
    PACKED = "packed"
    """An archive in a form that is not opened."""
    LETTER = "letter"
    """Another mail, in Outlook's own form."""
    RICH_TEXT = "rich-text"
    """Outlook's `winmail.dat`, where nothing could be taken out of it."""
    SEALED = "sealed"
    """A mail whose whole content is inside an S/MIME or PGP envelope."""
    SIGNATURE = "signature"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The kind in Vietnamese."""
        return {
            "scan": "bản PDF",
            "picture": "ảnh",
            "document": "văn bản Word hoặc trình chiếu",
            "packed": "tệp nén không mở được",
            "letter": "thư Outlook",
            "rich-text": "tệp Outlook Rich Text",
            "sealed": "thư ký số hoặc mã hóa dạng đóng",
            "signature": "chữ ký số của thư",
            "other": "tệp khác",
        }[self]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that came along in a mail and is not read."""

    name: str
    kind: EnclosureKind


class Fate(StrEnum):
    """What became of a mail that bears a registered address."""

    TAKEN = "taken"
    """Opened; its sender gets one answer."""
    AUTOMATIC = "automatic"
    """Sent by a machine, a list or an absence notice: opened, never answered by mail."""
    FORGED = "forged"
    """Failed the checks of the receiving server: not opened, not answered."""
    TOO_LARGE = "too-large"
    UNREADABLE = "unreadable"
    """Nothing could be made of its bytes; its sender is a guess."""

    @property
    def is_answered(self) -> bool:
        """Whether its sender gets a mail."""
        return self not in (Fate.AUTOMATIC, Fate.FORGED)


@dataclass(frozen=True, slots=True)
class MailRecord:
    """A mail as the ledger knows it; it is known by the hash of its bytes."""

    sha256: str
    sender: str
    subject: str
    message_id: str
    """As its sender's program named it; empty where it has none that could be quoted."""
    arrived_at: datetime
    fate: Fate
    reason: str
    """Why it could not be read, or which check it failed; else empty."""
    workbooks: int
    """How many workbooks it brought; each has an arrival."""
    enclosures: tuple[Enclosure, ...]
    links: tuple[str, ...]
    """The stores of files that its text links to; nothing there is opened."""
    answered_at: datetime | None
