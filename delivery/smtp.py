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


class Unreachable(Deferred):
    """The server was not there, did not speak, or does not know us: that says nothing of this mail, nor of any other."""


class Refused(NotSent):
    """The server will not take this mail, however often it is asked."""


class TakenByAnother(NotSent):
    """Somebody else hands this mail over, or has."""


class Uncertain(Exception):
    """The connection broke after the mail was handed over; only a person can tell whether it arrived."""

    is_silence: bool = False
    """Whether the server did not answer in time, and would keep the next mail waiting, too."""


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
            Unreachable: if the server could not be reached, did not speak or would not let us in.
            Deferred: if it asked to wait (4xx), or the connection broke before the end of the mail was sent.
            Refused: if it refused sender, recipient or mail (5xx).
            TakenByAnother: if `hand_over` said no.
            Uncertain: if the connection broke once the end of the mail was being sent.
        """
        lines = _lines(content)
        server = self._greeted()
        try:
            _expect(self._introduced(server, sender, len(lines)), 250)
            _expect(server.rcpt(recipient), 250, 251)
            _expect(server.docmd("DATA"), 354)
            if not hand_over():
                raise TakenByAnother("lượt gửi khác đã nhận thư này")
            # Without its end no server takes a mail (RFC 5321, 4.1.1.4): what breaks here may be tried again.
            server.send(lines)
            return self._ended(server)
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
        server = None
        try:
            server = self._connected()
            server.ehlo_or_helo_if_needed()
            if self.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except (smtplib.SMTPException, OSError) as error:
            if server is not None:
                server.close()
            raise (Unreachable if _is_anybodys(error) else Deferred)(str(error)) from error
        return server

    def _introduced(self, server: smtplib.SMTP, sender: str, size: int) -> tuple[int, bytes]:
        """The answer to the sender, whom every mail names; a server that wants to know hears how large the mail is."""
        try:
            return server.mail(sender, [f"size={size}"] if server.has_extn("size") else [])
        except (smtplib.SMTPException, OSError) as error:
            raise (Unreachable if _is_silence(error) else Deferred)(str(error)) from error

    def _ended(self, server: smtplib.SMTP) -> str:
        """From here on a broken connection leaves nobody the wiser."""
        try:
            server.send(b".\r\n")
            code, answer = server.getreply()
        except (smtplib.SMTPException, OSError) as error:
            uncertain = Uncertain(str(error))
            uncertain.is_silence = _is_silence(error)
            raise uncertain from error
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


def _lines(content: bytes) -> bytes:
    """The mail as it goes over the line, without the dot that ends it."""
    lines = content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    stuffed = re.sub(rb"(?m)^\.", b"..", lines)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _is_silence(error: BaseException) -> bool:
    """Whether somebody was waited for in vain; `smtplib` tells of its own kind what broke the connection."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _is_anybodys(error: Exception) -> bool:
    """Whether the next mail would meet the same: nobody there, nobody who speaks, or a password that is wrong."""
    is_of_smtp = isinstance(error, smtplib.SMTPException)
    return not is_of_smtp or isinstance(error, smtplib.SMTPAuthenticationError) or _is_silence(error)


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
            Deferred: if it could not be written: a full disk, a folder that may not be written to.
            TakenByAnother: if `hand_over` said no.
        """
        del sender
        if not hand_over():
            raise TakenByAnother("lượt gửi khác đã nhận thư này")
        place = self.folder / f"{recipient.replace('/', '_')}.eml"
        # Named and locked like everything that is not yet whole, so that what a dead process leaves is known as such.
        part = place.with_name(f".part-{os.getpid()}-{place.name}")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(place)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise Deferred(str(error)) from error
        return str(place)
