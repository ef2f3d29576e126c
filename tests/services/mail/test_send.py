"""A released edition through a real server that declines at first: nothing lost, nothing doubled."""

import os
import socket
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from typer.testing import CliRunner

from cli.main import app
from domain.deliveries import DeliveryState
from domain.editions import EditionState
from domain.errors import NotReleasable
from domain.period import Period
from services.editions import release as releasing
from services.settings import Settings
from tests.commands import collect_submissions, monthly_report, release, send_report, status
from tests.services.mail.office import EDITION, Office, address, long_after

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd")]


class Moody:
    """Declines the second mail once."""

    def __init__(self) -> None:
        self.attempts = 0
        self.taken: Counter[str] = Counter()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.attempts += 1
        if self.attempts == 2:
            return "451 try again later"
        self.taken.update(envelope.rcpt_tos)
        return "250 OK"


@pytest.fixture
def server(settings: Settings) -> Iterator[Moody]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    moody = Moody()
    controller = Controller(moody, hostname="127.0.0.1", port=port)
    controller.start()
    settings.smtp_host, settings.smtp_port, settings.smtp_security = "127.0.0.1", port, "none"
    yield moody
    controller.stop()


def test_a_declined_mail_goes_on_the_next_run_and_no_other_goes_twice(
    server: Moody, settings: Settings, fill_inbox: Callable[..., None]
) -> None:
    fill_inbox("2024-01", with_faults=False)
    collect_submissions(settings)
    edition = monthly_report(settings, Period.parse("2024-01")).edition.edition_id
    release(settings, edition, "Nguyễn Văn A")

    first = Counter(delivered.state for delivered in send_report(settings, edition))
    assert first == {DeliveryState.SENT: 2, DeliveryState.DEFERRED: 1}
    second = Counter(delivered.state for delivered in send_report(settings, edition))
    assert second == {DeliveryState.SENT: 3}
    send_report(settings, edition)

    assert (len(server.taken), set(server.taken.values())) == (3, {1})
    assert [each.record.state for each in status(settings, Period.parse("2024-01")).editions] == [EditionState.SENT]
    assert not (settings.home / "outbox").exists() or os.listdir(settings.home / "outbox") == []


def test_the_outbox_ends_by_whether_all_that_it_tried_went(
    office: tuple[Office, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, settings = office
    [name] = address(settings, 1)
    server.odd = {name: ["450 later", "450 later"]}
    send_report(settings, EDITION)
    for variable, value in (
        ("HOME", settings.home),
        ("SMTP_HOST", settings.smtp_host),
        ("SMTP_PORT", settings.smtp_port),
    ):
        monkeypatch.setenv(f"KETNGHIA_{variable}", str(value))
    monkeypatch.setenv("KETNGHIA_SMTP_SECURITY", "none")
    ended = []
    for _ in range(2):
        long_after(settings)
        ended.append(CliRunner().invoke(app, ["outbox"]).exit_code)
    assert ended == [1, 0]


def test_real_figures_do_not_go_to_the_examples_that_came_with_the_program(
    settings: Settings, fill_inbox: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Made-up submissions are made real by SQL, which is what a release refuses otherwise.
    monkeypatch.setattr(releasing, "refuse_altered_knowledge", lambda *_: None)
    fill_inbox("2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    with closing(sqlite3.connect(settings.home / "ketnghia.sqlite3")) as ledger, ledger:
        ledger.execute("UPDATE submissions SET is_sample = 0")
    edition = monthly_report(settings, Period.parse("2024-01")).edition.edition_id
    release(settings, edition, "Nguyễn Văn A")
    own = settings.home / "reference" / "recipients.csv"
    with pytest.raises(NotReleasable, match=f"còn địa chỉ mẫu.*chưa gửi cho ai; ghi địa chỉ thật vào {own}"):
        send_report(settings, edition)
    assert not settings.mail_sink.exists()
    own.write_text(
        "email,name,role,valid_from,valid_to,note\nthuongtruc@gialai.gov.vn,Thường trực,TO,2020-01-01,,\n", "utf-8"
    )
    [sent] = send_report(settings, edition)
    assert (sent.recipient, sent.state) == ("thuongtruc@gialai.gov.vn", DeliveryState.SENT)
