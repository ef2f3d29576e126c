"""Sends one composed mail: to a server, or, while none is configured, into a folder as `.eml`."""

import contextlib
import fcntl
import os
import re
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol


class NotSent(Exception):
    """The mail certainly did not go; the text is the server's answer, or why there was none."""


class Deferred(NotSent):
    """It may be tried again: the server asked to wait, was not there, or would not talk to us."""


class Refused(NotSent):
    """The server will not take this mail, however often it is asked."""


class TakenByAnother(NotSent):
    """Somebody else hands this mail over, or has."""


class Uncertain(Exception):
    """The connection broke after the mail was handed over; only a person can tell whether it arrived."""


HandOver = Callable[[], bool]
"""Asked at the very moment the server is ready for the mail; false stops it."""


class Send(Protocol):
    """Sends a mail to one recipient; says in what words it was taken."""

    def __call__(self, content: bytes, sender: str, recipient: str, hand_over: HandOver) -> str: ...


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to speak with it."""

    host: str
    port: int
    security: str
    user: str
    password: str
    timeout_seconds: float = 60

    def __call__(self, content: bytes, sender: str, recipient: str, hand_over: HandOver) -> str:
        """Send the mail, given as the bytes that go over the line.

        Raises:
            Deferred: if the server could not be reached, would not talk to us, or asked to wait (4xx).
            Refused: if it refused sender, recipient or mail (5xx).
            TakenByAnother: if `hand_over` said no.
            Uncertain: if the connection broke after the mail was handed over.
        """
        server = self._greeted()
        try:
            _expect(server.mail(sender), 250)
            _expect(server.rcpt(recipient), 250, 251)
            _expect(server.docmd("DATA"), 354)
            if not hand_over():
                raise TakenByAnother("lượt gửi khác đã nhận thư này")
            return self._handed_over(server, content)
        except (smtplib.SMTPException, OSError) as error:
            raise Deferred(str(error)) from error
        finally:
            server.close()

    def log_in(self) -> datetime | None:
        """Speak with the server up to the point where a mail would follow, and take leave; gives its certificate's end.

        Raises:
            Deferred: if it could not be reached, or would not talk to us.
        """
        server = self._greeted()
        shown = server.sock.getpeercert() if isinstance(server.sock, ssl.SSLSocket) else None
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
        return _end_of(shown)

    def _greeted(self) -> smtplib.SMTP:
        """A server that knows us; whatever goes wrong here says nothing about the mail."""
        try:
            server = self._connected()
        except (smtplib.SMTPException, OSError) as error:
            raise Deferred(str(error)) from error
        try:
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except (smtplib.SMTPException, OSError) as error:
            server.close()
            raise Deferred(str(error)) from error
        return server

    def _handed_over(self, server: smtplib.SMTP, content: bytes) -> str:
        """From here on a broken connection leaves nobody the wiser."""
        lines = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        stuffed = re.sub(rb"(?m)^\.", b"..", lines)
        end = b".\r\n" if stuffed.endswith(b"\r\n") else b"\r\n.\r\n"
        try:
            server.send(stuffed + end)
            code, answer = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            raise Uncertain(str(error)) from error
        if code == -1:
            raise Uncertain(_words(answer))
        _expect((code, answer), 250)
        with contextlib.suppress(smtplib.SMTPException, OSError):
            server.quit()
        return f"{code} {_words(answer)} ({self.host}:{self.port})"

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)


def _end_of(certificate: Mapping[str, object] | None) -> datetime | None:
    """When a certificate ends; nothing where none was shown."""
    ends = str((certificate or {}).get("notAfter", ""))
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC) if ends else None


def _expect(reply: tuple[int, bytes], *wanted: int) -> None:
    """Go on where the server answers so.

    Raises:
        Refused: after a 5xx.
        Deferred: after anything else.
    """
    code, answer = reply
    if code not in wanted:
        raise (Refused if 500 <= code < 600 else Deferred)(f"{code} {_words(answer)}")


def _words(answer: bytes) -> str:
    return answer.decode("utf-8", "replace").replace("\n", " ")


@dataclass(frozen=True, slots=True)
class Sink:
    """A folder that takes mail while no server is configured."""

    folder: Path

    def __call__(self, content: bytes, sender: str, recipient: str, hand_over: HandOver) -> str:
        """Write the mail as `<recipient>.eml`, whole or not at all.

        Raises:
            TakenByAnother: if `hand_over` said no.
        """
        del sender
        if not hand_over():
            raise TakenByAnother("lượt gửi khác đã nhận thư này")
        self.folder.mkdir(parents=True, exist_ok=True)
        place = self.folder / f"{recipient.replace('/', '_')}.eml"
        # Named and locked like everything that is not yet whole, so that what a dead process leaves is known as such.
        part = place.with_name(f".part-{os.getpid()}-{place.name}")
        with part.open("wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
        return str(place)
