"""Units that owe a report are reminded once per step, and those that sent one never."""

from collections.abc import Callable
from datetime import date
from email import message_from_bytes
from email.policy import default

import pytest

from domain.period import Period
from domain.reminders import Rung
from services.settings import Settings
from tests.commands import collect_submissions, plan_reminders, remind_units

pytestmark = pytest.mark.slow
MARCH = Period.parse("2024-03")


@pytest.fixture
def owing(settings: Settings, fill_inbox: Callable[..., None]) -> Settings:
    """Pleiku has sent; of the others An Khê and Kbang have a mailbox."""
    local = settings.home / "reference"
    (local / "unit_mailboxes.csv").write_text(
        "email,unit_code,valid_from,valid_to,note\n"
        "pleiku@gialai.example,622,2020-01-01,,\nankhe@gialai.example,623,2020-01-01,,\n"
        "old@gialai.example,625,2020-01-01,2023-12-31,\nkbang@gialai.example,625,2024-01-01,,\n"
        "stranger@elsewhere.test,624,2020-01-01,,\n",
        encoding="utf-8",
    )
    fill_inbox("2024-03", with_faults=False, only={"622"})
    collect_submissions(settings)
    return settings


def sent(settings: Settings) -> dict[str, str]:
    return {
        str(message["To"]): str(message["Subject"])
        for path in settings.mail_sink.glob("remind-*/*.eml")
        for message in [message_from_bytes(path.read_bytes(), policy=default)]
    }


def test_each_step_is_heard_once_and_whoever_sent_hears_nothing(owing: Settings) -> None:
    first = remind_units(owing, MARCH, date(2024, 3, 12))
    assert first.rung is Rung.BEFORE
    assert set(sent(owing)) == {"ankhe@gialai.example", "kbang@gialai.example"}
    again = remind_units(owing, MARCH, date(2024, 3, 13))
    assert {each.unit.code for each in again.units if each.was_reminded} == {"623", "625"}
    assert len(list(owing.mail_sink.glob("remind-*/*.eml"))) == 2
    remind_units(owing, MARCH, date(2024, 3, 15))
    assert len(list(owing.mail_sink.glob("remind-*/*.eml"))) == 4


def test_an_overdue_unit_is_told_so_and_named_to_be_telephoned_and_escalated(owing: Settings) -> None:
    found = remind_units(owing, MARCH, date(2024, 3, 19))
    assert sent(owing)["ankhe@gialai.example"].startswith("[Kết nghĩa] Quá hạn: Báo cáo tháng 3 năm 2024")
    told = "\n".join(found.lines())
    assert "Cần gọi điện: " in told
    assert "Thị xã Ayun Pa" in told.partition("Cần gọi điện")[2]  # its address may not be written to
    assert "Thị xã An Khê" not in told.partition("Cần gọi điện")[2].partition("Quá hạn")[0]
    assert len(found.to_escalate) == 16


def test_a_dry_run_sends_nothing_and_a_holiday_reminds_nobody(owing: Settings) -> None:
    planned = plan_reminders(owing, MARCH, date(2024, 3, 12))
    assert "sẽ gửi" in "\n".join(planned.lines())
    assert list(owing.mail_sink.glob("remind-*")) == []
    on_a_saturday = remind_units(owing, MARCH, date(2024, 3, 16))
    assert on_a_saturday.units == []
    assert on_a_saturday.lines() == ["Ngày 16/03/2024 không nhắc kỳ 2024-03 (ngày nghỉ, hoặc chưa đến ngày nhắc)."]
    assert list(owing.mail_sink.glob("remind-*")) == []


def test_a_unit_whose_report_was_returned_is_asked_to_send_it_again(
    owing: Settings, fill_inbox: Callable[..., None]
) -> None:
    from domain.forms import CURRENT
    from samples.months import _Sample
    from tests.commands import reference_of

    reference = reference_of(owing)
    unit = reference.reporting_unit("623", MARCH)
    wrong = _Sample(reference, MARCH, unit, CURRENT).file(reference.calendar.due(MARCH), wrong_sum=True)
    (owing.inbox / wrong.name).write_bytes(wrong.content)
    collect_submissions(owing)
    remind_units(owing, MARCH, date(2024, 3, 18))
    [place] = owing.mail_sink.glob("remind-2024-03-623-*/*.eml")
    body = message_from_bytes(place.read_bytes(), policy=default).get_body(("plain",))
    assert body is not None
    assert "bị trả lại" in body.get_content()
