"""Composes mail: Vietnamese text and HTML, files under ASCII names."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from functools import cached_property

from domain.errors import BadRecipient

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The kind of a workbook."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that a mail carries, under an ASCII name; `kind` as in `application/pdf`."""

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Letter:
    """What a mail says, and what it carries."""

    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment] = ()
    instead: "Letter | None" = None
    """What is sent where this would be too large for the mail server."""
    answers: str | None = None
    """The Message-ID of the mail it answers, empty where that one has none; null where it answers none."""

    @cached_property
    def body(self) -> bytes:
        """What is the same for every recipient, as it goes over the line from its MIME headers on; made once for all."""
        message = EmailMessage(policy=POLICY)
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        for attachment in self.attachments:
            maintype, _, subtype = attachment.kind.partition("/")
            message.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=attachment.name)
        return message.as_bytes()


@dataclass(frozen=True, slots=True)
class Addressees:
    """The addresses that every recipient of a mail may see."""

    to: Sequence[str] = ()
    cc: Sequence[str] = ()


LEDGER_HEADER = "X-Ketnghia-Ledger"
"""Names the ledger that a mail was sent from."""
MOST_SHOWN = 50
"""More addresses than that are a distribution list: then everybody sees his own alone."""


class _FoldedSubjects(EmailPolicy):
    """The standard library loses spaces when it folds a long Vietnamese subject; the older folding does not."""

    def fold(self, name: str, value: str) -> str:
        if name.lower() == "subject":
            folded = Header(str(value), "utf-8", maxlinelen=75, header_name=name).encode(linesep=self.linesep)
            return f"{name}: {folded}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii") if name.lower() == "subject" else super().fold_binary(name, value)


POLICY = _FoldedSubjects(**{name: getattr(SMTP, name) for name in ("linesep", "max_line_length")})


def message_id(sender: str) -> str:
    """A name for one mail that nobody can guess: a report that names it comes from where the mail has been."""
    return f"<{secrets.token_hex(16)}@{sender.rpartition('@')[2]}>"


def refuse_stranger(address: str, allowed_domains: frozenset[str]) -> None:
    """Stop a mail to an address outside the allowed domains, or one that is no plain address.

    Raises:
        BadRecipient: says which address and which domains are allowed.
    """
    _, plain = parseaddr(address)
    domain = plain.rpartition("@")[2].lower()
    if plain != address or any(mark in address for mark in "\r\n,;<> ") or address.count("@") != 1:
        raise BadRecipient(f"Địa chỉ nhận “{address}” không phải một địa chỉ thư đơn; sửa recipients.csv.")
    if not any(domain == allowed or domain.endswith(f".{allowed}") for allowed in allowed_domains):
        raise BadRecipient(
            f"Địa chỉ {address} nằm ngoài các tên miền được phép ({', '.join(sorted(allowed_domains))}); "
            "sửa recipients.csv hoặc KETNGHIA_MAIL_DOMAINS."
        )


def fitting(letter: Letter, most_bytes: int) -> Letter:
    """The letter, or the first of those to be sent instead that is not too large; the last one however large it is."""
    # Base64 makes four letters of three bytes, and breaks lines.
    while letter.instead is not None and sum(len(each.content) for each in letter.attachments) * 1.37 > most_bytes:
        letter = letter.instead
    return letter


def compose(
    letter: Letter,
    sender: str,
    recipient: str,
    identity: str,
    at: datetime,
    shown: Addressees | None = None,
    ledger: str = "",
) -> bytes:
    """One mail to one recipient, as it goes over the line; without `shown` it is addressed to him alone. It bears the id of its ledger."""
    shown = shown or Addressees([recipient])
    is_list = len(shown.to) + len(shown.cc) > MOST_SHOWN
    message = EmailMessage(policy=POLICY)
    message["From"] = sender
    message["To"] = recipient if is_list else ", ".join(shown.to) or "undisclosed-recipients:;"
    if shown.cc and not is_list:
        message["Cc"] = ", ".join(shown.cc)
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = identity
    if ledger:
        message[LEDGER_HEADER] = ledger
    if letter.answers is not None:
        # RFC 3834: whoever answers by a machine too is asked not to.
        message["Auto-Submitted"] = "auto-replied"
        message["X-Auto-Response-Suppress"] = "OOF, AutoReply"
    if letter.answers:
        message["In-Reply-To"] = message["References"] = letter.answers
    # The empty line that ends the headers comes with those of the body.
    return message.as_bytes().removesuffix(b"\r\n") + letter.body
