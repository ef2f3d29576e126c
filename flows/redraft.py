"""After arrivals, redraft the reports that they changed: what the report would be, were the month closed now."""

from collections.abc import Iterable

from flows.collect_submissions import collect_submissions
from services.editions.redraft import Draft, find_due_drafts, redraft
from services.intake.outcome import Collected, periods_changed
from services.run import Run
from services.steps import Steps


def redraft_reports(run: Run, steps: Steps, collected: Iterable[Collected]) -> list[Draft]:
    """The new drafts; a month that cannot be printed is reported and stops no other."""
    due = steps.run("find-due-drafts", find_due_drafts, periods_changed(collected))
    drafts = steps.map("redraft", redraft, due)
    return [draft for draft in drafts if draft is not None]


def collect_and_redraft(run: Run, steps: Steps) -> tuple[list[Collected], list[Draft]]:
    """Take in what waits, and redraft what it changed; gives what became of every file, and the new drafts."""
    collected = collect_submissions(run, steps)
    return collected, redraft_reports(run, steps, collected)
