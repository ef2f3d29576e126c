"""A report that is about to be late is not left to chance."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.period import Period
from services.settings import Settings
from tests.commands import collect_submissions, monthly_report, release, send_report, watch

pytestmark = pytest.mark.slow
JANUARY = Period.parse("2024-01")


def test_the_operator_hears_once_a_day_from_the_day_before_until_the_report_was_sent(
    watched: Settings, fill: Callable[..., None]
) -> None:
    # January 2024 is sent by Thursday the 25th; the alarm sounds from the 24th.
    assert watch(watched, date(2024, 1, 23)) is None
    alarm = watch(watched, date(2024, 1, 24))
    assert alarm is not None
    assert alarm.lines[0] == "Báo cáo tháng 01 năm 2024 chưa được gửi, phải gửi chậm nhất 25/01/2024."
    assert alarm.notified == ["it@gialai.example"]
    again = watch(watched, date(2024, 1, 24))
    assert again is not None
    assert again.notified == []
    fill(watched, "2024-01", with_faults=False, only={"622"})
    collect_submissions(watched)
    edition = monthly_report(watched, JANUARY).edition.edition_id
    alarm = watch(watched, date(2024, 1, 25))
    assert alarm is not None
    assert f"- Đọc và duyệt bản {edition}: “ketnghia release {edition} --number SỐ --date NGÀY”." in alarm.lines
    release(watched, edition, "Người Duyệt")
    send_report(watched, edition)
    assert watch(watched, date(2024, 1, 26)) is None


def test_that_nobody_would_hear_is_told_to_whoever_watches(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    watch(settings, date(2024, 1, 23))
    assert caplog.messages == []
    alarm = watch(settings, date(2024, 1, 24))
    assert alarm is not None
    assert alarm.notified == []
    [told] = caplog.messages
    assert told.endswith("ketnghia account add TÊN --person “Họ và tên” --email ĐỊA_CHỈ --role operator")
