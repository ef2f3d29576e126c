"""A day that cannot be meant is asked about, with the one that probably was."""

from datetime import date

import pytest

from domain.errors import UnlikelyDay
from domain.slips import probably_meant, refuse_slip

TODAY = date(2024, 2, 22)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (date(2034, 2, 22), date(2024, 2, 22)),
        (date(2204, 2, 20), date(2024, 2, 20)),
        (date(2025, 2, 20), date(2024, 2, 20)),
        (date(1024, 2, 20), date(2024, 2, 20)),
        (date(2034, 9, 20), None),
        (date(2034, 2, 28), date(2024, 2, 28)),
        (date(2028, 2, 29), date(2024, 2, 29)),
    ],
)
def test_a_slip_in_the_year_names_the_same_day_of_a_year_that_is_possible(typed: date, meant: date | None) -> None:
    assert probably_meant(typed, date(2024, 2, 15), date(2024, 3, 8), TODAY) == meant


def test_what_is_possible_is_not_asked_about_and_what_is_not_says_where_it_was_typed() -> None:
    refuse_slip("--on", TODAY, None, TODAY, TODAY)
    with pytest.raises(UnlikelyDay, match=r"--on 22/02/2034 khó có thể đúng: .*đến 22/02/2024\. Có phải 2024-02-22\?"):
        refuse_slip("--on", date(2034, 2, 22), None, TODAY, TODAY)
    with pytest.raises(UnlikelyDay, match="từ 22/02/2024"):
        refuse_slip("--from", date(2014, 3, 1), TODAY, None, TODAY)
