"""What became of the files of one run, and what follows from it for periods and editions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from domain.findings import Verdict
from domain.period import Period, month_named
from reports.unit.answer import UnitAnswer
from services.editions.outdated import void_outdated
from services.log import traceback_of, warn
from services.mail.notices import send_void_notices
from services.run import Run
from services.status.page import write_status_page
from storage.database import LedgerUnreachable


@dataclass(frozen=True, slots=True)
class Collected:
    """What became of one file that arrived."""

    file_name: str
    sha256: str
    receipt: int
    unit_code: str | None
    period: str | None
    revision: int | None
    verdict: Verdict
    causes: int
    is_again: bool

    @classmethod
    def of(cls, answer: UnitAnswer) -> Self:
        """The outcome by the answer that its sender got."""
        return cls(
            file_name=answer.arrival.file_name,
            sha256=answer.arrival.sha256,
            receipt=answer.arrival.number,
            unit_code=answer.understood.unit_code,
            period=answer.understood.period,
            revision=answer.understood.revision,
            verdict=answer.verdict,
            causes=len(answer.findings.causes()),
            is_again=answer.again_of is not None,
        )


def periods_changed(collected: Iterable[Collected]) -> set[Period]:
    """The months of which a file now counts that did not."""
    named = {month_named(each.period) for each in collected if each.verdict.counts and not each.is_again}
    return {month for month in named if month is not None}


def publish_status(run: Run, collected: Iterable[Collected]) -> None:
    """Write the page of every month that a file named; a file may name any month, and some are not taken in."""
    oldest = (run.settings.oldest.year, run.settings.oldest.number)
    for month in {month_named(each.period) for each in collected}:
        if month is not None and (month.year, month.number) >= oldest:
            _publish(run, month)


def _publish(run: Run, month: Period) -> None:
    try:
        write_status_page(run, month)
    except (OSError, *LedgerUnreachable):
        raise
    except Exception as error:
        # One month's page stops neither the others nor the answers that are to go out.
        warn(
            "status-page-failed",
            f"chưa ghi được trang tình trạng kỳ {month} ({type(error).__name__}: {error})",
            period=str(month),
            detail=traceback_of(error),
        )


def void_and_notify(run: Run) -> None:
    """Void the unsent editions that the arrivals have overtaken, and notify who checked or released them."""
    void_outdated(run)
    send_void_notices(run)
