"""What became known is told in the same words wherever it stands."""

from datetime import datetime, timedelta

from domain.calendar import VIETNAM
from domain.corrections import Correction, Locator
from services.figures.known import Learnt
from services.figures.news import first_few, news_in_short

NOON = datetime(2024, 5, 2, 12, 0, tzinfo=VIETNAM)
CORRECTION = Correction(
    Locator("2024-03", "622", "03_HoDan", "L", 8),
    "1",
    "2",
    "Ghi thiếu",
    "Biên bản 15",
    NOON,
    NOON + timedelta(days=9),
    "",
)


def test_a_correction_is_told_as_it_begins_and_as_it_ceases_to_hold() -> None:
    learnt = Learnt([], [], [CORRECTION], [])
    assert news_in_short(learnt, NOON) == ["tỉnh điều chỉnh 2024-03/622/03_HoDan!L8"]
    assert news_in_short(learnt, NOON + timedelta(days=10)) == ["hết hiệu lực điều chỉnh 2024-03/622/03_HoDan!L8"]


def test_of_many_changes_the_first_three_are_named_and_the_others_counted() -> None:
    assert first_few(["một", "hai", "ba"]) == "một; hai; ba"
    assert first_few(["một", "hai", "ba", "bốn", "năm"]) == "một; hai; ba và 2 thay đổi khác"
