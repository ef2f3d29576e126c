import pytest

from domain.narrative import Piece, paragraphs, pieces


def test_blank_lines_part_paragraphs_and_broken_lines_go_on() -> None:
    assert paragraphs("\nMột\nhai\n\n  \nBa\n") == ("Một hai", "Ba")


def test_a_paragraph_is_words_figures_and_literals() -> None:
    assert pieces("Đạt {a@period} trước ngày [20/12/2026].") == [
        Piece("words", "Đạt "), Piece("figure", "a@period"), Piece("words", " trước ngày "),
        Piece("literal", "20/12/2026"), Piece("words", "."),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["Đạt 15,9%", "tháng 12", "làng Têng 2 {a}"])
def test_a_number_that_nobody_can_trace_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="viết thẳng"):
        pieces(text)
