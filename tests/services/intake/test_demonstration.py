"""A demonstration releases as a registry would have it, and twice alike."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from domain.editions import EditionState, ReleaseOrder
from domain.period import Period
from services.intake import demonstration
from services.settings import Settings
from storage.arrivals import unjudged
from storage.database import open_database
from tests.commands import by_hand, collect_submissions, monthly_report, order_release, reference_of, send_report

pytestmark = pytest.mark.slow
let_months_arrive = by_hand(demonstration.let_months_arrive)
made_up_order = by_hand(demonstration.made_up_order)


def test_every_file_of_the_demonstration_arrives_once_and_at_its_own_moment(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demonstration, "EARLIER_MONTHS", 0)
    february = Period.parse("2024-02")
    for _ in range(2):
        let_months_arrive(settings, february)
    with open_database(settings.ledger_url) as database, database.read() as session:
        arrivals = unjudged(session)
    due = reference_of(settings).calendar.due(february)
    [late] = [each for each in arrivals if each.arrived_at > due]
    assert (len(arrivals), late.file_name, late.arrived_at - due) == (
        34,
        "KN_625_2024-02_v1.xlsx",
        timedelta(days=3, hours=1),
    )
    assert [each.number for each in arrivals] == list(range(1, 35))
    shown = sorted(path.name for path in settings.inbox.rglob("*.xlsx"))
    assert shown == sorted(each.file_name for each in arrivals)


def test_the_demonstration_gives_number_and_day_and_may_be_repeated(
    settings: Settings, fill_inbox: Callable[..., None]
) -> None:
    fill_inbox("2024-02", with_faults=False, only={"622"})
    collect_submissions(settings)
    edition = monthly_report(settings, Period.parse("2024-02")).edition.edition_id
    order = made_up_order(settings, edition)
    assert order == ReleaseOrder("15", date(2024, 2, 22))
    assert order_release(settings, edition, order).doc_number == "15/BC-UBND"
    send_report(settings, edition)
    again = made_up_order(settings, edition)
    assert order_release(settings, edition, again).state is EditionState.SENT
