"""Make the reports of many months, oldest first; one bad month does not stop the others, and nothing is mailed."""

from dataclasses import dataclass

from domain.errors import KetnghiaError
from domain.period import Period, month_range
from flows.monthly_report import Printed, monthly_report
from flows.settings import Settings
from flows.steps import RunStep, Tell, directly, silently


@dataclass(frozen=True, slots=True)
class Backfilled:
    """One month's outcome: an edition, or the reason why there is none."""

    period: Period
    printed: Printed | None
    reason: str


def backfill(
    settings: Settings, first: Period, last: Period, run_step: RunStep = directly, tell: Tell = silently
) -> list[Backfilled]:
    """Report every month from `first` to `last`, both included."""
    outcome = []
    months = month_range(first, last)
    for number, period in enumerate(months, start=1):
        try:
            printed = monthly_report(settings, period, None, run_step)
            outcome.append(Backfilled(period, printed, ""))
        except KetnghiaError as reason:
            outcome.append(Backfilled(period, None, str(reason)))
        tell("lập báo cáo", number, len(months))
    return outcome
