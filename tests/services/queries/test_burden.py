"""What is asked of a unit in a year, and what of it no figure uses."""

from collections.abc import Callable

import pytest

from cli.lines.burden import burden_lines
from domain.period import Period
from services.settings import Settings
from tests.commands import (
    burden,
    collect_submissions,
)

pytestmark = pytest.mark.slow
FEBRUARY = Period.parse("2024-02")


def test_the_burden_counts_the_cells_of_a_year_and_what_a_model_commune_types_in_a_month(
    settings: Settings, fill_inbox: Callable[..., None]
) -> None:
    fill_inbox("2024-02", with_faults=False, only={"622"})
    collect_submissions(settings)
    asked = {(each.sheet, each.field): each for each in burden(settings, FEBRUARY)}
    villages = asked["03_HoDan", "poor_exit"].cells_per_year / 12
    assert villages == int(villages) > 0
    assert {"poor_exits", "poor_households"} <= set(asked["03_HoDan", "poor_exit"].used_for)
    assert "cases_received" in asked["04_HTCT_ANTT", "cases_received"].used_for
    assert "tet_value_vnd" in asked["02_HoatDong", "occasion"].used_for
    assert [place for place, each in asked.items() if each.is_idle] == []
    assert sum(each.cells_in_model_month for each in asked.values()) == 117
    assert "phải gõ 117 ô một tháng" in burden_lines(list(asked.values()))[0]
