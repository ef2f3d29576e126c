"""Against a real server on loopback: STARTTLS with a certificate of the test's own, login, refusals."""

import asyncio
import errno
import os
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from delivery.line import Line
from delivery.smtp import Deferred, Refused, Server, Sink, TakenByAnother, Uncertain, Unreachable

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")]


class Mailbox:
    """What the server took, how it answers at each stage, and at which it hangs up."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: dict[str, str] = {}
        self.hang_up = ""
        self.slow_seconds = 0.0
        self.times = 10**6
        """How often the odd answer is given; then the server is as it should be."""

    def told(self, server: SMTP, stage: str) -> str | None:
        """The odd answer of the stage, if any is left."""
        if self.times <= 0:
            return None
        if self.hang_up == stage:
            server.transport.abort()
            return "250 OK"
        answer = self.answers.get(stage)
        if answer is not None:
            self.times -= 1
        return answer

    async def handle_MAIL(  # noqa: N802 - the names are the library's
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.told(server, "MAIL")
        if answer is None:
            envelope.mail_from = address
        return answer or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.told(server, "RCPT")
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.slow_seconds:
            await asyncio.sleep(self.slow_seconds)
        answer = self.told(server, "DATA")
        if answer is None or self.hang_up:
            self.taken.append(envelope)
        return answer or "250 OK"


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


def send(server: Server | Sink, hand_over: Callable[[], bool] = lambda: True) -> str:
    return server(mail().as_bytes(), "a@gialai.example", "b@gialai.example", hand_over)


def test_a_mail_goes_over_starttls_with_login(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    assert send(server).startswith("250 OK")
    assert [envelope.rcpt_tos for envelope in box.taken] == [["b@gialai.example"]]


def test_the_bytes_that_arrive_are_those_that_were_composed(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    content = b"From: a@gialai.example\r\n\r\n.one\r\n..two\r\n.\r\nlast"
    server(content, "a@gialai.example", "b@gialai.example", lambda: True)
    assert box.taken[0].content == content + b"\r\n"


def test_a_wrong_login_says_nothing_about_the_mail(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    with pytest.raises(Unreachable):
        send(Server(server.host, server.port, "starttls", "ketnghia", "wrong", 3))
    assert box.taken == []


def test_a_certificate_nobody_vouches_for_stops_the_mail(
    mailbox: tuple[Mailbox, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(Deferred, match="certificate"):
        send(mailbox[1])
    assert mailbox[0].taken == []


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("answer", "expected"), [("451 later", Deferred), ("550 never", Refused)])
def test_a_4xx_is_for_later_and_a_5xx_for_good_at_every_stage(
    mailbox: tuple[Mailbox, Server], stage: str, answer: str, expected: type[Exception]
) -> None:
    box, server = mailbox
    box.answers[stage] = answer
    with pytest.raises(expected, match=answer[:3]):
        send(server)
    assert box.taken == []


def test_a_greylisting_server_takes_the_mail_the_second_time(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    box.answers["RCPT"], box.times = "450 greylisted, come again", 1
    with pytest.raises(Deferred, match="greylisted"):
        send(server)
    send(server)
    assert len(box.taken) == 1


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
def test_a_connection_lost_before_the_mail_was_handed_over_is_for_later(
    mailbox: tuple[Mailbox, Server], stage: str
) -> None:
    box, server = mailbox
    box.hang_up = stage
    with pytest.raises(Deferred):
        send(server)
    assert box.taken == []


def test_a_connection_lost_after_the_mail_was_handed_over_is_uncertain(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    box.hang_up = "DATA"
    with pytest.raises(Uncertain):
        send(server)


def test_a_server_too_slow_to_answer_leaves_us_uncertain(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    box.slow_seconds = 1.5
    with pytest.raises(Uncertain, match="timed out") as told:
        send(Server(server.host, server.port, "starttls", "ketnghia", "secret", 0.5))
    assert told.value.is_silence


def test_nothing_is_handed_over_that_another_has_taken(mailbox: tuple[Mailbox, Server], tmp_path: Path) -> None:
    box, server = mailbox
    for channel in (server, Sink(tmp_path / "outbox")):
        with pytest.raises(TakenByAnother):
            send(channel, lambda: False)
    assert box.taken == []
    assert not (tmp_path / "outbox").exists()


def test_a_server_that_is_not_there_is_for_later() -> None:
    with pytest.raises(Unreachable):
        send(Server("127.0.0.1", 1, "none", "", ""))


def script(*answers: str, then: str) -> Iterator[int]:
    """A server that says these lines, one for each it hears, and then takes no more, or `"silence"` for ever."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        door.settimeout(10)
        stop = threading.Event()

        def serve() -> None:
            line, _ = door.accept()
            with line, line.makefile("rb") as heard:
                for place, answer in enumerate(answers):
                    if place:
                        heard.readline()
                    line.sendall(answer.encode() + b"\r\n")
                if then == "silence":
                    stop.wait(10)
                    return
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

        thread = threading.Thread(target=serve)
        thread.start()
        yield int(door.getsockname()[1])
        stop.set()
        thread.join()


TO_THE_MAIL = ("220 x", "250 x", "250 x", "250 x", "354 x")


def test_a_connection_lost_before_the_last_byte_leaves_nothing_uncertain() -> None:
    for port in script(*TO_THE_MAIL, then="reset"):
        large = mail().as_bytes() + b"x" * 50_000_000
        with pytest.raises(Deferred):
            Server("127.0.0.1", port, "none", "", "", 5)(large, "a@x.example", "b@x.example", lambda: True)


@pytest.mark.parametrize("spoken", range(4), ids=["greeting", "hello", "sender", "recipient"])
def test_a_silent_server_is_waited_for_once_and_a_silent_recipient_is_his_own(spoken: int) -> None:
    line = Line()
    for port in script(*TO_THE_MAIL[:spoken], then="silence"):
        server = Server("127.0.0.1", port, "none", "", "", 0.3)
        with pytest.raises(Deferred, match="timed out"):
            line.send(server, mail().as_bytes(), "a@x.example", "b@x.example", lambda: True)
    if spoken == 3:
        assert line.fault == ""
        return
    begun = time.monotonic()
    for _ in range(100):
        with pytest.raises(Deferred, match=r"trong lượt này máy chủ thư không nói chuyện được .*timed out"):
            line.send(server, mail().as_bytes(), "a@x.example", "b@x.example", lambda: True)
    assert time.monotonic() - begun < 5  # the server says nothing for longer


def test_a_server_that_keeps_the_mail_and_says_nothing_costs_one_doubt(mailbox: tuple[Mailbox, Server]) -> None:
    box, server = mailbox
    box.slow_seconds, line = 1.5, Line()
    hasty = Server(server.host, server.port, "starttls", "ketnghia", "secret", 0.5)
    for expected in (Uncertain, Deferred, Deferred):
        with pytest.raises(expected):
            line.send(hasty, mail().as_bytes(), "a@x.example", "b@x.example", lambda: True)


def test_a_mail_that_is_too_large_is_refused_before_it_is_sent() -> None:
    for port in script("220 x", "250-x\r\n250 SIZE 100", "552 too large", then="reset"):
        with pytest.raises(Refused, match="552"):
            send(Server("127.0.0.1", port, "none", "", "", 5))


def test_a_full_disk_keeps_the_mail_for_later_and_leaves_nothing_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Deferred, match="No space left"):
        send(Sink(tmp_path / "outbox"))
    assert list((tmp_path / "outbox").iterdir()) == []


def test_without_a_server_the_mail_lies_whole_in_a_folder(tmp_path: Path) -> None:
    place = send(Sink(tmp_path / "outbox"))
    assert [path.name for path in (tmp_path / "outbox").iterdir()] == ["b@gialai.example.eml"]
    assert Path(place).read_bytes() == mail().as_bytes()
