"""A demonstration releases as a registry would have it, and twice alike."""

from collections.abc import Callable
from datetime import date

import pytest

from domain.editions import EditionState, ReleaseOrder
from domain.period import Period
from services.intake import demonstration
from services.settings import Settings
from tests.commands import by_hand, collect_submissions, monthly_report, order_release, send_report

pytestmark = pytest.mark.slow
made_up_order = by_hand(demonstration.made_up_order)


def test_the_demonstration_gives_number_and_day_and_may_be_repeated(
    settings: Settings, fill_inbox: Callable[..., None]
) -> None:
    fill_inbox("2024-02", with_faults=False, only={"622"})
    collect_submissions(settings)
    edition = monthly_report(settings, Period.parse("2024-02")).edition.edition_id
    order = made_up_order(settings, edition, "Người trình diễn")
    assert order == ReleaseOrder("Người trình diễn", "15", date(2024, 2, 22))
    assert order_release(settings, edition, order).doc_number == "15/BC-UBND"
    send_report(settings, edition)
    again = made_up_order(settings, edition, "Người trình diễn")
    assert order_release(settings, edition, again).state is EditionState.SENT
