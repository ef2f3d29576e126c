"""Mails as nobody should write them: whatever comes, it is plain data or one sentence, and both soon.

`KETNGHIA_TEST_FUZZ_SECONDS` says how long mails are damaged at random; a failure prints the seed that made it.
"""

import json
import os
import random
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import UnreadableFile
from ingest.mail.message import Message, from_plain, to_plain
from ingest.mail.read_message import read_head, read_message
from ingest.workbook.limits import Limits
from tests.ingest.mail.letters import PDF, UNIT, forwarded, letter, report, uuencoded, winmail, zipped

pytestmark = pytest.mark.slow
SECONDS = float(os.environ.get("KETNGHIA_TEST_FUZZ_SECONDS", "5"))
"""The promise is for ten minutes."""
LIMITS = Limits(unpacked_bytes=2_000_000)
BOOK = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
SOUND = (
    letter(("622.xlsx", BOOK), ("BC ký số.pdf", PDF)),
    letter(body=uuencoded("622.xlsx", BOOK)),
    letter(("winmail.dat", winmail(("Báo cáo.xlsx", BOOK), ("b.xlsx", PDF)))),
    letter(("FW.eml", letter(("a.zip", zipped(("x.xlsx", BOOK), ("y.csv", b"a,b")))))),
    forwarded(letter(("622.xlsx", BOOK))),
    report("<a@b>"),
    letter(head={"Authentication-Results": "mx; spf=fail (x) smtp.mailfrom=a; dkim=pass header.d=b", "List-Id": "<x>"}),
)
PIECES = (
    b"\r\n", b"\n\n", b": ", b";", b'"', b"\\", b"<", b">", b"@", b"(", b")", b"\x00", b"\xff\xfe", b"=?", b"?=", b"=?utf-8?B?",
    b"=?x?Q?=", b"--", b"begin 644 a\n", b"From: ", b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n',
    b"filename*0*=utf-8''%", b"filename*=x'y'%ff%", b"charset=\x80", b"charset=idna", b"charset=hex", b"base64", b"9" * 30,
    b"Content-Transfer-Encoding: x-uuencode\r\n", "\u202e".encode(), b"Content-Type: message/rfc822\r\n", b"PK\x03\x04",
)  # fmt: skip


def read_whatever(mail: bytes) -> None:
    """Raises where the promise is broken."""
    for reader in (lambda: read_head(mail, "mx"), lambda: read_message(mail, LIMITS, "mx")):
        with suppress(UnreadableFile):
            refuse_what_is_not_plain(reader())


def refuse_what_is_not_plain(message: Message) -> None:
    assert from_plain(json.loads(json.dumps(to_plain(message)))) == message
    texts = [message.sender, message.subject, message.message_id, *(each.name for each in message.workbooks)]
    texts += [each.name for each in message.enclosures]
    for text in texts:
        text.encode()
        assert len(text.splitlines()) <= 1
        assert "\x00" not in text
        assert len(text) <= 350
    assert all("/" not in each.name for each in message.workbooks)


def damaged(content: bytes, chance: random.Random) -> bytes:
    wounded = bytearray(content)
    for _ in range(chance.randint(1, 12)):
        # Heads are where mails differ; half of the wounds are there.
        place = chance.randrange(min(len(wounded), 1_500) if chance.random() < 0.5 else len(wounded)) if wounded else 0
        match chance.randrange(5):
            case 0 if wounded:
                wounded[place] ^= 1 << chance.randrange(8)
            case 1:
                del wounded[place : place + chance.randint(1, 200)]
            case 2:
                wounded[place:place] = chance.choice(PIECES) * chance.choice((1, 1, 1, 3, 40))
            case 3 if wounded:
                other = chance.randrange(len(wounded))
                wounded[place : place + 80] = wounded[other : other + 80]
            case _:
                del wounded[place + 2_000 :]
    return bytes(wounded)


def test_damaged_mails_are_data_or_a_sentence() -> None:
    ends, seed = time.monotonic() + SECONDS, random.randrange(2**32)
    while time.monotonic() < ends:
        seed += 1
        chance = random.Random(seed)
        mail = damaged(chance.choice(SOUND), chance)
        try:
            read_whatever(mail)
        except Exception as error:
            raise AssertionError(f"seed {seed}") from error


words = st.text(max_size=60) | st.sampled_from(
    ["=?utf-8?B?4buv?=", "=?x?y?z?=", '"', "<a@b>", "a@b", "\udcff", "\u202e.xlsx", "../x.xlsx"]
)
names = st.sampled_from(
    ["From", "Subject", "Content-Type", "Message-ID", "Return-Path", "Authentication-Results", "Precedence"]
)


@given(st.lists(st.tuples(names, words), max_size=8), st.binary(max_size=200))
def test_any_head_over_any_body_is_data_or_a_sentence(head: list[tuple[str, str]], body: bytes) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in head).encode("utf-8", "replace")
    read_whatever(lines + b"\r\n" + body)


@given(words, st.binary(max_size=300), st.sampled_from(["base64", "quoted-printable", "x-uuencode", "8bit", "x-none"]))
def test_any_name_and_any_bytes_in_any_encoding_are_data_or_a_sentence(
    name: str, content: bytes, encoding: str
) -> None:
    disposition = f'Content-Disposition: attachment; filename="{name}"'.encode("utf-8", "replace")
    mail = f"From: {UNIT}\r\nContent-Transfer-Encoding: {encoding}\r\n".encode() + disposition + b"\r\n\r\n" + content
    read_whatever(mail)


@given(st.binary(max_size=400))
def test_any_stream_of_outlook_is_data(stream: bytes) -> None:
    read_whatever(letter(("winmail.dat", b"\x78\x9f\x3e\x22\x01\x00" + stream)))
