"""Make the reports of many months: one bad month does not stop the others, nothing is mailed, a stopped run is resumed."""

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import get_context

from domain.editions import ReportRunRecord
from domain.errors import KetnghiaError
from domain.period import Period
from services.editions.backfill_plan import Planned
from services.editions.make import monthly_report
from services.editions.version import code_version
from services.settings import Settings, now
from services.steps import RunStep, Tell, directly, silently
from storage import report_runs
from storage.database import open_database

_DIED = "tiến trình lập báo cáo dừng đột ngột"


@dataclass(frozen=True, slots=True)
class Backfilled:
    """One month's outcome: an edition, or the reason why there is none."""

    period: Period
    edition_id: str | None
    pages: int
    seconds: float
    reason: str


def backfill(
    settings: Settings,
    planned: Sequence[Planned],
    as_of: datetime | None = None,
    jobs: int = 1,
    run_step: RunStep = directly,
    tell: Tell = silently,
) -> list[Backfilled]:
    """Make every month of the plan that is due, in its order.

    Each month is one transaction of the ledger after its PDF is durable; a run that was killed is resumed by
    planning anew.
    """
    due = [each.period for each in planned if each.is_due]
    outcome: dict[Period, Backfilled] = {}
    for done in _made(settings, due, as_of, min(jobs, len(due)), run_step):
        outcome[done.period] = done
        tell("lập báo cáo", len(outcome), len(due))
    return [outcome[period] for period in due]


def make_month(settings: Settings, period: Period, as_of: datetime | None) -> Backfilled:
    """Make one month's report; what stops it is noted in the ledger and told, and stops nothing else."""
    begun = time.monotonic()
    try:
        printed = monthly_report(settings, period, as_of)
    except KetnghiaError as error:
        reason = str(error)
    except Exception as error:
        # A bug that one month meets must not cost the others; its name and text are kept for whoever mends it.
        reason = f"{type(error).__name__}: {error}"
    else:
        return Backfilled(period, printed.edition.edition_id, printed.pages, time.monotonic() - begun, "")
    _note_failure(settings, period, as_of, reason)
    return Backfilled(period, None, 0, time.monotonic() - begun, reason)


def _made(
    settings: Settings, due: Sequence[Period], as_of: datetime | None, jobs: int, run_step: RunStep
) -> Iterator[Backfilled]:
    if jobs <= 1:
        for period in due:
            yield run_step(f"report-{period}", make_month, settings, period, as_of)
        return
    left = list(due)
    with _pool(jobs) as pool:
        waiting = {pool.submit(make_month, settings, period, as_of): period for period in due}
        for future in as_completed(waiting):
            try:
                done = future.result()
            except BrokenProcessPool:
                continue
            left.remove(done.period)
            yield done
    # A process died and took the pool along: each month that is left gets one of its own.
    for period in left:
        try:
            with _pool(1) as alone:
                yield alone.submit(make_month, settings, period, as_of).result()
        except BrokenProcessPool:
            _note_failure(settings, period, as_of, _DIED)
            yield Backfilled(period, None, 0, 0.0, _DIED)


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _note_failure(settings: Settings, period: Period, as_of: datetime | None, reason: str) -> None:
    database = open_database(settings.ledger_url)
    with database.begin() as session:
        report_runs.note_run(session, ReportRunRecord(str(period), as_of, None, code_version(), None, reason, now()))
    database.close()
