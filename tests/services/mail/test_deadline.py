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


def test_of_all_that_are_late_one_mail_a_day_tells_and_the_newest_comes_first(
    watched: Settings, fill: Callable[..., None]
) -> None:
    for month in ("2024-01", "2024-02", "2024-03"):
        fill(watched, month, with_faults=False, only={"622"})
    collect_submissions(watched)
    alarm = watch(watched, date(2024, 4, 1))
    assert alarm is not None
    assert alarm.notified == ["it@gialai.example"]
    assert alarm.lines[0] == "Báo cáo tháng 3 năm 2024 chưa được gửi, phải gửi chậm nhất 25/3/2024."
    assert "Báo cáo của 2 tháng trước cũng chưa được gửi: 2024-01, 2024-02" in alarm.lines[-1]
    assert [each.name for each in watched.mail_sink.iterdir()] == ["alarm-2024-04-01"]
    # Who has not sent it in a year does not begin to because of one more mail.
    alarm = watch(watched, date(2025, 2, 28))
    assert alarm is not None
    assert alarm.periods == [
        *map(Period.parse, (f"2024-{number:02d}" for number in range(4, 13))),
        *map(Period.parse, ("2025-01", "2025-02")),
    ]


def test_an_alarm_that_could_not_be_sent_is_not_said_to_have_been(
    watched: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    watched.smtp_host, watched.smtp_port, watched.smtp_timeout_seconds = "127.0.0.1", 1, 1
    alarm = watch(watched, date(2024, 1, 24))
    assert alarm is not None
    assert alarm.notified == []
    assert "Thư báo cho it@gialai.example: chưa gửi được, sẽ thử lại." in caplog.text


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
