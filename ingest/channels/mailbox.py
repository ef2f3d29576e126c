"""A mailbox by IMAP: asks for each unseen mail what becomes of it, and marks it; mails are kept where they are."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from domain.errors import UnreachableChannel
from ingest.channels.arrival import Arrival
from ingest.channels.faults import is_of_machine

TIMEOUT_SECONDS = 60
HEAD_BYTES = 300_000
"""So much of a mail is fetched to see who sent it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail before it is opened."""

    head: bytes
    size: int
    arrived_at: datetime
    """When the server took it; what the mail itself says of its day is its sender's word."""


@dataclass(frozen=True, slots=True)
class Received:
    """What becomes of a mail: the workbooks it brought, and whether a person should look at it."""

    arrivals: list[Arrival] = field(default_factory=list)
    is_flagged: bool = False


class Reception(Protocol):
    """Who decides what becomes of each mail."""

    def receive(self, envelope: Envelope, fetch: Callable[[], bytes]) -> Received:
        """Decide about a mail; its bytes are fetched only if they are asked for."""

    def is_kept(self, received: Received) -> bool:
        """Whether everything that the mail brought is in the ledger."""

    def failed(self, subject: str, error: Exception) -> None:
        """Hear that a mail was passed over by a fault of ours; it stays unseen, and is tried again."""

    def close(self) -> None:
        """Hear that there are no more mails for now."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox, and who decides about its mails."""

    host: str
    port: int
    security: str
    user: str
    password: str
    folder: str
    reception: Reception
    name: str = "mailbox"

    def arrivals(self, known: Container[str]) -> Iterator[Arrival]:
        """The workbooks of unseen mails; a mail is marked as seen when everything of it is kept."""
        try:
            with self._connected() as server:
                _, found = server.uid("SEARCH", "UNSEEN")
                for uid in (found[0] or b"").split():
                    yield from self._mail(server, uid.decode(), known)
        except (OSError, imaplib.IMAP4.error) as error:
            raise UnreachableChannel(
                f"Hộp thư {self.user} trên {self.host}:{self.port} không trả lời ({error}); sẽ thử lại lần sau."
            ) from error
        finally:
            self.reception.close()

    def log_in(self) -> datetime | None:
        """Open the mailbox and leave it as it is; gives the end of the server's certificate.

        Raises:
            UnreachableChannel: if the server does not answer or refuses.
        """
        try:
            with self._connected() as server:
                shown = server.sock.getpeercert() if isinstance(server.sock, ssl.SSLSocket) else None
                ends = str((shown or {}).get("notAfter", ""))
                return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if ends else None
        except (OSError, imaplib.IMAP4.error) as error:
            raise UnreachableChannel(
                f"Hộp thư {self.user} trên {self.host}:{self.port} không mở được ({_words(error)})."
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

    def _mail(self, server: imaplib.IMAP4, uid: str, known: Container[str]) -> Iterator[Arrival]:
        flags = r"(\Flagged)"
        try:
            envelope = _envelope(server, uid)
            if envelope is None:
                # Moved or deleted by a person since we asked.
                return
            received = self.reception.receive(envelope, lambda: _content(server, uid))
            for arrival in received.arrivals:
                if arrival.locator not in known:
                    yield arrival
            if self.reception.is_kept(received):
                flags = r"(\Flagged \Seen)" if received.is_flagged else r"(\Seen)"
        except imaplib.IMAP4.abort:
            raise
        except Exception as error:
            if is_of_machine(error):
                raise
            # One mail stops no other: it stays unseen, is flagged, and whoever watches hears of it with every run.
            self.reception.failed(uid, error)
        server.uid("STORE", uid, "+FLAGS", flags)


def _words(error: Exception) -> str:
    """What a server answered, which the library hands on as bytes."""
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(error)


def _envelope(server: imaplib.IMAP4, uid: str) -> Envelope | None:
    said, head = _fetched(server, uid, f"(RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER]<0.{HEAD_BYTES}>)")
    size = re.search(rb"RFC822\.SIZE (\d+)", said)
    if size is None:
        return None
    came = imaplib.Internaldate2tuple(said)
    arrived_at = datetime(*came[:6]).astimezone(UTC) if came else datetime.now(UTC)
    return Envelope(head, int(size[1]), arrived_at)


def _content(server: imaplib.IMAP4, uid: str) -> bytes:
    _, content = _fetched(server, uid, "(BODY.PEEK[])")
    if not content:
        raise imaplib.IMAP4.error(f"no bytes of message {uid}")
    return content


def _fetched(server: imaplib.IMAP4, uid: str, what: str) -> tuple[bytes, bytes]:
    """What the server says of a message, and the bytes it gives.

    Raises:
        imaplib.IMAP4.abort: if the connection is gone; then there is no other message to go on with.
    """
    try:
        _, fetched = server.uid("FETCH", uid, what)
    except OSError as error:
        raise imaplib.IMAP4.abort(str(error)) from error
    return _literal(fetched)


def _literal(fetched: list[bytes | tuple[bytes, bytes] | None]) -> tuple[bytes, bytes]:
    """What a server says before and after the bytes it gives, in one, and those bytes."""
    said, content = [], b""
    for part in fetched:
        if isinstance(part, tuple):
            said.append(part[0])
            content = part[1]
        elif isinstance(part, bytes):
            said.append(part)
    return b" ".join(said), content
