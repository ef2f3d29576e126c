"""The mail that answers a unit, as text and as HTML."""

from dataclasses import replace

from domain.findings import Verdict
from domain.reference import Reference
from reports.mail.answer import bodies, subject
from reports.unit.answer import answer_lines
from tests.reports.unit.test_answer import answer, finding


def test_both_bodies_say_the_same_in_the_same_order(reference: Reference) -> None:
    lines = answer_lines(
        answer(Verdict.REJECTED, finding(8), finding(9, "W-PRICE")), attached="Tệp kèm theo x.xlsx: xem."
    )
    text, html = bodies(lines, reference)
    for body in (text, html):
        places = [body.index(line) for line in lines if line]
        assert places == sorted(places)
    assert html.index("<strong>") < html.index("Tệp bị trả lại")


def test_what_a_sender_typed_is_not_markup(reference: Reference) -> None:
    lines = answer_lines(answer(Verdict.REJECTED, finding(8, sentence="Ghi <b>K'Bang</b> & 1")))
    text, html = bodies(lines, reference)
    assert "Ghi <b>K'Bang</b> & 1" in text
    assert "<b>K" not in html


def test_the_subject_names_the_file_its_fate_and_what_is_made_up() -> None:
    given = answer(Verdict.REJECTED, finding(8))
    assert subject([given]) == "[Kết nghĩa] KN_622.xlsx: bị trả lại"
    assert subject([replace(given, is_sample=True)]).startswith("[SỐ LIỆU GIẢ ĐỊNH] ")
