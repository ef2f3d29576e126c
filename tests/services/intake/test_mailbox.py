"""The mailbox, against a real server: a unit's mail gets one answer whatever is in it, and no mail stops another."""

from collections.abc import Callable
from datetime import UTC, datetime
from email import message_from_bytes
from imaplib import IMAP4, Time2Internaldate
from pathlib import Path
from typing import Any

import pytest

from domain.deliveries import DeliveryState
from domain.errors import Busy, Interrupted
from domain.findings import Verdict
from domain.turns import Work
from ingest.apart.bounds import End
from ingest.mail.apart import MailReaders
from ingest.mail.message import Message
from services.intake import replies
from services.intake.reception import MOST_TOLD
from services.intake.replies import MOST_A_DAY
from services.run import Run
from services.turns import turn
from storage import deliveries
from storage.database import open_database
from tests.commands import collect_submissions, verify_ledger
from tests.ingest.mail.letters import PDF, PNG, UNIT, forwarded, letter, report, uuencoded, winmail, zipped
from tests.services.intake.mailboxes import UNITS, answers, by_mail, found, put, text_of

pytestmark = pytest.mark.slow
Pleiku = Callable[..., bytes]


def test_a_units_mail_is_taken_once_and_answered_by_mail(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    broken = pleiku(statement={"preparer_name": None})
    put(mailbox, letter(("Báo cáo ../../622.xlsx", broken), sender=f"Người gửi <{UNIT.title()}>"))
    [collected] = collect_submissions(settings)
    assert (collected.unit_code, collected.verdict, collected.file_name) == ("622", Verdict.REJECTED, "622.xlsx")
    [place] = settings.mail_sink.rglob("*.eml")
    assert (place.parent.name, place.name) == ("receipt-000001", f"{UNIT}.eml")
    [answer] = answers(settings)
    assert [part.get_filename() for part in answer.iter_attachments()] == ["ket-qua-kiem-tra.xlsx"]
    assert (answer["In-Reply-To"], answer["Auto-Submitted"]) == ("<15.bc@gialai.gov.vn>", "auto-replied")
    assert "Kèm theo" not in text_of(answer)
    assert collect_submissions(settings) == []
    assert verify_ledger(settings).faults == []  # the mail itself is kept, and accounted for
    assert (found(mailbox, "UNSEEN"), len(answers(settings))) == (0, 1)
    kept = [path.read_bytes() for path in settings.archive.rglob("*") if path.is_file()]
    assert any(UNIT.title().encode() in content for content in kept)


def test_a_workbook_in_any_wrapping_is_one_arrival_and_one_answer(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku
) -> None:
    settings, book = by_mail(tmp_path / "home", imap), pleiku()
    put(
        mailbox,
        letter((None, book)),
        letter(body=uuencoded("622.xlsx", book)),
        letter(("FW bao cao.eml", letter(("622.xlsx", book)))),
        forwarded(letter(("622.xlsx", book))),
        letter(("bao cao.zip", zipped(("622.xlsx", book)))),
        letter(("winmail.dat", winmail(("622.xlsx", book)))),
    )
    collected = collect_submissions(settings)
    assert [each.verdict for each in collected] == [Verdict.ACCEPTED] * 6
    assert [each.is_again for each in collected] == [False, *[True] * 5]
    assert len(answers(settings)) == 6


def test_the_usual_company_is_named_in_the_one_answer(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    company = [("BC 15 ký số.pdf", PDF), ("image001.png", PNG), ("logo.png", PNG), ("smime.p7s", b"0\x82")]
    put(mailbox, letter(("KN_622.xlsx", pleiku()), *company))
    [collected] = collect_submissions(settings)
    assert collected.verdict is Verdict.ACCEPTED
    [answer] = answers(settings)
    said = "Kèm theo, không đọc: BC 15 ký số.pdf (bản PDF), image001.png (ảnh), logo.png (ảnh), smime.p7s (chữ ký số của thư)."
    assert said in text_of(answer)


def test_two_workbooks_in_one_mail_are_answered_in_one(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    put(
        mailbox,
        letter(("a.xlsx", pleiku(statement={"preparer_name": None})), ("b.xlsx", b"PK\x03\x04 broken".ljust(99))),
    )
    assert {each.verdict for each in collect_submissions(settings)} == {Verdict.REJECTED, Verdict.UNREADABLE}
    [answer] = answers(settings)
    head, first, second = [line for line in text_of(answer).splitlines() if line.startswith(("Thư có", "TỆP"))]
    assert head == "Thư có 2 sổ tính; kết quả từng tệp ở dưới."
    assert first.startswith("TỆP 1. Tệp bị trả lại: 1 lỗi, 0 cảnh báo. Số liệu chưa được tính.")
    assert second.startswith("TỆP 2. Tệp không đọc được")
    assert "Tệp kèm theo ket-qua-kiem-tra-000001.xlsx" in text_of(answer)
    assert answer["Subject"].startswith("[Kết nghĩa] 2 tệp: ")
    assert [part.get_filename() for part in answer.iter_attachments()] == ["ket-qua-kiem-tra-000001.xlsx"]


def test_a_mail_arrived_when_its_server_says_and_never_later_than_now(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    for day in ("15-Feb-2024", "15-Feb-2090"):
        moment = datetime.strptime(day, "%d-%b-%Y").replace(tzinfo=UTC)
        mailbox.append("INBOX", "", Time2Internaldate(moment), letter(("622.xlsx", pleiku()), body=day))
    collect_submissions(settings)
    first, second = (text_of(answer) for answer in answers(settings))
    assert "ngày 15/02/2024 qua thư điện tử" in first
    assert "2090" not in second


def test_an_answer_too_large_for_the_mail_server_goes_without_the_marked_workbook(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku
) -> None:
    settings = by_mail(tmp_path / "home", imap, max_mail_mb=0.001)
    put(mailbox, letter(("622.xlsx", pleiku(statement={"preparer_name": None}))))
    collect_submissions(settings)
    [answer] = answers(settings)
    assert list(answer.iter_attachments()) == []
    assert "quá lớn để gửi kèm" in text_of(answer)
    assert answer["In-Reply-To"] == "<15.bc@gialai.gov.vn>"


WITHOUT_WORKBOOK = (
    (letter(), "không thấy tệp sổ tính đính kèm"),
    (letter(body="https://drive.google.com/file/d/abc"), "liên kết tới Google Drive: chương trình không mở liên kết"),
    (letter(("BC ký số.pdf", PDF)), "cần chính sổ tính, bản scan có thể gửi kèm"),
    (letter(("winmail.dat", b"\x78\x9f\x3e\x22\x01\x00PK")), "Outlook Rich Text"),
    (letter(("bao cao.rar", b"Rar!\x1a\x07")), "giải nén rồi đính kèm từng sổ tính"),
    (letter(*((f"{number}.txt", b"x") for number in range(600))), "quá nhiều phần"),
    (letter(("to.xlsx", b"\x00" * 4_000_000)), "Thư quá lớn nên không mở"),
)


def test_a_mail_without_a_workbook_is_answered_once_with_what_to_do(
    tmp_path: Path, imap: int, mailbox: IMAP4, caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap, max_file_mb=1)
    put(mailbox, *(mail for mail, _ in WITHOUT_WORKBOOK))
    assert collect_submissions(settings) == []
    told = [text_of(answer) for answer in answers(settings)]
    assert len(told) == len(WITHOUT_WORKBOOK)
    assert [said for _, said in WITHOUT_WORKBOOK if not any(said in text for text in told)] == []
    assert {str(answer["To"]) for answer in answers(settings)} == {UNIT}
    assert caplog.text.count(f"Thư của {UNIT}") == len(WITHOUT_WORKBOOK)
    assert verify_ledger(settings).faults == []
    assert found(mailbox, "UNSEEN") == 0
    # Marked unread by a person: nothing is doubled.
    mailbox.store("1:*", "-FLAGS", r"(\Seen)")
    collect_submissions(settings)
    assert len(answers(settings)) == len(WITHOUT_WORKBOOK)


def test_a_mail_without_a_workbook_is_answered_in_the_turn_of_those_who_send(
    tmp_path: Path, imap: int, mailbox: IMAP4, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    put(mailbox, letter(body="Xin chào"))
    is_held = []

    def send_reply(run: Run, *given: Any) -> None:
        # Whoever takes the turn for himself holds what is being handed over for a dead sender's.
        with pytest.raises(Busy), turn(run, Work.OUTBOX, 0):
            pass
        is_held.append(True)

    monkeypatch.setattr(replies, "send_reply", send_reply)
    collect_submissions(settings)
    assert is_held == [True]


def test_a_mail_marked_unread_again_is_neither_taken_nor_answered_twice(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    put(mailbox, letter(("622.xlsx", pleiku())))
    collect_submissions(settings)
    mailbox.select("INBOX")
    mailbox.store("1:*", "-FLAGS", r"(\Seen)")
    assert collect_submissions(settings) == []
    assert len(answers(settings)) == 1


def test_mails_that_cannot_be_read_stop_no_other(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku, caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    flagged = found(mailbox, "FLAGGED")
    put(
        mailbox,
        b'From: "\r\nReply-To: a@b.c\r\n\r\nx',
        f"From: {UNIT}\r\nFrom: ke@la.example\r\n\r\nx".encode(),
        b"\x00\xff\xfe" * 100,
        b"X-A: " + b"b" * 280_000 + b"\r\n\r\nx",
        letter(("622.xlsx", pleiku())),
    )
    [collected] = collect_submissions(settings)
    assert collected.verdict is Verdict.ACCEPTED
    assert f"có lẽ của {UNIT}" in caplog.text
    assert (found(mailbox, "UNSEEN"), found(mailbox, "FLAGGED")) == (0, flagged + 4)
    assert len(answers(settings)) == 1
    assert verify_ledger(settings).faults == []


def test_a_fault_of_ours_leaves_the_mail_for_the_next_run(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku, caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    put(mailbox, letter(("chua-duoc.xlsx", pleiku())), letter(("622.xlsx", pleiku())))

    read_message = MailReaders.read_message

    def starved(readers: MailReaders, content: bytes) -> Message:
        if b"chua-duoc" in content:
            raise Interrupted.of(End.KILLED, End.KILLED.label, "SIGKILL")
        return read_message(readers, content)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MailReaders, "read_message", starved)
        assert [each.file_name for each in collect_submissions(settings)] == ["622.xlsx"]
    assert "chưa xử lý được (Interrupted" in caplog.text
    assert found(mailbox, "UNSEEN") == 1
    assert [each.file_name for each in collect_submissions(settings)] == ["chua-duoc.xlsx"]
    assert (found(mailbox, "UNSEEN"), len(answers(settings))) == (0, 2)


def test_a_strangers_mail_is_flagged_and_not_opened(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku, caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    put(mailbox, letter(("622.xlsx", pleiku()), sender="kelualang@example.com"))
    assert collect_submissions(settings) == []
    assert "Thư của người lạ, không mở: kelualang@example.com" in caplog.text
    assert found(mailbox, "FLAGGED") > 0
    assert answers(settings) == []
    assert not [path for path in settings.archive.rglob("*") if path.is_file()]


def test_many_strangers_are_counted_after_the_first(
    tmp_path: Path, imap: int, mailbox: IMAP4, caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    put(mailbox, *(letter(sender=f"la{number}@example.com") for number in range(MOST_TOLD + 5)))
    collect_submissions(settings)
    assert caplog.text.count("Thư của người lạ, không mở") == MOST_TOLD
    assert "Và 5 thư khác của người lạ" in caplog.text


@pytest.mark.parametrize("head", [{"Auto-Submitted": "auto-replied"}, {"Return-Path": "<>"}])
def test_what_a_machine_sent_is_never_answered_by_mail(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku, caplog: pytest.LogCaptureFixture, head: dict[str, str]
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    put(mailbox, letter(head=head), letter(("622.xlsx", pleiku()), head=head))
    [collected] = collect_submissions(settings)
    assert collected.verdict is Verdict.ACCEPTED
    assert answers(settings) == []
    assert caplog.text.count(f"Thư tự động của {UNIT}") == 2


@pytest.mark.parametrize(
    "head", [{"Precedence": "bulk"}, {"List-Id": "<xa.gialai>"}, {"X-Auto-Response-Suppress": "OOF"}]
)
def test_who_sends_a_workbook_by_a_groups_address_is_answered(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku, head: dict[str, str]
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    put(mailbox, letter(head=head), letter(("622.xlsx", pleiku()), head=head))
    collect_submissions(settings)
    assert len(answers(settings)) == 1


def test_our_own_mail_is_passed_over(
    tmp_path: Path, imap: int, mailbox: IMAP4, caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    flagged = found(mailbox, "FLAGGED")
    put(mailbox, letter(sender=settings.mail_from))
    collect_submissions(settings)
    assert (answers(settings), found(mailbox, "FLAGGED"), found(mailbox, "UNSEEN")) == ([], flagged, 0)
    assert "người lạ" not in caplog.text


def test_two_machines_that_answer_each_other_end(
    tmp_path: Path, imap: int, mailbox: IMAP4, caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    put(mailbox, *(letter(body=f"Thư số {number}") for number in range(MOST_A_DAY + 3)))
    collect_submissions(settings)
    assert len(answers(settings)) == MOST_A_DAY
    assert caplog.text.count("không trả lời thêm") == 3


def test_a_mail_that_fails_its_servers_checks_is_kept_and_not_counted(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku, caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap, imap_authserv_id="mx.gialai.gov.vn")
    flagged = found(mailbox, "FLAGGED")
    failed = {"Authentication-Results": "mx.gialai.gov.vn; dmarc=fail header.from=gialai.gov.vn"}
    passed = {"Authentication-Results": "mx.gialai.gov.vn; dmarc=pass", "X-Authentication-Results": "dmarc=fail"}
    put(mailbox, letter(("622.xlsx", pleiku(statement={"preparer_name": None})), head=failed))
    assert collect_submissions(settings) == []
    assert "không qua kiểm tra của máy chủ (dmarc=fail)" in caplog.text
    assert (answers(settings), found(mailbox, "FLAGGED")) == ([], flagged + 1)
    assert verify_ledger(settings).faults == []
    put(mailbox, letter(("622.xlsx", pleiku()), head=passed))
    [collected] = collect_submissions(settings)
    assert collected.verdict is Verdict.ACCEPTED


def test_a_servers_report_in_the_mailbox_is_matched_with_the_mail_that_failed(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku, caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    flagged = found(mailbox, "FLAGGED")
    put(mailbox, letter(("622.xlsx", pleiku())))
    collect_submissions(settings)
    [sent] = [str(answer["Message-ID"]) for answer in answers(settings)]
    for action, sender in (("delayed", "MAILER-DAEMON@mx.example"), ("failed", "postmaster@gialai.gov.vn")):
        put(mailbox, report(sent, action, sender))
        collect_submissions(settings)
        database = open_database(settings.ledger_url)
        with database.write() as session:
            [about] = deliveries.deliveries_of(session, "receipt-000001")
        database.close()
        assert about.state is (DeliveryState.SENT if action == "delayed" else DeliveryState.BOUNCED)
    assert "552 mailbox full" in about.answer
    assert "chỉ chậm" in caplog.text
    assert found(mailbox, "UNSEEN") == 0
    assert found(mailbox, "FLAGGED") == flagged  # those of strangers are flagged


def test_a_units_mail_that_quotes_ours_is_no_report(tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku) -> None:
    settings = by_mail(tmp_path / "home", imap, units=f"{UNITS}postmaster@gialai.gov.vn,622,2020-01-01,,\n")
    put(mailbox, letter(("622.xlsx", pleiku(statement={"preparer_name": None}))))
    collect_submissions(settings)
    [sent] = [str(answer["Message-ID"]) for answer in answers(settings)]
    quoting = f"Trả lời thư:\n> Message-ID: {sent}\n> Action: failed\nMessage-ID: {sent}\n"
    put(
        mailbox,
        letter(
            ("sua.xlsx", pleiku()),
            body=quoting,
            sender="Quản trị <postmaster@gialai.gov.vn>",
            head={"In-Reply-To": sent},
        ),
        report(sent, sender=UNIT, way_back=f"<{UNIT}>"),
    )
    [collected] = collect_submissions(settings)
    assert collected.verdict is Verdict.ACCEPTED
    database = open_database(settings.ledger_url)
    with database.write() as session:
        [about] = deliveries.deliveries_of(session, "receipt-000001")
    database.close()
    assert about.state is DeliveryState.SENT
    assert message_from_bytes(report(sent)).get_content_type() == "multipart/report"


def test_a_unit_that_sends_another_units_file_is_refused(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku
) -> None:
    settings = by_mail(tmp_path / "home", imap, units=UNITS.replace(",622,", ",623,"))
    put(mailbox, letter(("622.xlsx", pleiku())))
    [collected] = collect_submissions(settings)
    assert collected.verdict is Verdict.REJECTED
    [answer] = answers(settings)
    assert "E-SENDER" in text_of(answer)


def test_an_address_of_several_units_sends_for_each(tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Pleiku) -> None:
    settings = by_mail(tmp_path / "home", imap, units=f"{UNITS.replace(',622,', ',623,')}{UNIT},622,2020-01-01,,\n")
    put(mailbox, letter(("622.xlsx", pleiku())))
    [collected] = collect_submissions(settings)
    assert collected.verdict is Verdict.ACCEPTED
