"""Every mail that should arrive does, once: through refusals, two senders at once, and kill -9."""

import shutil
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest
from sqlalchemy import text

from delivery.message import Letter
from domain.accounts import Duty, RoleName
from domain.deliveries import DeliveryState
from domain.editions import EditionState
from domain.errors import BadRecipient, KetnghiaError, NotReleasable
from flows import send_report as flow
from services.mail import outbox
from services.mail.notices import send_notice
from services.mail.outbox import eml_path
from services.mail.send import deliver_mails, find_recipients, still_stands
from services.run import open_run
from services.settings import Settings
from services.steps import Direct
from storage import deliveries, editions
from storage.database import open_database
from tests.commands import (
    collect_submissions,
    flush_outbox,
    give,
    note_bounce,
    resolve_uncertain,
    send_report,
    verify_ledger,
    withdraw,
)
from tests.services.mail.office import EDITION, Office, address, edition_state, long_after, standing, states

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::DeprecationWarning:aiosmtpd"),
]


def test_who_was_deferred_is_tried_again_in_time_and_who_was_refused_is_not(office: tuple[Office, Settings]) -> None:
    server, settings = office
    address(settings, 3)
    server.odd = {"r0001@gialai.example": ["450 greylisted"], "r0002@gialai.example": ["550 no such user"] * 9}
    send_report(settings, EDITION)
    assert states(settings) == {DeliveryState.SENT: 1, DeliveryState.DEFERRED: 1, DeliveryState.REFUSED: 1}
    assert flush_outbox(settings) == []  # its time has not come
    assert edition_state(settings) is EditionState.RELEASED
    long_after(settings)
    [again] = flush_outbox(settings)
    assert (again.recipient, again.state) == ("r0001@gialai.example", DeliveryState.SENT)
    send_report(settings, EDITION)
    assert sorted(server.recipients) == ["r0000@gialai.example", "r0001@gialai.example"]
    assert edition_state(settings) is EditionState.SENT
    assert verify_ledger(settings).faults == []


def test_every_attempt_keeps_the_servers_answer(office: tuple[Office, Settings]) -> None:
    server, settings = office
    address(settings, 1)
    server.odd = {"r0000@gialai.example": ["451 one", "452 two"]}
    for _ in range(3):
        send_report(settings, EDITION)
    database = open_database(settings.ledger_url)
    with database.write() as session:
        told = [(str(each.state), each.answer[:7]) for each in deliveries.attempts_of(session, EDITION)]
    database.close()
    assert told == [("deferred", "451 one"), ("deferred", "452 two"), ("sent", "250 OK ")]


def test_a_connection_lost_in_the_answer_is_resolved_by_a_person_alone(office: tuple[Office, Settings]) -> None:
    server, settings = office
    address(settings, 2)
    server.hang_up_on = "r0000@gialai.example"
    send_report(settings, EDITION)
    send_report(settings, EDITION)
    long_after(settings)
    flush_outbox(settings)
    assert states(settings) == {DeliveryState.UNCERTAIN: 1, DeliveryState.SENT: 1}
    assert max(server.taken.values()) == 1
    [lost] = [mail for mail in standing(settings) if mail.state is DeliveryState.UNCERTAIN]
    with pytest.raises(KetnghiaError, match="--by"):
        resolve_uncertain(settings, lost.message_id, True, " ")
    with pytest.raises(KetnghiaError, match="đang chờ xác nhận"):
        resolve_uncertain(settings, "<x@y>", True, "Nguyễn Văn A")
    resolve_uncertain(settings, lost.message_id, False, "Nguyễn Văn A")
    server.hang_up_on = ""
    long_after(settings)
    assert [each.state for each in flush_outbox(settings)] == [DeliveryState.SENT]
    assert edition_state(settings) is EditionState.SENT


def test_two_senders_at_once_send_each_mail_once(office: tuple[Office, Settings]) -> None:
    server, settings = office
    names = address(settings, 25)
    server.seconds = 0.02
    senders = [threading.Thread(target=send_report, args=(settings, EDITION)) for _ in range(3)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert sorted(server.recipients) == names
    assert set(server.taken.values()) == {1}
    assert states(settings) == {DeliveryState.SENT: 25}


def test_a_withdrawn_edition_stops_in_the_middle(office: tuple[Office, Settings]) -> None:
    server, settings = office
    address(settings, 2)
    server.odd = {"r0001@gialai.example": ["450 later"]}
    send_report(settings, EDITION)
    withdraw(settings, EDITION, "Người Duyệt", "Sai số liệu")
    long_after(settings)
    assert flush_outbox(settings) == []
    # Whoever has the report is told that it was withdrawn; nobody else gets it.
    assert server.recipients == ["r0000@gialai.example"] * 2
    assert "Rút" in str(server.mails[-1]["Subject"])


def test_an_edition_altered_between_two_of_its_mails_is_proved_again_and_stops(office: tuple[Office, Settings]) -> None:
    _, settings = office
    address(settings, 2)
    with open_run(settings) as run:
        check = still_stands(EDITION)
        with run.ledger.write() as session:
            check(session)
            check(session)
            session.execute(text(f"UPDATE editions SET released_by = 'Người Khác' WHERE edition_id = '{EDITION}'"))
        with run.ledger.write() as session, pytest.raises(NotReleasable, match="không còn như lúc"):
            check(session)


def test_in_test_mode_everything_goes_to_one_address_and_the_ledger_says_so(office: tuple[Office, Settings]) -> None:
    server, settings = office
    address(settings, 2)
    settings.mail_redirect = "thu@gialai.example"
    send_report(settings, EDITION)
    assert server.recipients == ["thu@gialai.example"] * 2
    assert all("chuyển hướng tới thu@gialai.example" in mail.answer for mail in standing(settings))
    settings.mail_redirect = "thu@elsewhere.example"
    with pytest.raises(BadRecipient):
        send_report(settings, EDITION)


def test_a_queued_mail_that_somebody_edited_is_not_sent(office: tuple[Office, Settings]) -> None:
    server, settings = office
    address(settings, 1)
    server.odd = {"r0000@gialai.example": ["450 later"]}
    send_report(settings, EDITION)
    [mail] = standing(settings)
    place = eml_path(settings.mails, mail.eml_sha256)
    place.write_bytes(place.read_bytes().replace(b"Subject", b"Subjekt"))
    [outcome] = send_report(settings, EDITION)
    assert (outcome.state, outcome.is_new) == (DeliveryState.DEFERRED, False)
    assert "đã bị sửa, không gửi; xóa tệp ấy rồi gửi lại" in outcome.answer
    long_after(settings)
    assert [each.is_new for each in flush_outbox(settings)] == [False]
    assert server.recipients == []
    place.unlink()
    assert [each.state for each in send_report(settings, EDITION)] == [DeliveryState.SENT]


def deferred(office: tuple[Office, Settings], count: int, *names: str) -> None:
    """So many recipients, of whom these are to be tried again."""
    server, settings = office
    address(settings, count)
    server.odd = {f"{name}@gialai.example": ["450 later"] for name in names}
    send_report(settings, EDITION)
    long_after(settings)


def test_a_lost_mail_costs_its_recipient_alone_and_is_composed_anew(office: tuple[Office, Settings]) -> None:
    server, settings = office
    deferred(office, 3, "r0000", "r0002")
    lost = standing(settings)[0]
    eml_path(settings.mails, lost.eml_sha256).unlink()
    told = {each.recipient[:5]: (each.state, each.answer) for each in flush_outbox(settings)}
    assert told["r0002"][0] is DeliveryState.SENT
    assert told["r0000"] == (DeliveryState.DEFERRED, f"tệp thư đã mất; soạn lại và gửi bằng “ketnghia send {EDITION}”")
    assert [each.state for each in send_report(settings, EDITION)] == [DeliveryState.SENT] * 3
    # The name it was reserved under is the name it goes by: nobody gets it twice, and a bounce finds it.
    assert server.taken[lost.message_id] == 1
    assert set(server.taken.values()) == {1}
    assert edition_state(settings) is EditionState.SENT
    assert verify_ledger(settings).faults == []


@pytest.mark.parametrize("command", ["outbox", "send"])
def test_a_mail_that_is_altered_in_the_store_and_not_here_is_lost_and_composed_anew(
    office: tuple[Office, Settings], tmp_path: Path, command: str
) -> None:
    server, settings = office
    (tmp_path / "kho").mkdir(mode=0o700)
    settings.store = str(tmp_path / "kho")
    deferred(office, 2, "r0000")
    [mail] = [each for each in standing(settings) if each.state.is_open]
    place = eml_path(settings.mails, mail.eml_sha256)
    there = tmp_path / "kho" / place.relative_to(settings.home)
    there.write_bytes(there.read_bytes() + b"x")
    place.unlink()
    if command == "outbox":
        [outcome] = flush_outbox(settings)
        assert outcome.answer == f"tệp thư đã mất; soạn lại và gửi bằng “ketnghia send {EDITION}”"
    assert [each.state for each in send_report(settings, EDITION)] == [DeliveryState.SENT] * 2
    assert server.taken[mail.message_id] == 1
    assert not there.exists()
    assert verify_ledger(settings).faults == []


def test_a_notice_that_is_altered_in_the_store_and_not_here_is_given_up_and_told(
    office: tuple[Office, Settings], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server, settings = office
    (tmp_path / "kho").mkdir(mode=0o700)
    settings.store = str(tmp_path / "kho")
    server.odd = {"it@gialai.example": ["450 later"]}
    with open_run(settings) as run:
        send_notice(run, "alarm-x", ["it@gialai.example"], ["Báo động."])
    [there] = (tmp_path / "kho" / "mail").rglob("*.eml")
    there.write_bytes(b"x")
    shutil.rmtree(settings.mails)
    long_after(settings)
    assert [each.state for each in flush_outbox(settings)] == [DeliveryState.REFUSED]
    assert "tệp thư đã mất trước khi gửi được; báo người nhận cách khác" in caplog.text
    assert not there.exists()


def test_composing_a_lost_mail_anew_does_not_make_an_altered_row_look_whole(office: tuple[Office, Settings]) -> None:
    server, settings = office
    deferred(office, 2, "r0000")
    database = open_database(settings.ledger_url)
    with database.write() as session:
        session.execute(text("UPDATE deliveries SET eml_sha256 = 'f' WHERE recipient = 'r0000@gialai.example'"))
    database.close()
    send_report(settings, EDITION)
    assert server.recipients == ["r0001@gialai.example"]
    assert any("r0000@gialai.example: đã bị sửa" in fault for fault in verify_ledger(settings).faults)


def test_a_lost_mail_that_no_command_composes_is_given_up_and_told(
    office: tuple[Office, Settings], caplog: pytest.LogCaptureFixture
) -> None:
    server, settings = office
    server.odd = {"it@gialai.example": ["450 later"]}
    with open_run(settings) as run:
        send_notice(run, "alarm-x", ["it@gialai.example"], ["Báo động."])
    shutil.rmtree(settings.home / "mail")
    long_after(settings)
    assert [each.state for each in flush_outbox(settings)] == [DeliveryState.REFUSED]
    assert "tệp thư đã mất trước khi gửi được; báo người nhận cách khác" in caplog.text
    assert flush_outbox(settings) == []


def test_one_bad_address_keeps_the_report_from_nobody_else(office: tuple[Office, Settings]) -> None:
    server, settings = office
    names = address(settings, 3)
    table = settings.home / "reference" / "recipients.csv"
    right = table.read_text(encoding="utf-8")
    table.write_text(right.replace("r0001@gialai.example,", "r0001@gialai.exampel,", 1), encoding="utf-8")
    outcome = {each.recipient: each for each in send_report(settings, EDITION)}
    assert "sửa recipients.csv" in outcome["r0001@gialai.exampel"].answer
    assert server.recipients == [names[0], names[2]]
    assert all("exampel" not in str(mail["To"]) for mail in server.mails)
    assert edition_state(settings) is EditionState.RELEASED
    table.write_text(right, encoding="utf-8")
    send_report(settings, EDITION)
    assert (sorted(server.recipients), edition_state(settings)) == (names, EditionState.SENT)


def test_a_disk_that_is_full_for_one_mail_keeps_it_from_nobody_else(
    office: tuple[Office, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, settings = office
    names, compose, tried = address(settings, 3), outbox.compose, list[str]()

    def full(letter: Letter, sender: str, recipient: str, *given: Any) -> bytes:
        tried.append(recipient)
        if recipient == names[1]:
            raise OSError(28, "No space left on device")
        return compose(letter, sender, recipient, *given)

    monkeypatch.setattr(outbox, "compose", full)
    assert [each.state for each in send_report(settings, EDITION)] == ["sent", "deferred", "sent"]
    # Who has no mail yet is not forgotten: the report is not sent before he has it.
    flush_outbox(settings)
    assert edition_state(settings) is EditionState.RELEASED
    monkeypatch.undo()
    send_report(settings, EDITION)
    assert (sorted(server.recipients), edition_state(settings)) == (names, EditionState.SENT)


def test_everybody_is_reserved_before_the_first_mail_leaves(office: tuple[Office, Settings]) -> None:
    server, settings = office
    names = address(settings, 3)
    server.odd = {names[0]: ["450 later"]}

    class Killed(Direct):
        def map(self, name: str, *_: object) -> NoReturn:
            self.run(name, lambda run: deliver_mails(run, recipients[:1], EDITION, recipients))
            raise KeyboardInterrupt

    with open_run(settings) as run:
        recipients = find_recipients(run, EDITION)
        with pytest.raises(KeyboardInterrupt):
            flow.send_report(run, Killed(run), EDITION)
    long_after(settings)
    flush_outbox(settings)
    assert (sorted(server.recipients), edition_state(settings)) == (names, EditionState.SENT)


def test_a_silent_server_costs_its_time_out_once(office: tuple[Office, Settings]) -> None:
    _, settings = office
    address(settings, 30)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(50)
        settings.smtp_port, settings.smtp_timeout_seconds = silent.getsockname()[1], 0.5
        outcome = send_report(settings, EDITION)
        silent.setblocking(False)
        called = 0
        with suppress(BlockingIOError):
            while True:
                silent.accept()[0].close()
                called += 1
    assert {each.state for each in outcome} == {DeliveryState.DEFERRED}
    assert all("timed out" in each.answer for each in outcome)
    assert called == 1


def test_a_refused_mail_goes_once_the_mailbox_was_mended(office: tuple[Office, Settings]) -> None:
    server, settings = office
    names = address(settings, 1)
    server.odd = {names[0]: ["550 mailbox full"]}
    send_report(settings, EDITION)
    [refused] = standing(settings)
    assert (refused.state, edition_state(settings)) == (DeliveryState.REFUSED, EditionState.RELEASED)
    with pytest.raises(KetnghiaError, match="đang chờ xác nhận"):
        resolve_uncertain(settings, refused.message_id, True, "Nguyễn Văn A")
    resolve_uncertain(settings, refused.message_id, False, "Nguyễn Văn A")
    assert [each.state for each in send_report(settings, EDITION)] == [DeliveryState.SENT]
    assert (server.recipients, edition_state(settings)) == (names, EditionState.SENT)


BOUNCE = """From: mailer-daemon@gialai.example
To: ketnghia@gialai.example
Subject: Undelivered Mail Returned to Sender
Message-ID: <bounce@gialai.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Không tới được.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.gialai.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown
--b
Content-Type: message/rfc822

Message-ID: {message_id}
Subject: x

y
--b--
"""


def test_once_a_mail_has_left_the_edition_goes_to_everybody(
    office: tuple[Office, Settings], fill: Callable[..., None]
) -> None:
    server, settings = office
    names = address(settings, 3)
    server.odd = {"r0001@gialai.example": ["450 later"]}
    send_report(settings, EDITION)
    fill(settings, "2024-01", with_faults=False, only={"623"})
    collect_submissions(settings)
    assert edition_state(settings) is EditionState.RELEASED
    long_after(settings)
    flush_outbox(settings)
    assert sorted(server.recipients) == names
    assert edition_state(settings) is EditionState.SENT


def test_what_arrives_before_the_first_mail_has_left_voids_the_release_and_its_queued_mails(
    office: tuple[Office, Settings], fill: Callable[..., None]
) -> None:
    server, settings = office
    address(settings, 1)
    server.odd = {"r0000@gialai.example": ["450 later"]}
    send_report(settings, EDITION)
    give(settings, "Người Duyệt", Duty(RoleName.RELEASER, date(2020, 1, 1)), email="duyet@gialai.example")
    fill(settings, "2024-01", with_faults=False, only={"623"})
    for _ in range(2):
        collect_submissions(settings)
    assert edition_state(settings) is EditionState.VOID
    long_after(settings)
    assert flush_outbox(settings) == []
    # The one who released it is told, once.
    assert server.recipients == ["duyet@gialai.example"]
    with pytest.raises(NotReleasable, match="623: lần nộp 1"):
        send_report(settings, EDITION)


def test_to_and_cc_are_shown_and_bcc_is_not(office: tuple[Office, Settings]) -> None:
    server, settings = office
    (settings.home / "reference" / "recipients.csv").write_text(
        "email,name,role,kinds,language,valid_from,valid_to,note\n"
        "a@gialai.example,A,TO,,vi,2020-01-01,,\nb@gialai.example,B,CC,month|year,en,2020-01-01,,\n"
        "c@gialai.example,C,BCC,,,2020-01-01,,\nd@gialai.example,D,TO,quarter,vi,2020-01-01,,\n"
        "A@gialai.example,A twice,CC,,vi,2020-01-01,,\n",
        encoding="utf-8",
    )
    send_report(settings, EDITION)
    assert server.recipients == ["a@gialai.example", "b@gialai.example", "c@gialai.example"]
    for mail in server.mails:
        assert (mail["To"], mail["Cc"], mail["Bcc"]) == ("a@gialai.example", "b@gialai.example", None)
    assert "công tác kết nghĩa" in server.mails[0]["Subject"]
    assert server.mails[1]["Subject"] == "[MADE-UP FIGURES] Report on twinning with villages, January 2024"


def test_a_report_too_large_for_mail_goes_as_a_link(office: tuple[Office, Settings]) -> None:
    server, settings = office
    address(settings, 1)
    settings.max_mail_mb, settings.edition_link = 0.1, "https://tinhuy.gialai.example/ban/{sha256}.pdf"
    send_report(settings, EDITION)
    [mail] = server.mails
    assert list(mail.iter_attachments()) == []
    database = open_database(settings.ledger_url)
    with database.write() as session:
        digest = editions.find_edition(session, EDITION).document_sha256
    database.close()
    body = mail.get_body(("plain",))
    assert body is not None
    assert f"https://tinhuy.gialai.example/ban/{digest}.pdf" in body.get_content()
    assert "MB, vượt mức" in body.get_content()


def test_a_bounce_finds_the_mail_it_speaks_of(office: tuple[Office, Settings]) -> None:
    _, settings = office
    address(settings, 2)
    send_report(settings, EDITION)
    mail = standing(settings)[1]
    report = BOUNCE.format(recipient=mail.recipient, message_id=mail.message_id).encode()
    for _ in range(2):
        bounced = note_bounce(settings, report)
        assert (bounced.recipient, bounced.state) == (mail.recipient, DeliveryState.BOUNCED)
    assert "550 5.1.1 user unknown" in bounced.answer
    assert states(settings) == {DeliveryState.SENT: 1, DeliveryState.BOUNCED: 1}
    late = report.replace(b"Action: failed", b"Action: delayed")
    with pytest.raises(KetnghiaError, match="chỉ chậm"):
        note_bounce(settings, late)
    with pytest.raises(KetnghiaError, match="không nhắc đến"):
        note_bounce(settings, BOUNCE.format(recipient="x", message_id="<x@y>").encode())
