"""Mails as units' programs write them: a workbook in every wrapping, and what usually comes along."""

import binascii
import io
import struct
import zipfile
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

UNIT = "vanthu.pleiku@gialai.gov.vn"
XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
PDF, PNG = b"%PDF-1.7 ...", b"\x89PNG\r\n\x1a\n..."


def letter(
    *files: tuple[str | None, bytes],
    sender: str = f"Người gửi <{UNIT}>",
    body: str = "Kính gửi báo cáo.",
    head: dict[str, str] | None = None,
) -> bytes:
    """A mail with these files attached; one without a name has none in the mail either."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "ketnghia@gialai.gov.vn"
    message["Subject"], message["Message-ID"] = "Báo cáo kết nghĩa tháng 02", "<15.bc@gialai.gov.vn>"
    message.set_content(body)
    for name, content in files:
        message.add_attachment(content, maintype=XLSX[0], subtype=XLSX[1], filename=name)
        if name is None:
            message.get_payload()[-1].replace_header("Content-Disposition", "attachment")  # type: ignore[union-attr, index]
    written = message.as_bytes()
    above = "".join(f"{name}: {value}\r\n" for name, value in (head or {}).items())
    return above.encode() + written


def uuencoded(name: str, content: bytes) -> str:
    """The file as text."""
    lines = [binascii.b2a_uu(content[place : place + 45]).decode() for place in range(0, len(content), 45)]
    return f"Kính gửi\n\nbegin 644 {name}\n{''.join(lines)}`\nend\n"


def zipped(*files: tuple[str, bytes]) -> bytes:
    """The files in a zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files:
            package.writestr(name, content)
    return buffer.getvalue()


def winmail(*files: tuple[str, bytes]) -> bytes:
    """The files as Outlook wraps them (MS-OXTNEF): a short old name, and the true one among the properties."""

    def attribute(level: int, kind: int, data: bytes) -> bytes:
        return struct.pack("<BII", level, kind, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)

    stream = b"\x78\x9f\x3e\x22" + b"\x01\x00" + attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    stream += attribute(1, 0x00069007, struct.pack("<II", 1258, 0))
    for name, content in files:
        wide = name.encode("utf-16-le") + b"\0\0"
        padded = wide + b"\0" * (-len(wide) % 4)
        properties = struct.pack("<I", 3)
        properties += struct.pack("<HHI", 0x0003, 0x3705, 1)
        named = struct.pack("<HH", 0x0003, 0x8001) + b"G" * 16 + struct.pack("<II", 1, 6) + b"a\0b\0\0\0\0\0"
        properties += named + struct.pack("<I", 7)
        properties += struct.pack("<HHII", 0x001F, 0x3707, 1, len(wide)) + padded
        stream += attribute(2, 0x00069002, b"\0" * 14)
        stream += attribute(2, 0x00018010, b"BAOCAO~1.XLS\0")
        stream += attribute(2, 0x0006800F, content)
        stream += attribute(2, 0x00069005, properties)
    return stream


def forwarded(inner: bytes) -> bytes:
    """A mail that holds another one as a part of its own."""
    import email

    outer = MIMEMultipart()
    outer["From"], outer["Subject"] = UNIT, "Fwd"
    outer.attach(MIMEText("Xem thư dưới."))
    outer.attach(MIMEMessage(email.message_from_bytes(inner)))
    return outer.as_bytes()


def report(
    message_id: str, action: str = "failed", sender: str = "MAILER-DAEMON@mx.example", way_back: str = "<>"
) -> bytes:
    """A server's report about a mail."""
    return (
        f"Return-Path: {way_back}\r\nFrom: {sender}\r\nSubject: Undeliverable\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        f"Final-Recipient: rfc822; {UNIT}\r\nAction: {action}\r\nStatus: 5.2.2\r\n"
        "Diagnostic-Code: smtp; 552 mailbox full\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def nested(depth: int, sender: str = UNIT) -> bytes:
    """A mail of parts within parts."""
    parts = "".join(f'Content-Type: multipart/mixed; boundary="b{each}"\n\n--b{each}\n' for each in range(depth))
    return f"From: {sender}\nSubject: long\n{parts}\nx\n".encode()
