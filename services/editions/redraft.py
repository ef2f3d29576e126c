"""Makes the draft of a month again when a submission arrives: what the report would be, were the month closed now."""

from collections.abc import Collection
from dataclasses import dataclass

from domain.editions import EditionState
from domain.errors import KetnghiaError, NothingToReport
from domain.period import Period
from services.editions.make import Printed, make_report
from services.log import traceback_of, warn
from services.run import Run
from services.status.period import status
from storage import editions
from storage.database import LedgerUnreachable


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as of now, and how many of the units are in it."""

    period: Period
    printed: Printed
    accepted: int
    expected: int

    @property
    def sentence(self) -> str:
        """What the arrivals have made of the month."""
        edition = self.printed.edition
        return (
            f"Nếu chốt bây giờ, kỳ {self.period}: {self.accepted}/{self.expected} báo cáo; "
            f"bản {edition.edition_id} ({edition.state.label}): {self.printed.path}"
        )


def find_due_drafts(run: Run, changed: Collection[Period]) -> list[Period]:
    """The months whose draft is to be made again: the one being compiled, and any that an arrival voided.

    Years of history are left to the backfill.
    """
    if not run.settings.draft_on_arrival:
        return []
    calendar = run.reference.calendar
    compiled = {calendar.last_closed_on(run.today()), calendar.month_of(run.today())}
    with run.ledger.read() as session:
        newest = {period: editions.editions_of(session, str(period))[-1:] for period in changed}
    return sorted(
        (
            period
            for period, known in newest.items()
            if period in compiled or any(edition.state is EditionState.VOID for edition in known)
        ),
        key=str,
    )


def redraft(run: Run, period: Period) -> Draft | None:
    """Print the draft of a month again; a month that cannot be printed is reported and stops no other."""
    try:
        printed = make_report(run, period)
    except NothingToReport:
        return None
    except KetnghiaError as reason:
        warn("redraft-failed", f"chưa lập lại được dự thảo kỳ {period}: {reason}", period=str(period))
        return None
    except (OSError, *LedgerUnreachable):
        raise
    except Exception as error:
        # The files of the month are taken in and answered; that it cannot be printed is for the operators to mend.
        warn(
            "redraft-broke",
            f"chưa lập lại được dự thảo kỳ {period}: lỗi của chương trình ({type(error).__name__}: {error})",
            period=str(period),
            detail=traceback_of(error),
        )
        return None
    found = status(run, period)
    return Draft(period, printed, found.accepted, found.expected)
