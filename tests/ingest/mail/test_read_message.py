"""A mail becomes data: the workbook out of every wrapping, its company by name, and nothing raises but a sentence."""

import json
from base64 import b64encode, encodebytes

import pytest

from domain.errors import UnreadableFile
from domain.mails import EnclosureKind
from ingest.mail.message import from_plain, to_plain
from ingest.mail.read_message import read_head, read_message
from ingest.workbook.limits import Limits
from tests.ingest.mail.letters import PDF, PNG, UNIT, forwarded, letter, nested, report, uuencoded, winmail, zipped

LIMITS = Limits()
BOOK = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook/>"))
OTHER = zipped(("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook></workbook>"))
SHEETS = zipped(("00_ThongTin.csv", b"a,b"), ("02_HoatDong.csv", b"a,b"))
BASE64_MAIL = (
    f'From: {UNIT}\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n'
    "Content-Transfer-Encoding: base64\r\n\r\n"
).encode() + encodebytes(letter(("622.xlsx", BOOK)))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("mail", "name"),
    [
        (letter(("622.xlsx", BOOK)), "622.xlsx"),
        (letter((None, BOOK)), "khong-ten.xlsx"),
        (letter(body=uuencoded("622.xlsx", BOOK)), "622.xlsx"),
        (letter(("bao cao.zip", zipped(("thư mục/622.xlsx", BOOK), ("BC.pdf", PDF)))), "622.xlsx"),
        (letter(("bao cao.zip", zipped(("trong.zip", zipped(("622.xlsx", BOOK)))))), "622.xlsx"),
        (letter(("winmail.dat", winmail(("Báo cáo 622.xlsx", BOOK)))), "Báo cáo 622.xlsx"),
        (letter(("khong-ro", winmail(("622.zip", zipped(("622.xlsx", BOOK)))))), "622.xlsx"),
        (letter(("FW bao cao.eml", letter(("622.xlsx", BOOK)))), "622.xlsx"),
        (letter(("FW.eml", letter(("winmail.dat", winmail(("622.xlsx", BOOK)))))), "622.xlsx"),
        (forwarded(letter(("622.xlsx", BOOK))), "622.xlsx"),
        (forwarded(forwarded(letter(("622.xlsx", BOOK)))), "622.xlsx"),
        (BASE64_MAIL, "622.xlsx"),
        (letter(("._622.xlsx", b"\x00\x05\x16\x07" + b"x" * 30), ("622.xlsx", BOOK)), "622.xlsx"),
        (letter(("mac.zip", zipped(("622.xlsx", BOOK), ("__MACOSX/._622.xlsx", b"\x00\x05")))), "622.xlsx"),
        (letter(("moi.numbers", zipped(("Index/Document.iwa", b"x")))), "moi.numbers"),
        (letter(("odd.xlsx", zipped(("[Content_Types].xml", b"<T/>"), ("workbook22.xml", b"<w/>")))), "odd.xlsx"),
        (letter(("trong.ods", zipped(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet")))), "trong.ods"),
        (letter(("rong.xlsx", b"")), "rong.xlsx"),
        (letter(("sheets.zip", SHEETS)), "sheets.zip"),
        (letter(("bao cao.xlsx", b"\x00\x01 noise")), "bao cao.xlsx"),
        (letter(("cu.xls", OLE + "Workbook".encode("utf-16-le"))), "cu.xls"),
        (letter(("khoa.zip", BOOK[:60])), "khoa.zip"),
    ],
)
def test_a_workbook_is_found_in_whatever_it_was_wrapped(mail: bytes, name: str) -> None:
    assert [each.name for each in read_message(mail, LIMITS).workbooks] == [name]


def test_a_text_part_that_holds_a_workbook_is_a_workbook() -> None:
    mail = letter((None, BOOK)).replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"text/plain"
    )
    assert len(read_message(mail, LIMITS).workbooks) == 1


def test_the_same_workbook_twice_in_one_mail_is_one() -> None:
    mail = letter(
        ("622.xlsx", BOOK), ("ban sao.xlsx", BOOK), ("nen.zip", zipped(("622.xlsx", BOOK))), ("b.xlsx", OTHER)
    )
    assert [each.name for each in read_message(mail, LIMITS).workbooks] == ["622.xlsx", "b.xlsx"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("BC 15 ký số.pdf", PDF, EnclosureKind.SCAN),
        ("giả.xlsx", PDF, EnclosureKind.SCAN),
        ("logo.png", PNG, EnclosureKind.PICTURE),
        ("smime.p7s", b"0\x82", EnclosureKind.SIGNATURE),
        ("smime.p7m", b"0\x82", EnclosureKind.SEALED),
        ("thư.msg", OLE + "__substg1.0_".encode("utf-16-le"), EnclosureKind.LETTER),
        ("tờ trình.doc", OLE + "WordDocument".encode("utf-16-le"), EnclosureKind.DOCUMENT),
        ("tờ trình.docx", zipped(("word/document.xml", b"<w/>")), EnclosureKind.DOCUMENT),
        ("bao cao.rar", b"Rar!\x1a\x07", EnclosureKind.PACKED),
        ("winmail.dat", b"\x78\x9f\x3e\x22\x01\x00" + BOOK, EnclosureKind.RICH_TEXT),
        ("người gửi.vcf", b"BEGIN:VCARD", EnclosureKind.OTHER),
        ("lịch.ics", b"BEGIN:VCALENDAR", EnclosureKind.OTHER),
        ("thư cũ.txt", b"From: a@b.c\nSubject: x\n\nx", EnclosureKind.OTHER),
    ],
)
def test_the_usual_company_is_named_and_no_workbook(name: str, content: bytes, kind: EnclosureKind) -> None:
    message = read_message(letter(("622.xlsx", BOOK), (name, content)), LIMITS)
    assert [each.name for each in message.workbooks] == ["622.xlsx"]
    assert [(each.name, each.kind) for each in message.enclosures] == [(name, kind)]


def test_a_link_to_a_store_of_files_is_told() -> None:
    body = (
        "Tải ở https://drive.google.com/file/d/abc và https://1drv.ms/x/s, trang https://gialai.gov.vn https://omega.nz"
    )
    assert read_message(letter(body=body), LIMITS).links == ("Google Drive", "OneDrive")


def test_a_file_beyond_the_limit_is_cut_so_that_its_reader_refuses_it() -> None:
    small = Limits(file_bytes=100)
    [found] = read_message(letter(("622.xlsx", BOOK)), small).workbooks
    assert len(found.content) == 101


@pytest.mark.parametrize(
    ("raw", "sender"),
    [
        (f"From: {UNIT}", UNIT),
        (f"from:{UNIT.upper()}", UNIT),
        (f'From: "Văn thư, UBND" <{UNIT}>', UNIT),
        (f"From: =?utf-8?B?VsSDbiB0aMaw?= <{UNIT}>", UNIT),
        (f"From: =?utf-8?Q?={UNIT.encode().hex('=').upper()}?=", UNIT),
        (f"From: =?utf-8?Q?<{UNIT}>?= <ke@la.example>", ""),
        (f"From: {UNIT} <{UNIT}>", UNIT),
        (f"From: A <{UNIT}>, B <ke@la.example>", ""),
        (f"From: =?utf-8?B?{b64encode(UNIT.encode()).decode()}?= <ke@la.example>", "ke@la.example"),
        (f'From: "{UNIT}" <ke@la.example>', "ke@la.example"),
        (f"From: {UNIT}\r\nFrom: {UNIT}", UNIT),
        (f"From: {UNIT}\r\nFrom: ke@la.example", ""),
        ('From: "', ""),
        ("From: <>", ""),
        ("From: =?x-none?B?////?=", ""),
        ("X-Khac: a", ""),
    ],
)
def test_the_sender_is_the_one_address_in_from(raw: str, sender: str) -> None:
    assert read_head(f"{raw}\r\nSubject: x\r\n\r\n".encode()).sender == sender


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (r"..\..\bí mật\622.xlsx", "622.xlsx"),
        ("../../622.xlsx", "622.xlsx"),
        ("a" * 400 + ".xlsx", "a" * 145 + ".xlsx"),
        ("622\u202excod.xlsx", "622_xcod.xlsx"),
        ("/", "khong-ten.xlsx"),
    ],
)
def test_a_name_is_a_name_whatever_it_was(given: str, kept: str) -> None:
    assert [each.name for each in read_message(letter((given, BOOK)), LIMITS).workbooks] == [kept]


@pytest.mark.parametrize(
    ("head", "is_automatic"),
    [
        ({}, False),
        ({"Auto-Submitted": "no"}, False),
        ({"Auto-Submitted": "auto-replied; vacation"}, True),
        ({"Precedence": "bulk"}, True),
        ({"List-Id": "<ds.gialai.gov.vn>"}, True),
        ({"X-Auto-Response-Suppress": "All"}, True),
        ({"Return-Path": "<>"}, True),
        ({"Return-Path": f"<{UNIT}>"}, False),
    ],
)
def test_what_no_person_sent_is_told(head: dict[str, str], is_automatic: bool) -> None:
    assert read_head(letter(head=head)).is_automatic is is_automatic


def test_a_report_has_the_form_that_servers_send() -> None:
    found = read_message(report("<a@b>"), LIMITS).report
    assert found is not None
    assert (found.is_failure, found.mentions, found.reason) == (True, ("<a@b>",), "smtp; 552 mailbox full")
    late = read_message(report("<a@b>", action="delayed"), LIMITS).report
    assert late is not None
    assert not late.is_failure
    assert read_message(report("<a@b>", way_back=f"<{UNIT}>"), LIMITS).report is None
    assert read_message(letter(body="Action: failed\nMessage-ID: <a@b>"), LIMITS).report is None


@pytest.mark.parametrize(
    "mail",
    [
        nested(1_200),
        b"From: a@b.c\r\n" + b"X-A: b\r\n" * 100_000,
        letter(*[(f"{each}.xlsx", BOOK + bytes([each])) for each in range(60)]),
    ],
)
def test_what_no_person_writes_is_a_sentence(mail: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"Thư|thư"):
        read_message(mail, LIMITS)


def test_a_message_crosses_the_border_of_a_process_whole() -> None:
    for mail in (letter(("622.xlsx", BOOK), ("a.pdf", PDF), body="https://zalo.me/x"), report("<a@b>")):
        message = read_message(mail, LIMITS)
        assert from_plain(json.loads(json.dumps(to_plain(message)))) == message
