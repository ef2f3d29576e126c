"""Watches that a report leaves in time: a day before it must, the operator hears of one that has not."""

from dataclasses import dataclass
from datetime import date, timedelta

from cli.terminal import complain
from domain import wording
from domain.calendar import VIETNAM
from domain.editions import EditionState
from domain.period import Period
from domain.reference import Reference, RoleName
from domain.reminders import milestones
from services.mail.notices import tell
from services.registers import load_registers
from services.settings import Settings, now
from services.status.period import status
from storage import editions
from storage.database import open_database


@dataclass(frozen=True, slots=True)
class Alarm:
    """A report that is about to be late, in words, and who was told of it now."""

    period: Period
    lines: list[str]
    told: list[str]


def watch(settings: Settings, day: date | None = None) -> Alarm | None:
    """Look at the month that closed last, as on a day (default: today); tells the operators once a day.

    The alarm sounds from the working day before the day of sending until an edition of the month was sent.
    """
    reference = load_registers(settings)
    today = now().astimezone(VIETNAM)
    on = day or today.date()
    period = reference.calendar.last_closed_on(on)
    send_by = milestones(reference.calendar, period).send_by
    if on < reference.calendar.working_day(send_by - timedelta(days=1), -1) or not reference.expected_units(period):
        return None
    with open_database(settings.ledger_url) as database:
        with database.begin() as session:
            known = editions.editions_of(session, str(period))
        if any(edition.state in (EditionState.SENT, EditionState.SUPERSEDED) for edition in known):
            return None
        lines = _lines(settings, reference, period, send_by)
        addresses = reference.mailboxes_of(RoleName.OPERATOR, on)
        if not addresses:
            complain("ketnghia: reference/roles.csv không có ai giữ vai operator kèm địa chỉ thư để báo động.")
        told = tell(settings, database, f"alarm-{period}-{on}", addresses, lines, reference)
    return Alarm(period, lines, told)


def _lines(settings: Settings, reference: Reference, period: Period, send_by: date) -> list[str]:
    from services.status.page import next_steps

    found = status(settings, period)
    steps = next_steps(period, found, {})
    return [
        f"Báo cáo {period.words()} chưa được gửi, phải gửi chậm nhất {wording.short_day(send_by)}.",
        f"{found['accepted']}/{found['expected']} báo cáo của đơn vị được chấp nhận.",
        *(f"- {step}" for step in steps),
    ]
