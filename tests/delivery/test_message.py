import email
import email.policy
import re
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from delivery.message import Attachment, Letter, compose, message_id, refuse_stranger
from domain.errors import BadRecipient

ALLOWED = frozenset({"gialai.gov.vn"})
words = st.lists(
    st.sampled_from(["Báo", "cáo", "kết", "nghĩa", "ủy", "2024", "a", "thôn,", "làng"]), min_size=1, max_size=40
)


def letter(subject: str = "Báo cáo kết quả công tác kết nghĩa tháng 02 năm 2024", answers: str | None = None) -> bytes:
    content = Letter(
        subject,
        "Kính gửi",
        "<p>Kính gửi</p>",
        [Attachment("bao-cao.pdf", "application/pdf", b"%PDF-1.7")],
        answers=answers,
    )
    return compose(content, "a@gialai.gov.vn", "b@gialai.gov.vn", "<x@y>", datetime(2024, 2, 20, tzinfo=UTC))


def read_back(content: bytes) -> EmailMessage:
    return email.message_from_bytes(content, policy=email.policy.default)  # type: ignore[return-value]


@given(words)
def test_long_vietnamese_subjects_survive_folding(parts: list[str]) -> None:
    subject = " ".join(parts)
    assert read_back(letter(subject))["Subject"] == subject


def test_the_mail_is_text_and_html_with_the_pdf_under_an_ascii_name() -> None:
    message = read_back(letter())
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]
    assert [part.get_filename() for part in message.iter_attachments()] == ["bao-cao.pdf"]
    assert message.get_body(("plain",)).get_content().strip() == "Kính gửi"  # type: ignore[union-attr]


def test_the_identity_of_a_mail_cannot_be_guessed() -> None:
    made = {message_id("c@gialai.gov.vn") for _ in range(100)}
    assert len(made) == 100
    assert all(re.fullmatch(r"<[0-9a-f]{32}@gialai\.gov\.vn>", each) for each in made)


def test_an_answer_says_what_it_answers_and_that_no_person_wrote_it() -> None:
    answer = read_back(letter(answers="<1@unit.example>"))
    assert (answer["In-Reply-To"], answer["References"]) == ("<1@unit.example>", "<1@unit.example>")
    assert answer["Auto-Submitted"] == "auto-replied"
    nameless = read_back(letter(answers=""))
    assert (nameless["In-Reply-To"], nameless["Auto-Submitted"]) == (None, "auto-replied")
    assert read_back(letter())["Auto-Submitted"] is None


@pytest.mark.parametrize(
    "address",
    [
        "a@gmail.com",
        "a@gialai.gov.vn.evil.example",
        "a@xgialai.gov.vn",
        "a@gialai.gov.vn\r\nBcc: x@y.z",
        "A <a@gialai.gov.vn>",
        "a",
        "",
    ],
)
def test_strangers_and_smuggled_headers_are_refused(address: str) -> None:
    with pytest.raises(BadRecipient):
        refuse_stranger(address, ALLOWED)


@pytest.mark.parametrize("address", ["a@gialai.gov.vn", "b@tinhuy.gialai.gov.vn"])
def test_our_own_domains_and_those_below_them_are_allowed(address: str) -> None:
    refuse_stranger(address, ALLOWED)


def test_mails_of_one_letter_differ_in_their_headers_alone() -> None:
    content = Letter(
        "Báo cáo", "Kính gửi", "<p>Kính gửi</p>", [Attachment("a.pdf", "application/pdf", bytes(range(256)))]
    )
    mails = [
        compose(content, "a@x.vn", f"{name}@x.vn", f"<{name}@x>", datetime(2024, 2, 20, tzinfo=UTC)) for name in "bc"
    ]
    assert len({mail[-len(content.body) :] for mail in mails}) == 1
    for name, mail in zip("bc", map(read_back, mails), strict=True):
        assert (mail["To"], mail["Message-ID"], mail.defects) == (f"{name}@x.vn", f"<{name}@x>", [])
        [attached] = mail.iter_attachments()
        assert attached.get_content() == bytes(range(256))
