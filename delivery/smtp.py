"""Sends one composed mail: to a server, or, while none is configured, into a folder as `.eml`."""

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol


class Refused(Exception):
    """The mail certainly did not go; it may be tried again."""


class Uncertain(Exception):
    """The connection broke while the server was taking the mail; only a person can tell whether it arrived."""


class Send(Protocol):
    """Sends a mail; says in what words it was taken."""

    def __call__(self, message: EmailMessage) -> str: ...


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to speak with it."""

    host: str
    port: int
    security: str
    user: str
    password: str
    timeout_seconds: float = 60

    def __call__(self, message: EmailMessage) -> str:
        """Send the mail.

        Raises:
            Refused: if the server could not be reached or refused.
            Uncertain: if the connection broke after the mail was handed over.
        """
        handed_over = False
        try:
            with self._connected() as server:
                if self.security == "starttls":
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                recipients = [str(message["To"])]
                handed_over = True
                server.send_message(message, to_addrs=recipients)
        except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
            raise (Uncertain if handed_over else Refused)(str(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Refused(str(error)) from error
        return f"{self.host}:{self.port}"

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            return smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_seconds, context=ssl.create_default_context()
            )
        return smtplib.SMTP(self.host, self.port, timeout=self.timeout_seconds)


@dataclass(frozen=True, slots=True)
class Sink:
    """A folder that takes mail while no server is configured."""

    folder: Path

    def __call__(self, message: EmailMessage) -> str:
        """Write the mail as `<recipient>.eml`, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["To"]).replace("/", "_")
        place = self.folder / f"{name}.eml"
        part = place.with_suffix(".part")
        with part.open("wb") as file:
            file.write(message.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
        return str(place)
