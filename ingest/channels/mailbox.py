"""A mailbox by IMAP: the attachments of what units have sent; messages are kept where they are."""

import contextlib
import email
import email.policy
import imaplib
import re
import ssl
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import PurePosixPath

from domain.errors import UnreachableChannel
from domain.text import printable
from ingest.channels.arrival import Arrival

TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox, and whose mail is taken from it."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str
    most_bytes: int
    is_registered: Callable[[str, datetime], bool]
    """Whether the address may send workbooks on that day."""
    keep_message: Callable[[bytes], object]
    """Keeps the message as it came; called before anything in it is looked at."""
    take_report: Callable[[bytes], bool]
    """Takes a server's report about a mail that was sent from here; false where the message is none."""
    refuse: Callable[[str, str], None]
    """Hears of a stranger's address and subject; such a mail is flagged and not opened."""
    name: str = "mailbox"

    def arrivals(self, known: Container[str]) -> Iterator[Arrival]:
        """The attachments of unseen messages; a message is marked as seen when all of them are kept."""
        try:
            with self._connected() as server:
                validity = _number(server.response("UIDVALIDITY")[1])
                _, found = server.uid("SEARCH", "UNSEEN")
                for uid in (found[0] or b"").split():
                    for arrival in self._message(server, validity, uid.decode()):
                        if arrival.locator not in known:
                            yield arrival
        except (OSError, imaplib.IMAP4.error) as error:
            raise UnreachableChannel(
                f"Hộp thư {self.user} trên {self.host}:{self.port} không trả lời ({error}); sẽ thử lại lần sau."
            ) from error

    @contextlib.contextmanager
    def _connected(self) -> Iterator[imaplib.IMAP4]:
        if self.security == "tls":
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(
                self.host, self.port, ssl_context=ssl.create_default_context(), timeout=TIMEOUT_SECONDS
            )
        else:
            server = imaplib.IMAP4(self.host, self.port, timeout=TIMEOUT_SECONDS)
        with server:
            if self.security == "starttls":
                server.starttls(ssl.create_default_context())
            server.login(self.user, self.password)
            status, data = server.select(f'"{self.folder}"')
            if status != "OK":
                raise imaplib.IMAP4.error(data)
            yield server

    def _message(self, server: imaplib.IMAP4, validity: str, uid: str) -> Iterator[Arrival]:
        _, size = server.uid("FETCH", uid, "(RFC822.SIZE)")
        if int(_number(size) or 0) > 3 * self.most_bytes:
            self.refuse("?", f"thư số {uid} quá lớn")
            server.uid("STORE", uid, "+FLAGS", r"(\Flagged \Seen)")
            return
        _, fetched = server.uid("FETCH", uid, "(INTERNALDATE BODY.PEEK[])")
        envelope, content = next(part for part in fetched if isinstance(part, tuple))
        came = imaplib.Internaldate2tuple(envelope)
        arrived_at = datetime(*came[:6]).astimezone(UTC) if came else datetime.now(UTC)
        self.keep_message(content)
        if self.take_report(content):
            server.uid("STORE", uid, "+FLAGS", r"(\Seen)")
            return
        message = email.message_from_bytes(content, policy=email.policy.default)
        sender = parseaddr(str(message.get("From", "")))[1].lower()
        if not self.is_registered(sender, arrived_at):
            self.refuse(sender or "?", str(message.get("Subject", "")))
            server.uid("STORE", uid, "+FLAGS", r"(\Flagged \Seen)")
            return
        for number, (name, attached) in enumerate(_attachments(message), start=1):
            locator = f"{validity}/{uid}/{number}"
            yield Arrival(self.name, locator, name, attached[: self.most_bytes + 1], arrived_at, sender)
        server.uid("STORE", uid, "+FLAGS", r"(\Seen)")


def _attachments(message: EmailMessage) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file in a message; pictures inside its text are none."""
    for part in message.walk():
        name = part.get_filename()
        is_picture = part.get_content_maintype() == "image" and part.get_content_disposition() == "inline"
        if name is None or is_picture or part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            plain = PurePosixPath(name.replace("\\", "/")).name or "khong-ten"
            yield printable(plain), content


def _number(data: list[bytes | tuple[bytes, bytes] | None]) -> str:
    """The number in a server's answer."""
    text = next((part for part in data if isinstance(part, bytes)), b"")
    numbers = re.findall(rb"\d+", text)
    return numbers[-1].decode() if numbers else ""
