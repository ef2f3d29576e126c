"""A period is closed and opened by hand; its page says so at once."""

from collections.abc import Callable
from datetime import datetime

import pytest

from domain.calendar import VIETNAM
from domain.errors import UnlikelyDay
from domain.period import Period
from services.settings import Settings
from tests.commands import collect_submissions, lock_period, unlock_period

pytestmark = pytest.mark.slow
JANUARY = Period.parse("2024-01")


def test_the_page_of_the_period_is_written_anew_by_a_lock_and_by_its_opening(
    settings: Settings, fill_inbox: Callable[..., None]
) -> None:
    fill_inbox("2024-01", with_faults=False, only={"622"})
    collect_submissions(settings)
    page = settings.home / "status" / "2024-01.html"
    held = "xem xét “ketnghia unlock 2024-01”"
    assert held not in page.read_text(encoding="utf-8")

    lock_period(settings, JANUARY, datetime(2024, 1, 2, tzinfo=VIETNAM), "Nguyễn Văn A")
    assert held in page.read_text(encoding="utf-8")

    unlock_period(settings, JANUARY, "622", "Biên bản kiểm tra số 7", "Nguyễn Văn A")
    assert held not in page.read_text(encoding="utf-8")


def test_a_lock_of_another_year_than_can_be_meant_is_asked_about(settings: Settings) -> None:
    for slip in (datetime(2204, 1, 20, tzinfo=VIETNAM), datetime(1024, 1, 20, tzinfo=VIETNAM)):
        with pytest.raises(UnlikelyDay, match=r"--from .* khó có thể đúng: .* Có phải 2024-01-20\?"):
            lock_period(settings, JANUARY, slip, "Nguyễn Văn A")
