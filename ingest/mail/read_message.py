"""Reads one mail: what is in it as plain data, or a sentence that says why nothing can be made of it."""

from dataclasses import replace
from email import message_from_bytes
from email.policy import compat32

from domain.errors import UnreadableFile
from ingest.mail.authentication import failed_check
from ingest.mail.contents import Contents
from ingest.mail.heads import is_auto_submitted, is_automatic, message_id_of, sender_of, subject_of
from ingest.mail.message import Message
from ingest.mail.reports import report_of
from ingest.workbook.limits import Limits

MOST_HEAD_BYTES = 256_000
"""Of a mail's head; no honest one comes near."""


def read_head(content: bytes, authserv_id: str = "") -> Message:
    """What the head of a mail says; what it carries is not looked at.

    Args:
        content: the mail, or its head alone.
        authserv_id: by what name the receiving server signs its checks; empty where they are not judged.

    Raises:
        UnreadableFile: says that nothing can be made of it.
    """
    return _guarded(content, authserv_id, None)


def read_message(content: bytes, limits: Limits, authserv_id: str = "") -> Message:
    """What is in the mail.

    Args:
        content: the mail as it came.
        limits: how large a file in it may be, and what it may unpack to.
        authserv_id: by what name the receiving server signs its checks; empty where they are not judged.

    Raises:
        UnreadableFile: says that nothing can be made of it.
    """
    return _guarded(content, authserv_id, limits)


def _guarded(content: bytes, authserv_id: str, limits: Limits | None) -> Message:
    try:
        return _read(content, authserv_id, limits)
    except (UnreadableFile, MemoryError):
        raise
    except Exception as error:
        # The library raises whatever it stumbles over: a mail is somebody else's bytes, and one stops no other.
        raise UnreadableFile(f"Thư viết sai dạng, không đọc được ({type(error).__name__}).") from error


def _read(content: bytes, authserv_id: str, limits: Limits | None) -> Message:
    head = _head_of(content)
    if len(head) > MOST_HEAD_BYTES:
        raise UnreadableFile("Phần đầu thư dài bất thường, không đọc.")
    parsed = message_from_bytes(head if limits is None else content, policy=compat32)
    sender = sender_of(parsed)
    message = Message(
        sender=sender,
        subject=subject_of(parsed),
        message_id=message_id_of(parsed),
        is_automatic=is_automatic(parsed),
        claims_report=parsed.get_content_type() == "multipart/report",
        failed_check=failed_check(parsed, authserv_id, sender) if authserv_id else "",
    )
    if limits is None:
        return message
    if message.claims_report:
        # A server's report brings back what we sent: nothing in it is taken for what a unit sends.
        return replace(message, report=report_of(parsed))
    found = Contents(limits)
    found.take(parsed)
    return replace(
        message,
        # Whoever sends a workbook waits for an answer, also where a group's address put its marks on the mail.
        is_automatic=is_auto_submitted(parsed) if found.workbooks else message.is_automatic,
        workbooks=tuple(found.workbooks),
        enclosures=tuple(found.enclosures),
        links=tuple(found.links),
    )


def _head_of(content: bytes) -> bytes:
    """The bytes up to the first empty line, that line included."""
    ends = [place + len(mark) for mark in (b"\r\n\r\n", b"\n\n", b"\r\r") if (place := content.find(mark)) >= 0]
    return content[: min(ends, default=len(content))]
