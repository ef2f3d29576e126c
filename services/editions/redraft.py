"""On arrival of a submission the draft is made anew: what the report would be, were the month closed now."""

from collections.abc import Iterable
from dataclasses import dataclass

from cli.terminal import complain
from domain.calendar import VIETNAM
from domain.editions import EditionState
from domain.errors import KetnghiaError, NothingToReport
from domain.period import Period, month_named
from services.editions.make import Printed, monthly_report
from services.intake.collect import Collected
from services.registers import load_registers
from services.settings import Settings, now
from services.status.period import status
from services.steps import RunStep, directly
from storage import editions
from storage.database import open_database


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as of now, and how many of the units are in it."""

    period: Period
    printed: Printed
    accepted: int
    expected: int

    @property
    def words(self) -> str:
        """What the arrivals have made of the month."""
        edition = self.printed.edition
        return (
            f"Nếu chốt bây giờ, kỳ {self.period}: {self.accepted}/{self.expected} báo cáo; "
            f"bản {edition.edition_id} ({edition.state.words}): {self.printed.path}"
        )


def draft_anew(settings: Settings, collected: Iterable[Collected], run_step: RunStep = directly) -> list[Draft]:
    """Print what the arrivals changed: the month being compiled, and any whose draft or release they voided.

    A month that cannot be printed is told and stops no other; years of history are left to `backfill`.
    """
    if not settings.draft_on_arrival:
        return []
    drafts = []
    for period in _changed(settings, collected):
        try:
            printed = monthly_report(settings, period, None, run_step)
        except NothingToReport:
            continue
        except KetnghiaError as reason:
            complain(f"ketnghia: chưa lập lại được dự thảo kỳ {period}: {reason}")
            continue
        found = status(settings, period)
        drafts.append(Draft(period, printed, int(str(found["accepted"])), int(str(found["expected"]))))
    return drafts


def _changed(settings: Settings, collected: Iterable[Collected]) -> list[Period]:
    named = {month_named(each.period) for each in collected if each.verdict.counts and not each.is_again}
    calendar = load_registers(settings).calendar
    today = now().astimezone(VIETNAM).date()
    compiled = {calendar.last_closed_on(today), calendar.month_of(today)}
    with open_database(settings.ledger_url) as database, database.begin() as session:

        def was_voided(period: Period) -> bool:
            known = editions.editions_of(session, str(period))
            return bool(known) and known[-1].state is EditionState.VOID

        return sorted((each for each in named if each and (each in compiled or was_voided(each))), key=str)
