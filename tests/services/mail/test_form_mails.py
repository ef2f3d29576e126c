"""Each unit gets its form once, in its mailbox; whoever has none is named, and a reminder brings it again."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import openpyxl
import pytest

from domain.deliveries import DeliveryState
from domain.errors import BadPeriod, UnknownUnit
from domain.form import PROPERTY_PERIOD, PROPERTY_UNIT
from domain.period import Period
from domain.reference import Reference
from domain.reminders import month_of_forms
from reports.form import workbook as form_workbook
from reports.form.content import FormContent
from services.settings import Settings
from storage import deliveries
from storage.database import open_database
from tests.commands import collect_submissions, plan_forms, remind_units, send_forms, write_forms

pytestmark = pytest.mark.slow
MARCH = Period.parse("2024-03")


@pytest.fixture
def office(settings: Settings) -> Settings:
    """An Khê and Kbang have a mailbox; Ayun Pa's may not be written to."""
    local = settings.home / "reference"
    (local / "unit_mailboxes.csv").write_text(
        "email,unit_code,valid_from,valid_to,note\n"
        "ankhe@gialai.example,623,2020-01-01,,\nkbang@gialai.example,625,2024-01-01,,\n"
        "stranger@elsewhere.test,624,2020-01-01,,\n",
        encoding="utf-8",
    )
    return settings


def mails(settings: Settings, pattern: str) -> dict[str, EmailMessage]:
    found = {}
    for path in settings.mail_sink.glob(f"{pattern}/*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=default)
        found[str(message["To"])] = message
    return found


def test_each_unit_gets_its_own_form_once(office: Settings) -> None:
    first = send_forms(office, MARCH)
    assert {each.unit.code: each.state for each in first.units if each.email} == {
        "623": DeliveryState.SENT,
        "625": DeliveryState.SENT,
    }
    sent = mails(office, "form-2024-03-*")
    assert set(sent) == {"ankhe@gialai.example", "kbang@gialai.example"}
    for address, code in (("ankhe@gialai.example", "623"), ("kbang@gialai.example", "625")):
        [attached] = sent[address].iter_attachments()
        assert attached.get_filename() == f"KN_{code}_2024-03_v1.xlsx"
        properties = openpyxl.load_workbook(io.BytesIO(attached.get_content())).custom_doc_props
        told = {each.name: each.value for each in properties.props}
        assert (told[PROPERTY_UNIT], told[PROPERTY_PERIOD]) == (code, "2024-03")
    send_forms(office, MARCH)
    assert len(list(office.mail_sink.glob("form-2024-03-*/*.eml"))) == 2


def test_a_form_that_cannot_be_made_is_its_units_own_trouble(
    office: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    written = form_workbook.write_form

    def broken(content: FormContent) -> bytes:
        if content.unit.code == "623":
            raise ZeroDivisionError("23")
        return written(content)

    monkeypatch.setattr(form_workbook, "write_form", broken)
    states = {each.unit.code: each.state for each in send_forms(office, MARCH).units if each.email}
    assert states == {"623": None, "625": DeliveryState.SENT}
    assert "Thị xã An Khê: chưa gửi được biểu mẫu: lỗi của chương trình (ZeroDivisionError: 23)" in caplog.text
    assert len(write_forms(office, MARCH, None, None)) == len(plan_forms(office, MARCH).units) - 1
    monkeypatch.undo()
    assert {each.state for each in send_forms(office, MARCH).units if each.email} == {DeliveryState.SENT}


def test_the_mail_says_which_month_until_when_and_how(office: Settings) -> None:
    send_forms(office, MARCH, "623")
    [message] = mails(office, "form-2024-03-*").values()
    assert str(message["Subject"]) == "[Kết nghĩa] Biểu mẫu báo cáo tháng 3 năm 2024 của Thị xã An Khê"
    body = message.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    for said in ("(15/02/2024 - ", "Hạn nộp: ", "TỰ KIỂM TRA", "Không phát sinh"):
        assert said in text


def test_whoever_no_mail_reaches_is_named_and_a_plan_sends_nothing(office: Settings) -> None:
    planned = plan_forms(office, MARCH)
    told = "\n".join(planned.lines())
    assert "ankhe@gialai.example: sẽ gửi" in told
    by_hand = told.partition("cần giao biểu mẫu cách khác")[2]
    assert "Thị xã Ayun Pa" in by_hand
    assert "Thị xã An Khê" not in by_hand
    assert list(office.mail_sink.glob("form-*")) == []


def test_a_form_that_did_not_arrive_is_named_and_goes_to_the_next_address(office: Settings) -> None:
    send_forms(office, MARCH, "623")
    with open_database(office.ledger_url) as ledger, ledger.write() as session:
        deliveries.settle(
            session, "form-2024-03-623", "ankhe@gialai.example", DeliveryState.BOUNCED, datetime.now(UTC), "550"
        )
    told = "\n".join(plan_forms(office, MARCH, "623").lines())
    assert "0 đã được gửi biểu mẫu" in told
    assert "cần giao biểu mẫu cách khác: Thị xã An Khê." in told
    table = office.home / "reference" / "unit_mailboxes.csv"
    table.write_text(table.read_text(encoding="utf-8").replace("ankhe@", "ankhe2@"), encoding="utf-8")
    send_forms(office, MARCH, "623")
    assert "ankhe2@gialai.example" in mails(office, "form-2024-03-623*")


def test_the_first_mailbox_that_may_be_written_to_counts_and_the_order_changes_nothing(office: Settings) -> None:
    table = office.home / "reference" / "unit_mailboxes.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    two = ["stranger@elsewhere.test,623,2020-01-01,,", "second@gialai.example,623,2020-01-01,,"]
    table.write_text("\n".join([head, *two, *rows]) + "\n", encoding="utf-8")
    send_forms(office, MARCH, "623")
    assert set(mails(office, "form-2024-03-623*")) == {"second@gialai.example"}
    table.write_text("\n".join([head, *rows, *two]) + "\n", encoding="utf-8")
    send_forms(office, MARCH, "623")
    assert set(mails(office, "form-2024-03-623*")) == {"second@gialai.example"}


def test_in_the_month_of_the_merger_the_mail_names_the_days_of_the_unit(office: Settings) -> None:
    merger = Period.parse("2025-07")
    send_forms(office, merger, "623")
    [message] = mails(office, "form-2025-07-623*").values()
    body = message.get_body(("plain",))
    assert body is not None
    assert "(15/6/2025 - 30/6/2025)" in body.get_content()


def test_a_unit_whose_report_counts_gets_no_form(office: Settings, fill_inbox: Callable[..., None]) -> None:
    fill_inbox("2024-03", with_faults=False, only={"623"})
    collect_submissions(office)
    found = send_forms(office, MARCH)
    assert set(mails(office, "form-2024-03-*")) == {"kbang@gialai.example"}
    assert "đã có báo cáo, không gửi" in "\n".join(found.lines())


def test_a_reminder_brings_the_form_again(office: Settings) -> None:
    send_forms(office, MARCH)
    remind_units(office, MARCH, date(2024, 3, 12))
    [attached] = mails(office, "remind-2024-03-623-*")["ankhe@gialai.example"].iter_attachments()
    assert attached.get_filename() == "KN_623_2024-03_v1.xlsx"


def test_forms_are_of_months_and_of_units_that_report(office: Settings) -> None:
    with pytest.raises(BadPeriod):
        send_forms(office, Period.parse("2024-Q1"))
    with pytest.raises(UnknownUnit):
        send_forms(office, MARCH, "999")


@pytest.mark.parametrize(
    ("day", "month"),
    [
        (date(2024, 3, 4), None),
        (date(2024, 3, 5), "2024-03"),
        (date(2024, 3, 14), "2024-03"),
        (date(2024, 3, 15), None),
    ],
)
def test_the_forms_go_out_nine_days_before_the_month_closes(reference: Reference, day: date, month: str | None) -> None:
    due = month_of_forms(reference.calendar, day)
    assert (str(due) if due else None) == month
