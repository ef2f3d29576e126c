"""A mail server's report that a mail of ours did not arrive (RFC 3464): its form, and what it says."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message as Parsed
from email.policy import compat32

from domain.text import in_one_line
from ingest.mail.heads import subject_of, value, values
from ingest.mail.message import Report

_ID = re.compile(r"<[^<>\s]{1,240}>")
_NAMED_BY_SERVERS = ("Original-Message-ID", "X-MS-Exchange-Message-ID", "X-Original-Message-ID")


def report_of(message: Parsed) -> Report | None:
    """The report, if the mail has the form of one; what only quotes a mail of ours, or has a way back, is none."""
    is_status = str(message.get_param("report-type", "delivery-status")).lower() == "delivery-status"
    if message.get_content_type() != "multipart/report" or not is_status or not message.is_multipart():
        return None
    if any(way_back.strip() != "<>" for way_back in values(message, "Return-Path")[:1]):
        return None
    statuses = [block for part in _parts(message, "message/delivery-status") for block in _children(part)]
    if not statuses:
        return None
    actions = {value(block, "Action").strip().lower() for block in statuses} - {""}
    return Report(
        is_failure=not actions or "failed" in actions,
        mentions=tuple(dict.fromkeys(_mentions(message, statuses))),
        reason=in_one_line(_reason(statuses) or subject_of(message))[:300],
    )


def _mentions(message: Parsed, statuses: list[Parsed]) -> Iterator[str]:
    """The Message-IDs of the mail that came back, or of its head alone."""
    returned = [child for part in _parts(message, "message/rfc822") for child in _children(part)]
    for part in _parts(message, "text/rfc822-headers"):
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            returned.append(message_from_bytes(content, policy=compat32))
    for each in returned:
        yield from _ID.findall(value(each, "Message-ID"))
    for block in statuses:
        for name in _NAMED_BY_SERVERS:
            yield from _ID.findall(value(block, name))


def _reason(statuses: list[Parsed]) -> str:
    said = [value(block, name) for name in ("Diagnostic-Code", "Status") for block in statuses]
    return next((each for each in said if each.strip()), "")


def _parts(message: Parsed, kind: str) -> list[Parsed]:
    return [part for part in _children(message) if part.get_content_type() == kind]


def _children(part: Parsed) -> list[Parsed]:
    return [each for each in part.get_payload() if isinstance(each, Parsed)] if part.is_multipart() else []
