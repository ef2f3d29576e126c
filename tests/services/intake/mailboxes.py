"""An office whose units send by mail."""

import socket
from email import message_from_bytes, policy
from email.message import EmailMessage
from imaplib import IMAP4
from pathlib import Path
from typing import Any

from services.settings import Settings
from tests.ingest.mail.letters import UNIT

UNITS = f"email,unit_code,valid_from,valid_to,note\n{UNIT},622,2020-01-01,,\n"


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def by_mail(home: Path, port: int, units: str = UNITS, **more: Any) -> Settings:
    local = home / "reference"
    local.mkdir(parents=True)
    (local / "unit_mailboxes.csv").write_text(units, encoding="utf-8")
    return Settings(
        home=home, imap_host="127.0.0.1", imap_port=port, imap_security="none", imap_user="demouser",
        imap_password="demopass", _env_file=None, **more,
    )  # fmt: skip


def put(mailbox: IMAP4, *mails: bytes) -> None:
    for mail in mails:
        mailbox.append("INBOX", "", "", mail)  # type: ignore[arg-type]


def found(mailbox: IMAP4, what: str) -> int:
    """How many mails the server finds so."""
    mailbox.select("INBOX")
    return len(mailbox.search(None, what)[1][0].split())


def answers(settings: Settings) -> list[EmailMessage]:
    """The mails that left, oldest first."""
    places = sorted(settings.mail_sink.rglob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    return [message_from_bytes(path.read_bytes(), policy=policy.default) for path in places]


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())
