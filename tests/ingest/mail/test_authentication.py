"""What the receiving server says of a mail's origin counts; what a sender writes in its name does not."""

import pytest

from ingest.mail.read_message import read_head
from tests.ingest.mail.letters import UNIT

SERVER = "mx.gialai.gov.vn"


def failed(*lines: str, server: str = SERVER) -> str:
    head = "\r\n".join([*lines, f"From: {UNIT}", "Subject: x", "", ""])
    return read_head(head.encode(), server).failed_check


def results(text: str, server: str = SERVER) -> str:
    return f"Authentication-Results: {server}; {text}"


@pytest.mark.parametrize(
    ("said", "check"),
    [
        ("dmarc=pass header.from=gialai.gov.vn; spf=fail", ""),
        ("dmarc=fail (p=reject; dis=none) header.from=gialai.gov.vn", "dmarc=fail"),
        ("spf=fail smtp.mailfrom=la.example; dkim=none", "spf=fail"),
        ("spf=fail; dkim=pass header.d=gialai.gov.vn", ""),
        ("spf=fail; dkim=fail header.d=a.example; dkim=pass header.i=@gialai.gov.vn", ""),
        ("spf=fail; dkim=pass header.d=la.example", "spf=fail"),
        ("spf=softfail; dkim=none; dmarc=none", ""),
        ("none", ""),
        ("dmarc=temperror; spf=permerror", ""),
        ("(dmarc=fail) dmarc=pass", ""),
    ],
)
def test_a_failed_check_is_named(said: str, check: str) -> None:
    assert failed(results(said)) == check


def test_results_in_several_headers_of_the_server_are_read_together() -> None:
    assert (
        failed(results("dkim=none"), "DKIM-Filter: OpenDKIM", results("spf=fail"), "Received: from la.example")
        == "spf=fail"
    )


def test_what_the_sender_wrote_below_the_servers_own_is_not_believed() -> None:
    received = "Received: from la.example by mx.gialai.gov.vn"
    assert failed(results("spf=fail; dkim=none"), received, results("dkim=pass; dmarc=pass")) == "spf=fail"
    assert failed(received, results("dmarc=fail"), results("dmarc=pass")) == "dmarc=fail"
    assert failed(results("dmarc=fail", "khac.example"), received) == ""


def test_without_a_server_named_nothing_is_judged() -> None:
    assert failed(results("dmarc=fail"), server="") == ""
