"""Against a real server on loopback: STARTTLS with a certificate of the test's own, login, refusals."""

import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from delivery.smtp import Refused, Server, Sink, Uncertain

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")]


class Mailbox:
    """What the server took, and how it answers."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answer = "250 OK"
        self.hang_up = False

    async def handle_DATA(  # noqa: N802 - the name is the library's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.hang_up:
            server.transport.close()
            return "250 OK"
        if self.answer.startswith("250"):
            self.taken.append(envelope)
        return self.answer


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[Mailbox, Server]]:
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    server_context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(server_context)
    trusted = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(str(trusted))
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    box = Mailbox()

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: Any, data: Any) -> AuthResult:
        return AuthResult(success=(data.login, data.password) == (b"ketnghia", b"secret"))

    controller = Controller(
        box, hostname="127.0.0.1", port=free_port(), tls_context=server_context, require_starttls=True,
        auth_required=True, authenticator=authenticate,
    )  # fmt: skip
    controller.start()
    yield box, Server("127.0.0.1", controller.port, "starttls", "ketnghia", "secret")
    controller.stop()


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def mail() -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@gialai.example", "b@gialai.example", "x"
    message.set_content("Kính gửi")
    return message


def test_a_mail_goes_over_starttls_with_login(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    server(mail())
    assert [envelope.rcpt_tos for envelope in box.taken] == [["b@gialai.example"]]


def test_a_wrong_login_is_a_refusal(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    with pytest.raises(Refused):
        Server(server.host, server.port, "starttls", "ketnghia", "wrong", 3)(mail())
    assert box.taken == []


def test_a_certificate_nobody_vouches_for_is_a_refusal(
    mailbox: tuple[Mailbox, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Refused, match="certificate"):
        mailbox[1](mail())


@pytest.mark.parametrize("answer", ["451 later", "550 never"])
def test_what_the_server_declines_did_not_go(mailbox: tuple[Mailbox, Server], answer: str) -> None:
    box, server = mailbox
    box.answer = answer
    with pytest.raises(Refused, match=answer[:3]):
        server(mail())


def test_a_connection_lost_after_the_mail_was_handed_over_is_uncertain(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    box.hang_up = True
    with pytest.raises(Uncertain):
        server(mail())


def test_a_server_that_is_not_there_is_a_refusal() -> None:
    with pytest.raises(Refused):
        Server("127.0.0.1", 1, "none", "", "")(mail())


def test_without_a_server_the_mail_lies_whole_in_a_folder(tmp_path: Path) -> None:
    place = Sink(tmp_path / "outbox")(mail())
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == ["b@gialai.example.eml"]
    assert Path(place).read_bytes() == mail().as_bytes()
