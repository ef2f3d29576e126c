"""Makes one month of a backfill: what stops it is an outcome, so that no month stops another; nothing is mailed."""

import time
from dataclasses import dataclass
from datetime import datetime

from domain.editions import ReportRunRecord
from domain.errors import KetnghiaError
from domain.period import Period
from services.editions.make import make_report
from services.editions.version import code_version
from services.log import about
from services.run import Run
from storage import report_runs
from storage.database import LedgerUnreachable, is_away

_DIED = "tiến trình lập báo cáo dừng đột ngột"


@dataclass(frozen=True, slots=True)
class Backfilled:
    """One month's outcome: an edition, or the reason why there is none."""

    period: Period
    edition_id: str | None
    pages: int
    seconds: float
    reason: str


def make_month(run: Run, period: Period, as_of: datetime | None = None) -> Backfilled:
    """Make one month's report; what stops it is noted in the ledger and given back, and stops nothing else.

    A ledger that is away is no outcome of a month: the step is begun anew.
    """
    begun = time.monotonic()
    try:
        with about(period=str(period)):
            printed = make_report(run, period, as_of, anew=True)
    except KetnghiaError as error:
        reason = str(error)
    except LedgerUnreachable as error:
        if is_away(error):
            raise
        reason = f"{type(error).__name__}: {error}"
    except Exception as error:
        # A bug that one month meets must not cost the others; its name and text are kept for whoever mends it.
        reason = f"{type(error).__name__}: {error}"
    else:
        return Backfilled(period, printed.edition.edition_id, printed.pages, time.monotonic() - begun, "")
    _note_failure(run, period, as_of, reason)
    return Backfilled(period, None, 0, time.monotonic() - begun, reason)


def lost_month(run: Run, period: Period, as_of: datetime | None) -> Backfilled:
    """The outcome of a month whose process died, noted in the ledger."""
    _note_failure(run, period, as_of, _DIED)
    return Backfilled(period, None, 0, 0.0, _DIED)


def _note_failure(run: Run, period: Period, as_of: datetime | None, reason: str) -> None:
    with run.ledger.write() as session:
        report_runs.note_run(
            session, ReportRunRecord(str(period), as_of, None, code_version(), None, reason, run.now())
        )
