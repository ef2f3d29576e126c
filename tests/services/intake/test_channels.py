"""The other ways in, each against a real server: what waits there is taken once, and strangers are not opened."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.message import EmailMessage
from imaplib import IMAP4
from pathlib import Path

import pytest

from domain.deliveries import DeliveryState
from domain.findings import Verdict
from ingest.channels.folder import TAKEN
from services.settings import PROGRAM, Settings
from storage import deliveries
from storage.arrivals import arrived_files, first_arrival
from storage.database import open_database
from tests.commands import collect_submissions, verify_ledger

pytestmark = pytest.mark.slow
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def mail(sender: str, *attachments: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = f"Người gửi <{sender}>", "ketnghia@gialai.gov.vn"
    message["Subject"] = "Báo cáo kết nghĩa tháng 02"
    message.set_content("Kính gửi báo cáo.")
    for name, content in attachments:
        message.add_attachment(content, maintype=XLSX[0], subtype=XLSX[1], filename=name)
    return message.as_bytes()


@pytest.fixture
def imap() -> Iterator[int]:
    port = free_port()
    arguments = ["--no-service", "managesieve", "--no-service", "admin", "--host", "127.0.0.1", "--port", str(port),
                 "dict", "--demo-data"]  # fmt: skip
    with subprocess.Popen(
        [str(Path(sys.executable).parent / "pymap"), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        for _ in range(100):
            try:
                IMAP4("127.0.0.1", port).logout()
                break
            except OSError:
                time.sleep(0.1)
        yield port
        server.terminate()


@pytest.fixture
def mailbox(imap: int) -> Iterator[IMAP4]:
    with IMAP4("127.0.0.1", imap) as server:
        server.login("demouser", "demopass")
        server.select("INBOX")
        server.store("1:*", "+FLAGS", r"(\Seen)")
        yield server


def by_mail(home: Path, port: int) -> Settings:
    local = home / "reference"
    local.mkdir(parents=True)
    (local / "unit_mailboxes.csv").write_text(
        "email,unit_code,valid_from,valid_to,note\nvanthu.pleiku@gialai.gov.vn,622,2020-01-01,,\n", encoding="utf-8"
    )
    return Settings(
        home=home, imap_host="127.0.0.1", imap_port=port, imap_security="none", imap_user="demouser",
        imap_password="demopass", _env_file=None,
    )  # fmt: skip


def test_a_units_mail_is_taken_once_and_answered_by_mail(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Callable[..., bytes]
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    broken = pleiku(statement={"preparer_name": None})
    sent = mail("VanThu.Pleiku@gialai.gov.vn", ("Báo cáo ../../622.xlsx", broken))
    mailbox.append("INBOX", "", "", sent)
    [collected] = collect_submissions(settings)
    assert (collected.unit_code, collected.verdict, collected.file_name) == ("622", Verdict.REJECTED, "622.xlsx")
    [letter] = settings.mail_sink.rglob("*.eml")
    assert letter.parent.name == "receipt-000001"
    assert letter.name == "vanthu.pleiku@gialai.gov.vn.eml"
    assert b"ket-qua-kiem-tra.xlsx" in letter.read_bytes()
    assert collect_submissions(settings) == []
    assert verify_ledger(settings).faults == []  # the mail itself is kept, and accounted for
    mailbox.select("INBOX")
    assert len(mailbox.search(None, "ALL")[1][0].split()) == len(mailbox.search(None, "SEEN")[1][0].split())
    kept = [path.read_bytes() for path in settings.archive.rglob("*") if path.is_file()]
    assert any(b"VanThu.Pleiku@gialai.gov.vn" in content for content in kept)


def test_a_strangers_mail_is_flagged_and_not_opened(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    mailbox.append("INBOX", "", "", mail("kelualang@example.com", ("622.xlsx", pleiku())))
    assert collect_submissions(settings) == []
    assert "Thư của người lạ, không mở: kelualang@example.com" in caplog.text
    mailbox.select("INBOX")
    assert mailbox.search(None, "FLAGGED")[1][0] != b""
    assert not list(settings.mail_sink.rglob("*.eml"))


def test_a_servers_report_in_the_mailbox_is_matched_with_the_mail_that_failed(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    flagged = mailbox.search(None, "FLAGGED")
    mailbox.append("INBOX", "", "", mail("vanthu.pleiku@gialai.gov.vn", ("622.xlsx", pleiku())))
    collect_submissions(settings)
    [letter] = settings.mail_sink.rglob("*.eml")
    sent = message_from_bytes(letter.read_bytes())["Message-ID"]
    for action, sender in (("delayed", "MAILER-DAEMON"), ("failed", "postmaster")):
        report = (
            f"From: {sender}@gialai.gov.vn\r\nSubject: Undeliverable\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
            f"Final-Recipient: rfc822; vanthu.pleiku@gialai.gov.vn\r\nAction: {action}\r\nStatus: 5.2.2\r\n"
            "Diagnostic-Code: smtp; 552 mailbox full\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {sent}\r\n\r\n--b--\r\n"
        )
        mailbox.append("INBOX", "", "", report.encode())
        collect_submissions(settings)
        database = open_database(settings.ledger_url)
        with database.write() as session:
            [about] = deliveries.deliveries_of(session, "receipt-000001")
        database.close()
        assert about.state is (DeliveryState.SENT if action == "delayed" else DeliveryState.BOUNCED)
    assert "552 mailbox full" in about.answer
    assert "chỉ chậm" in caplog.text
    mailbox.select("INBOX")
    assert mailbox.search(None, "UNSEEN")[1][0] == b""
    assert mailbox.search(None, "FLAGGED") == flagged  # those of strangers are flagged


def test_a_unit_that_sends_another_units_file_is_told(
    tmp_path: Path, imap: int, mailbox: IMAP4, pleiku: Callable[..., bytes]
) -> None:
    settings = by_mail(tmp_path / "home", imap)
    table = settings.home / "reference" / "unit_mailboxes.csv"
    table.write_text(table.read_text(encoding="utf-8").replace(",622,", ",623,"), encoding="utf-8")
    mailbox.append("INBOX", "", "", mail("vanthu.pleiku@gialai.gov.vn", ("622.xlsx", pleiku())))
    [collected] = collect_submissions(settings)
    assert collected.verdict is Verdict.ACCEPTED_WITH_WARNINGS
    [answer] = (settings.home / "findings").rglob("*.txt")
    assert "W-SENDER" in answer.read_text(encoding="utf-8")


def test_a_mailbox_that_does_not_answer_stops_no_other_way_in(
    tmp_path: Path, pleiku: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    settings = by_mail(tmp_path / "home", free_port())
    settings.inbox.mkdir()
    (settings.inbox / "622.xlsx").write_bytes(pleiku())
    assert len(collect_submissions(settings)) == 1
    assert "không trả lời" in caplog.text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_bucket_is_read_once_and_left_as_it_is(tmp_path: Path, pleiku: Callable[..., bytes]) -> None:
    import boto3
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    client = boto3.client(
        "s3", endpoint_url=endpoint, aws_access_key_id="key", aws_secret_access_key="secret", region_name="us-east-1"
    )
    client.create_bucket(Bucket="nop")
    client.put_object(Bucket="nop", Key="2024-02/KN_622.xlsx", Body=pleiku())
    client.put_object(Bucket="nop", Key="2024-02/.an.xlsx", Body=b"x")
    settings = Settings(
        home=tmp_path, s3_url="s3://nop/2024-02", s3_endpoint=endpoint, s3_key="key", s3_secret="secret", _env_file=None
    )
    [collected] = collect_submissions(settings)
    assert (collected.file_name, collected.verdict) == ("KN_622.xlsx", Verdict.ACCEPTED)
    assert collect_submissions(settings) == []
    with open_database(settings.ledger_url) as database, database.read() as session:
        [arrival] = [first_arrival(session, sha256) for sha256 in arrived_files(session)]
    assert arrival is not None
    assert arrival.arrived_at == client.head_object(Bucket="nop", Key="2024-02/KN_622.xlsx")["LastModified"]
    assert client.list_objects_v2(Bucket="nop")["KeyCount"] == 2
    client.close()
    server.stop()


def test_links_and_pipes_are_named_and_do_no_harm(
    settings: Settings, pleiku: Callable[..., bytes], caplog: pytest.LogCaptureFixture
) -> None:
    settings.inbox.mkdir(parents=True)
    (settings.inbox / "secret.xlsx").symlink_to(PROGRAM / "README.md")
    (settings.inbox / "folder").symlink_to(PROGRAM)
    os.mkfifo(settings.inbox / "pipe.xlsx")
    (settings.inbox / "gone.xlsx").symlink_to(settings.inbox / "nowhere")
    name = "ten\nco\tky tu \x07 la .xlsx"
    (settings.inbox / name).write_bytes(pleiku())
    [collected] = collect_submissions(settings)
    assert collected.file_name == "ten_co_ky tu _ la .xlsx"
    assert all("\n" not in path.name for path in (settings.home / "findings").rglob("*"))
    assert "chưa nhận: folder, gone.xlsx, pipe.xlsx, secret.xlsx. Chép chính tệp ấy vào đây." in caplog.text
    assert sorted(path.name for path in settings.inbox.iterdir()) == sorted(
        ["folder", "gone.xlsx", "pipe.xlsx", "secret.xlsx", TAKEN]
    )
