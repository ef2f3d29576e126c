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
from services.settings import Settings
from services.undertaking import Undertaken
from tests.builders import own_tables
from tests.commands import give, reconcile, reference_of, release, status

pytestmark = pytest.mark.slow
FIRST, LAST = Period.parse("2024-01"), Period.parse("2024-04")
MAILED = {"622": "pleiku@gialai.example", "623": "ankhe@gialai.example"}


@pytest.fixture
def office(settings: Settings) -> Settings:
    """Pleiku and An Khê have a mailbox; an operator hears of what is late."""
    rows = "".join(f"{email},{code},2020-01-01,,\n" for code, email in MAILED.items())
    (own_tables(settings) / "unit_mailboxes.csv").write_text(
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
    return [f"{each.due.work} {each.due.period}" for each in done if each.due.work != "watch"]


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
        work: [day for day, works in done.items() if f"{work} 2024-02" in works]
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
    assert [work for work in first if work.startswith("report")] == [f"report {month}" for month in months]
    assert first[0].endswith("2024-01")
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
    assert (failed.due.work, str(failed.due.period)) == ("report", "2024-01")
    assert "2024-01.toml" in failed.sentence
    assert [each.record.edition_id for each in status(office, Period.parse("2024-02")).editions] == ["2024-02-1"]
    (local / "2024-01.toml").unlink()
    assert "report 2024-01" in told(reconcile(office, seven(date(2024, 3, 2))))
