from dataclasses import dataclass

import pytest
from markupsafe import Markup

from domain.reference import Reference
from reports.pdf.house_style import in_style, restyled, style_of


@pytest.mark.parametrize(
    ("placement", "given", "printed"),
    [
        ("hòa", "luỹ kế, xã hội hoá, thuỷ lợi, UỶ BAN, khoẻ", "lũy kế, xã hội hóa, thủy lợi, ỦY BAN, khỏe"),
        ("hoà", "lũy kế, xã hội hóa, thủy lợi, ỦY BAN, khỏe", "luỹ kế, xã hội hoá, thuỷ lợi, UỶ BAN, khoẻ"),
        ("", "luỹ kế, xã hội hóa", "luỹ kế, xã hội hóa"),
        ("hòa", "quý I, quỹ, hoàn thành, hoạt động, toán, xoèn", "quý I, quỹ, hoàn thành, hoạt động, toán, xoèn"),
        ("hoà", "quý I, quỳ, họa, tòa", "quý I, quỳ, hoạ, toà"),
    ],
)
def test_tone_marks_stand_where_the_sender_wants_them(placement: str, given: str, printed: str) -> None:
    assert in_style(placement, ())(given) == printed


def test_names_keep_theirs() -> None:
    style = in_style("hòa", ["Nhơn Hoà", "Thuỷ"])
    assert style("xã Nhơn Hoà hoà chung, Thuỷ Tiên, thuỷ lợi") == "xã Nhơn Hoà hòa chung, Thuỷ Tiên, thủy lợi"


def test_registered_names_and_the_name_of_the_state_are_names(reference: Reference) -> None:
    from dataclasses import replace

    style = style_of(replace(reference, sender=replace(reference.sender, tone_placement="hoà")))
    assert style("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM, hòa giải") == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM, hoà giải"


@dataclass(frozen=True)
class Piece:
    text: Markup
    parts: tuple[str, ...]
    number: int = 1


def test_all_words_of_a_content_are_restyled_and_markup_stays_markup() -> None:
    found = restyled(Piece(Markup("<b>luỹ</b>"), ("thuỷ",)), in_style("hòa", ()))
    assert (found.text, list(found.parts), found.number) == (Markup("<b>lũy</b>"), ["thủy"], 1)
    assert isinstance(found.text, Markup)
