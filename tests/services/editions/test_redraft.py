"""The draft follows the arrivals, and a report that is about to be late is not left to chance."""

from collections.abc import Callable
from datetime import datetime

import pytest

from domain.calendar import VIETNAM
from domain.period import Period
from flows.redraft import redraft_reports
from services.run import open_run
from services.settings import Settings
from services.steps import Direct
from tests.commands import collect_submissions, monthly_report
from tests.commands import redraft_reports as redraft

pytestmark = pytest.mark.slow
JANUARY = Period.parse("2024-01")


def test_an_arrival_redrafts_the_voided_report_and_history_is_left_alone(
    watched: Settings, fill: Callable[..., None]
) -> None:
    fill(watched, "2023-12", "2024-01", with_faults=False, only={"622"})
    assert redraft(watched, collect_submissions(watched)) == []
    monthly_report(watched, JANUARY)
    fill(watched, "2024-01", with_faults=False, only={"623"})
    [draft] = redraft(watched, collect_submissions(watched))
    assert draft.sentence.startswith("Nếu chốt bây giờ, kỳ 2024-01: 2/17 báo cáo; bản 2024-01-2 (dự thảo): ")
    assert redraft(watched, collect_submissions(watched)) == []
    page = (watched.home / "status" / "2024-01.html").read_text(encoding="utf-8")
    assert "Nếu chốt bây giờ: 2/17 báo cáo" in page


def test_the_month_being_compiled_is_drafted_at_its_first_arrival(watched: Settings, fill: Callable[..., None]) -> None:
    fill(watched, "2024-01", with_faults=False, only={"622"})
    collected = collect_submissions(watched)

    def drafts() -> list[int]:
        with open_run(watched, lambda: datetime(2024, 1, 16, 9, tzinfo=VIETNAM)) as run:
            return [draft.accepted for draft in redraft_reports(run, Direct(run), collected)]

    watched.draft_on_arrival = False
    assert drafts() == []
    watched.draft_on_arrival = True
    assert drafts() == [1]
