"""Reminds the units whose report is missing, politely, once per step of the ladder; names who must be telephoned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from delivery.message import Letter, refuse_stranger
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryState
from domain.errors import BadRecipient
from domain.period import Period
from domain.reference import Reference
from domain.reminders import Rung, milestones, rung_on
from domain.units import Unit
from services.mail.outbox import attempt, outbox, queue
from services.registers import load_registers
from services.settings import Settings, now
from storage import deliveries, submissions
from storage.database import Session, open_database


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is due to one unit today: a mail, a telephone call where no mailbox is known, or nothing more."""

    unit: Unit
    period: Period
    rung: Rung
    email: str | None
    is_returned: bool
    """Whether the unit has sent something that was returned; it is asked to send again, not to begin."""
    was_reminded: bool
    state: DeliveryState | None = None

    @property
    def subject(self) -> str:
        """What the mail is about, for the outbox: one per unit, month and step."""
        return f"remind-{self.period}-{self.unit.code}-{self.rung}"


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders of a day."""

    period: Period
    day: date
    rung: Rung | None
    units: Sequence[Reminder]

    @property
    def to_telephone(self) -> list[Reminder]:
        """Units that no mail reaches: no mailbox, or the mail was refused or came back."""
        unreached = (DeliveryState.REFUSED, DeliveryState.BOUNCED)
        return [each for each in self.units if each.email is None or each.state in unreached]

    @property
    def to_escalate(self) -> list[Reminder]:
        """Units that are overdue: their superiors should know."""
        return [each for each in self.units if each.rung is Rung.OVERDUE]


def plan_reminders(settings: Settings, period: Period, day: date | None = None) -> Reminders:
    """Whom to remind of the month on a day (default: today); a unit whose report counts hears nothing."""
    reference = load_registers(settings)
    on = day or now().astimezone(VIETNAM).date()
    rung = rung_on(reference.calendar, period, on)
    if rung is None:
        return Reminders(period, on, None, [])
    database = open_database(settings.ledger_url)
    try:
        with database.begin() as session:
            return Reminders(period, on, rung, _due(session, reference, period, on, rung))
    finally:
        database.close()


def remind_units(settings: Settings, period: Period, day: date | None = None) -> Reminders:
    """Send what is due today; doing it again sends nothing."""
    from reports.mail.reminder import bodies, subject

    planned = plan_reminders(settings, period, day)
    reference = load_registers(settings)
    days = milestones(reference.calendar, period)
    database = open_database(settings.ledger_url)
    sent = []
    try:
        with outbox(settings, database):
            for each in planned.units:
                if each.email is None or each.was_reminded:
                    sent.append(each)
                    continue
                try:
                    refuse_stranger(each.email, settings.allowed_domains)
                except BadRecipient:
                    sent.append(_with(each, None, None))
                    continue
                due = reference.calendar.due(period)
                letter = Letter(subject(each.unit, period, each.rung), *bodies(each, due, days, reference))
                mail = queue(settings, database, each.subject, str(planned.day), each.email, letter)
                sent.append(_with(each, each.email, attempt(settings, database, mail).state))
    finally:
        database.close()
    return Reminders(planned.period, planned.day, planned.rung, sent)


def reminder_lines(found: Reminders, *, is_dry_run: bool) -> list[str]:
    """The reminders for a terminal: who is reminded, who must be telephoned, who is overdue."""
    if found.rung is None:
        return [f"Ngày {found.day:%d/%m/%Y} không nhắc kỳ {found.period} (ngày nghỉ, hoặc chưa đến ngày nhắc)."]
    lines = [f"Kỳ {found.period}, {found.rung.words}: {len(found.units)} đơn vị chưa có báo cáo được chấp nhận."]
    for each in found.units:
        told = "không có hộp thư" if each.email is None else each.email
        state = "đã nhắc bước này" if each.was_reminded else each.state.words if each.state else ""
        if is_dry_run and each.email and not each.was_reminded:
            state = "sẽ gửi"
        lines.append(f"  {each.unit.code:<6} {each.unit.name:<24} {told}{f': {state}' if state else ''}")
    if found.to_telephone:
        lines.append(f"Cần gọi điện: {', '.join(each.unit.name for each in found.to_telephone)}.")
    if found.to_escalate:
        lines.append(f"Quá hạn, báo lãnh đạo: {', '.join(each.unit.name for each in found.to_escalate)}.")
    return lines


def _due(session: Session, reference: Reference, period: Period, on: date, rung: Rung) -> list[Reminder]:
    counting = {record.unit_code for record in submissions.counting_submissions(session, [str(period)])}
    received = {record.unit_code for record in submissions.all_submissions(session, [str(period)])}
    mailboxes = {
        row.unit_code: row.email
        for row in reversed(reference.unit_mailboxes)
        if row.valid_from <= on <= (row.valid_to or date.max)
    }
    found = []
    for unit in reference.expected_units(period):
        if unit.code in counting:
            continue
        email = mailboxes.get(unit.code)
        planned = Reminder(unit, period, rung, email, unit.code in received, False)
        mail = deliveries.find_delivery(session, planned.subject, email) if email else None
        found.append(planned if mail is None else _with(planned, email, mail.state, was_reminded=True))
    return found


def _with(each: Reminder, email: str | None, state: DeliveryState | None, *, was_reminded: bool = False) -> Reminder:
    return Reminder(each.unit, each.period, each.rung, email, each.is_returned, was_reminded, state)
