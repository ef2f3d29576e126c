"""Nobody looks: what the calendar says is due is done on its day, once, and after months of downtime caught up."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from email import message_from_bytes
from email.policy import default

import pytest

from domain.accounts import Duty, RoleName
from domain.calendar import VIETNAM
from domain.editions import EditionState
from domain.period import Period, month_range
from domain.reminders import Rung, milestones
from flows.monthly_report import monthly_report
from services.clock import stopped
from services.due import Work
from services.run import open_run
from services.settings import Settings
from services.steps import Direct
from services.undertaking import Undertaken
from tests.commands import give, reconcile, reference_of, release, status

pytestmark = pytest.mark.slow
FIRST, LAST = Period.parse("2024-01"), Period.parse("2024-04")
MAILED = {"622": "pleiku@gialai.example", "623": "ankhe@gialai.example"}


@pytest.fixture
def office(settings: Settings) -> Settings:
    """Pleiku and An Khê have a mailbox; an operator hears of what is late."""
    rows = "".join(f"{email},{code},2020-01-01,,\n" for code, email in MAILED.items())
    (settings.home / "reference" / "unit_mailboxes.csv").write_text(
        f"email,unit_code,valid_from,valid_to,note\n{rows}", encoding="utf-8"
    )
    settings.draft_on_arrival = False
    give(settings, "Trực máy", Duty(RoleName.OPERATOR, date(2020, 1, 1)), email="it@gialai.example")
    return settings


def seven(day: date) -> datetime:
    return datetime.combine(day, time(7), VIETNAM)


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def subjects(settings: Settings, pattern: str) -> Counter[tuple[str, str]]:
    """Who was written to about what, how often."""
    return Counter((path.parent.name, path.stem) for path in settings.mail_sink.glob(f"{pattern}/*.eml"))


def told(done: list[Undertaken]) -> list[str]:
    """What was due, but for the watch over the deadline: that is kept every day."""
    kinds = tuple(f"{work}-" for work in Work if work is not Work.WATCH)
    return [each.key for each in done if each.key.startswith(kinds)]


def test_every_day_does_what_is_due_on_it_and_tet_moves_the_days(office: Settings, fill: Callable[..., None]) -> None:
    fill(office, "2024-01", with_faults=False, only={"622"})
    calendar, february = reference_of(office).calendar, Period.parse("2024-02")
    marks = milestones(calendar, february)
    fill(office, "2024-02", with_faults=False, only={"622"})
    done: dict[date, list[str]] = {}
    for day in days(date(2024, 1, 17), date(2024, 2, 29)):
        done[day] = told(reconcile(office, seven(day)))
        assert told(reconcile(office, seven(day))) == [], day
        if day == marks.compile_by:
            [edition] = [each.record.edition_id for each in status(office, february).editions]
            release(office, edition, "Người Duyệt", doc_date=day)
    on = {
        work: [day for day, works in done.items() if any(each.startswith(f"{work}-2024-02") for each in works)]
        for work in ("forms", "remind", "report", "send")
    }
    assert on["forms"] == [marks.send_forms]
    assert on["remind"] == [marks.remind_before, marks.remind_after, marks.due, marks.overdue]
    assert on["report"] == [marks.compile_by]
    assert on["send"] == [marks.send_by]
    assert [each.record.state for each in status(office, february).editions] == [EditionState.SENT]
    # Pleiku reported and hears nothing more; An Khê hears each step once.
    assert subjects(office, "remind-2024-02-*") == Counter(
        {(f"remind-2024-02-623-{rung}", MAILED["623"]): 1 for rung in Rung}
    )


def test_after_months_of_downtime_everything_is_caught_up_oldest_first_and_nobody_is_flooded(
    office: Settings, fill: Callable[..., None]
) -> None:
    months = month_range(FIRST, LAST)
    for month in months:
        fill(office, str(month), with_faults=False, only={"622"})
    began = date(2024, 5, 20)
    first = told(reconcile(office, seven(began)))
    assert [work for work in first if work.startswith("report")] == [f"report-{month}" for month in months]
    for day in days(began + timedelta(days=1), date(2024, 6, 6)):
        reconcile(office, seven(day))
    for month in months:
        assert [each.record.edition_id for each in status(office, month).editions] == [f"{month}-1"]
    reminded = subjects(office, "remind-*")
    assert {name for name, _ in reminded} >= {f"remind-{month}-623-overdue" for month in months}
    assert set(reminded.values()) == {1}
    by_day = Counter(
        (str(message["To"]), message["Date"].datetime.date())
        for path in office.mail_sink.glob("remind-*/*.eml")
        for message in [message_from_bytes(path.read_bytes(), policy=default)]
    )
    assert set(by_day.values()) == {1}
    # Four months are late, and one mail a day says so.
    assert subjects(office, "alarm-*") == Counter(
        {(f"alarm-{day}", "it@gialai.example"): 1 for day in days(began, date(2024, 6, 6))}
    )
    assert subjects(office, "form-*") == Counter({(f"form-2024-06-{code}", email): 1 for code, email in MAILED.items()})


def test_an_empty_ledger_has_no_past_to_catch_up_with(office: Settings) -> None:
    assert told(reconcile(office, seven(date(2024, 5, 2)))) == []
    assert subjects(office, "[rfa]*-20*") == Counter()


def test_what_fails_is_told_and_stops_nothing_else(
    office: Settings, fill: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(office, "2024-01", with_faults=False, only={"622"})
    fill(office, "2024-02", with_faults=False, only={"622"})
    local = office.home / "reference" / "narratives"
    local.mkdir(exist_ok=True)
    (local / "2024-01.toml").write_text("[", encoding="utf-8")
    done = reconcile(office, seven(date(2024, 3, 1)))
    [failed] = [each for each in done if not each.is_done]
    assert failed.key == "report-2024-01"
    assert "2024-01.toml" in failed.sentence
    assert [each.record.edition_id for each in status(office, Period.parse("2024-02")).editions] == ["2024-02-1"]
    (local / "2024-01.toml").unlink()
    assert "report-2024-01" in told(reconcile(office, seven(date(2024, 3, 2))))


def test_who_begins_in_the_middle_of_a_year_is_not_chased_for_the_months_before(
    office: Settings, fill: Callable[..., None]
) -> None:
    fill(office, "2024-10", with_faults=False, only={"622"})
    for day in days(date(2024, 10, 18), date(2024, 11, 20)):
        reconcile(office, seven(day))
    about = {name for name, _ in subjects(office, "remind-*")}
    assert about
    assert not any("2024-09" in name for name in about)


def test_a_unit_with_another_address_is_not_told_everything_once_more(
    office: Settings, fill: Callable[..., None]
) -> None:
    fill(office, "2024-01", with_faults=False, only={"622"})
    for day in (date(2024, 1, 17), date(2024, 1, 18), date(2024, 1, 19)):
        reconcile(office, seven(day))
    before = {name for name, _ in subjects(office, "remind-2024-01-*")}
    (office.home / "reference" / "unit_mailboxes.csv").write_text(
        "email,unit_code,valid_from,valid_to,note\nankhe2@gialai.example,623,2020-01-01,,\n", encoding="utf-8"
    )
    reconcile(office, seven(date(2024, 1, 22)))
    assert before
    assert {name for name, _ in subjects(office, "remind-2024-01-*")} == before


def test_a_released_quarter_leaves_by_itself(office: Settings, fill: Callable[..., None]) -> None:
    quarter = Period.parse("2024-Q1")
    for month in ("2024-01", "2024-02", "2024-03"):
        fill(office, month, with_faults=False, only={"622"})
    on = milestones(reference_of(office).calendar, quarter).send_by
    reconcile(office, seven(on - timedelta(days=5)))
    with open_run(office, stopped(seven(on - timedelta(days=5)))) as run:
        edition = monthly_report(run, Direct(run), quarter).edition.edition_id
    release(office, edition, "Người Duyệt", doc_date=on - timedelta(days=4))
    assert f"send-{edition}" in told(reconcile(office, seven(on)))
    assert [each.record.state for each in status(office, quarter).editions] == [EditionState.SENT]
