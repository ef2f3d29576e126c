"""The head of a mail, however its program wrote it: addresses, subject, names of files, and who let it go."""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message as Parsed
from email.utils import collapse_rfc2231_value, getaddresses
from pathlib import PurePosixPath

from domain.text import in_one_line, printable, tidy

MOST_LETTERS = 300
"""Of a subject; of a file's name, half as many."""
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}", re.ASCII)
_ANGLED = re.compile(r"<([^<>]*@[^<>]*)>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
_MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,240}>")
_NO_NAME = "khong-ten"


def values(part: Parsed, name: str) -> list[str]:
    """The raw values of a header, topmost first; what the library stumbles over is left out."""
    return [str(value) for header, value in part.raw_items() if header.lower() == name.lower()]


def value(part: Parsed, name: str) -> str:
    """The topmost value of a header; empty where there is none."""
    return next(iter(values(part, name)), "")


def sender_of(part: Parsed) -> str:
    """The one address that the mail is from, in small letters; empty where there is none, or several that differ."""
    named = {address for each in values(part, "From") for address in _addresses(" ".join(each.split()))}
    return named.pop() if len(named) == 1 else ""


def _addresses(text: str) -> set[str]:
    """The addresses in a `From`; as it stands, for inside an encoded word anybody may write that of somebody else."""
    for candidate in (text, words(text)):
        unquoted = _QUOTED.sub(" ", candidate)
        written = [address for _, address in getaddresses([candidate])] + _ANGLED.findall(unquoted)
        found = {address.strip().lower() for address in written if _ADDRESS.fullmatch(address.strip())}
        if found:
            return found
    return set()


def subject_of(part: Parsed) -> str:
    """The subject in one line."""
    return in_one_line(words(value(part, "Subject")))[:MOST_LETTERS]


def message_id_of(part: Parsed) -> str:
    """The Message-ID, if it is one that can be quoted in an answer."""
    found = _MESSAGE_ID.search(value(part, "Message-ID"))
    return found[0] if found else ""


def words(text: str) -> str:
    """The text with its encoded words (RFC 2047) decoded, as far as that can be done; bytes outside ASCII are UTF-8."""
    try:
        return "".join(
            _text(piece, charset) if isinstance(piece, bytes) else _text(_bytes(piece), None)
            for piece, charset in decode_header(text)
        )
    except (HeaderParseError, ValueError):
        return _text(_bytes(text), None)


def text_of(content: bytes, charset: str | None) -> str:
    """The text of a body, whatever it says of its letters."""
    return _text(content, charset)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _text(content: bytes, charset: str | None) -> str:
    try:
        return content.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):
        return content.decode("utf-8", "replace")


def file_name_of(part: Parsed) -> str:
    """The name that a part bears as a file; empty where it bears none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        try:
            found = part.get_param(parameter, header=header)
            raw = collapse_rfc2231_value(found) if found is not None else ""
        except (ValueError, TypeError, LookupError, AttributeError):
            # Half an RFC 2231 parameter; the other header may say it better.
            continue
        if isinstance(raw, str) and raw.strip():
            return plain_name(words(raw))
    return ""


def plain_name(text: str) -> str:
    """The name alone, without folders, in one line and not too long; its ending is kept."""
    name = printable(tidy(PurePosixPath(text.replace("\\", "/")).name)).strip(" .")
    if len(name) > MOST_LETTERS // 2:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        name = (stem or name)[: MOST_LETTERS // 2 - len(ending)] + ending
    return name


def named(name: str, ending: str = "") -> str:
    """The name, or the one that a nameless file gets."""
    return name or f"{_NO_NAME}{ending}"


def is_auto_submitted(part: Parsed) -> bool:
    """Whether a machine says that it sent it by itself, or that nobody is to be answered (RFC 3834)."""
    said = value(part, "Auto-Submitted").partition(";")[0].strip().lower()
    return said not in ("", "no") or value(part, "Return-Path").strip() == "<>"


def is_automatic(part: Parsed) -> bool:
    """Whether no person sent it, by what older programs and lists say too; groups put that on people's mail as well."""
    return (
        is_auto_submitted(part)
        or value(part, "Precedence").strip().lower() in ("bulk", "list", "junk", "auto_reply")
        or any(value(part, name) for name in ("List-Id", "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond"))
        or part.get_content_type() == "multipart/report"
    )
