"""What is said where nothing is known of a period."""

from datetime import UTC, datetime

import pytest

from domain.errors import NothingToReport
from domain.period import Period
from services.settings import Settings
from tests.commands import summary_of

FEBRUARY = Period.parse("2024-02")


def test_who_asks_for_a_day_before_the_first_file_is_not_told_to_collect(settings: Settings) -> None:
    with pytest.raises(NothingToReport, match="Vào 17 giờ 00 ngày 01/02/2024 kỳ 2024-02 chưa có báo cáo") as told:
        summary_of(settings, FEBRUARY, datetime(2024, 2, 1, 10, tzinfo=UTC))
    assert "collect" not in str(told.value)


def test_who_asks_for_today_is_told_how_files_come_in(settings: Settings) -> None:
    with pytest.raises(NothingToReport, match="ketnghia collect"):
        summary_of(settings, FEBRUARY, None)
