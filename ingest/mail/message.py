"""A mail as plain data, and how it crosses the border of a process."""

from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from typing import Any

from domain.mails import Enclosure, EnclosureKind


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that may be a workbook; of one beyond the limit only its beginning."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Report:
    """A mail server's report about a mail of ours (RFC 3464)."""

    is_failure: bool
    """False where the mail is only late, or has arrived."""
    mentions: tuple[str, ...]
    """The Message-IDs of the mail it speaks of."""
    reason: str


@dataclass(frozen=True, slots=True)
class Message:
    """What is known of a mail once it was read; every text in it is one line."""

    sender: str
    """The address in `From`, in small letters; empty where there is none, or several that differ."""
    subject: str
    message_id: str = ""
    is_automatic: bool = False
    """Whether a machine, a list or an absence notice sent it: an answer could go round for ever."""
    claims_report: bool = False
    """Whether its head says that it is a server's report."""
    failed_check: str = ""
    """Which of its server's checks it failed, as in `dmarc=fail`."""
    report: Report | None = None
    """The report, where it has the form of one throughout."""
    workbooks: tuple[Attached, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    links: tuple[str, ...] = ()


def to_plain(message: Message) -> dict[str, Any]:
    """The message as JSON knows it."""
    plain = asdict(message)
    plain["workbooks"] = [[each.name, b64encode(each.content).decode()] for each in message.workbooks]
    plain["enclosures"] = [[each.name, str(each.kind)] for each in message.enclosures]
    return plain


def from_plain(plain: dict[str, Any]) -> Message:
    """The message again."""
    report = plain["report"]
    return Message(
        **plain
        | {
            "report": Report(report["is_failure"], tuple(report["mentions"]), report["reason"]) if report else None,
            "workbooks": tuple(Attached(name, b64decode(content)) for name, content in plain["workbooks"]),
            "enclosures": tuple(Enclosure(name, EnclosureKind(kind)) for name, kind in plain["enclosures"]),
            "links": tuple(plain["links"]),
        }
    )
