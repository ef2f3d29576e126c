import docx
from markupsafe import Markup

from reports.companions.word.runs import write


def written(text: Markup | str) -> list[tuple[str, bool | None, float | None]]:
    paragraph = write(docx.Document().add_paragraph(), text)
    return [(run.text, run.bold, run.font.size and run.font.size.pt) for run in paragraph.runs]


def test_a_figure_is_one_run_with_the_words_around_it() -> None:
    placed = Markup('đạt <span class="claim" data-claim="a"><span class="figure" data-figure="b">15,3</span>%</span>.')
    assert written(placed) == [("đạt 15,3%.", None, None)]


def test_strong_and_small_words_stay_so() -> None:
    placed = Markup("huy động <strong>15/17 đơn vị</strong> <small>(3)</small>")
    assert written(placed) == [
        ("huy động ", None, None), ("15/17 đơn vị", True, None), (" ", None, None), ("(3)", None, 11)
    ]  # fmt: skip


def test_signs_of_markup_in_a_name_are_signs_in_word() -> None:
    assert written(Markup("Hội {}").format("<A & B>")) == [("Hội <A & B>", None, None)]
    assert written("Hội <A & B>") == [("Hội <A & B>", None, None)]


def test_a_space_that_does_not_break_stays_one() -> None:
    assert written(Markup("18\N{NO-BREAK SPACE}giờ")) == [("18\N{NO-BREAK SPACE}giờ", None, None)]
