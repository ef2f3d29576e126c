"""Reminds the units whose report is missing, politely, once per step of the ladder; names who must be telephoned."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from delivery.message import Letter
from domain.calendar import VIETNAM
from domain.deliveries import DeliveryState
from domain.findings import Verdict
from domain.period import Period
from domain.reminders import Rung, milestones, rung_on
from domain.units import Unit
from services.forms import form_maker
from services.mail.form_mails import form_attachment
from services.mail.mailboxes import mailbox_for
from services.mail.outbox import Outgoing, deliver_once, outbox
from services.run import Run
from services.steps import apart
from storage import arrivals, deliveries, submissions
from storage.database import Session

_NAMED = re.compile(r"KN_(\d{3,5})_")
_REMINDED = re.compile(rf"remind-\d{{4}}-\d{{2}}-(\w+)-(?:{'|'.join(Rung)})")
_LATELY = timedelta(days=10)
"""What came earlier than so long before the month ended is of an earlier month."""


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
    def is_due(self) -> bool:
        """Whether a mail is still to be sent."""
        return self.email is not None and not self.was_reminded

    @property
    def subject(self) -> str:
        """What the mail is about, for the outbox: one per unit, month and step."""
        return f"remind-{self.period}-{self.unit.code}-{self.rung}"

    @property
    def line(self) -> str:
        """The unit, its address, and how its mail stands; one that is only planned will be sent."""
        who = f"{self.unit.code:<6} {self.unit.name:<24}"
        if self.email is None:
            return f"{who} không có hộp thư"
        if self.was_reminded:
            return f"{who} {self.email}: đã nhắc bước này"
        return f"{who} {self.email}: {self.state.label if self.state else 'sẽ gửi'}"


@dataclass(frozen=True, slots=True)
class Reminders:
    """The reminders of a day."""

    period: Period
    day: date
    rung: Rung | None
    units: Sequence[Reminder]

    @property
    def sentence(self) -> str:
        """What this day is for the month: a step of the ladder and whom it meets, or none."""
        if self.rung is None:
            return f"Ngày {self.day:%d/%m/%Y} không nhắc kỳ {self.period} (ngày nghỉ, hoặc chưa đến ngày nhắc)."
        return f"Kỳ {self.period}, {self.rung.label}: {len(self.units)} đơn vị chưa có báo cáo được chấp nhận."

    def lines(self) -> list[str]:
        """The sentence, who is reminded, who must be telephoned, who is overdue."""
        lines = [self.sentence, *(f"  {each.line}" for each in self.units)]
        if self.to_telephone:
            lines.append(f"Cần gọi điện: {', '.join(each.unit.name for each in self.to_telephone)}.")
        if self.to_escalate:
            lines.append(f"Quá hạn, báo lãnh đạo: {', '.join(each.unit.name for each in self.to_escalate)}.")
        return lines

    @property
    def to_telephone(self) -> list[Reminder]:
        """Units that no mail reaches: no mailbox, or the mail was refused or came back."""
        return [each for each in self.units if each.email is None or (each.state is not None and each.state.is_lost)]

    @property
    def to_escalate(self) -> list[Reminder]:
        """Units that are overdue: their superiors should know."""
        return [each for each in self.units if each.rung is Rung.OVERDUE]


def reminded_today(run: Run) -> frozenset[str]:
    """The codes of the units that were written a reminder today, of whichever month."""
    since = datetime.combine(run.today(), time.min, VIETNAM)
    with run.ledger.read() as session:
        subjects = deliveries.reserved_since(session, "remind-", since)
    return frozenset(found[1] for subject in subjects if (found := _REMINDED.fullmatch(subject)))


def plan_reminders(
    run: Run, period: Period, day: date | None = None, spared: Collection[str] = frozenset()
) -> Reminders:
    """Whom to remind of the month on a day (default: today); a unit whose report counts hears nothing.

    Those that are spared have heard of another month already.
    """
    on = day or run.today()
    rung = rung_on(run.reference.calendar, period, on)
    if rung is None:
        return Reminders(period, on, None, [])
    with run.ledger.read() as session:
        due = _due(session, run, period, on, rung)
    return Reminders(period, on, rung, [each for each in due if not (each.is_due and each.unit.code in spared)])


def remind_units(run: Run, period: Period) -> Reminders:
    """Send what is due today; doing it again sends nothing. A unit hears of one month a day: of the oldest first."""
    from reports.mail.reminder import bodies, subject

    planned = plan_reminders(run, period, spared=reminded_today(run))
    days, due = milestones(run.reference.calendar, period), run.reference.calendar.due(period)
    make = form_maker(run, period)
    sent = []
    with outbox(run):
        for each in planned.units:
            if each.email is None or not each.is_due:
                sent.append(each)
                continue
            state = None
            with apart("not-reminded", f"{each.unit.name}: chưa gửi được thư nhắc", unit=each.unit.code):
                # Whose file was returned has it back, marked; the others get the form once more.
                carried = [] if each.is_returned else [form_attachment(each.unit, period, make(each.unit))]
                letter = Letter(subject(each.unit, period, each.rung), *bodies(each, due, days, run.reference), carried)
                state = deliver_once(run, Outgoing(each.subject, each.email, letter)).state
            sent.append(replace(each, state=state))
    return Reminders(planned.period, planned.day, planned.rung, sent)


def _due(session: Session, run: Run, period: Period, on: date, rung: Rung) -> list[Reminder]:
    counting = {record.unit_code for record in submissions.counting_submissions(session, [str(period)])}
    received = {record.unit_code for record in submissions.all_submissions(session, [str(period)])}
    waiting = _waiting_for_us(session, run, period, on)
    found = []
    for unit in run.reference.expected_units(period):
        if unit.code in counting or unit.code in waiting:
            continue
        email = mailbox_for(run, unit.code, on)
        planned = Reminder(unit, period, rung, email, unit.code in received, False)
        # Whoever has another address since was reminded at the one of then, unless that mail came back.
        mails = [
            each
            for each in deliveries.deliveries_of(session, planned.subject)
            if each.recipient == email or not each.state.is_lost
        ]
        found.append(replace(planned, state=mails[-1].state, was_reminded=True) if mails else planned)
    return found


def _waiting_for_us(session: Session, run: Run, period: Period, on: date) -> set[str]:
    """The units whose file came and has no verdict, or could not be judged: it is not they who are late."""
    set_aside = {
        record.unit_code
        for record in submissions.all_submissions(session, [str(period)])
        if record.verdict is Verdict.SET_ASIDE
    }
    began = run.reference.calendar.window(period).last_day - _LATELY
    unread = [each for each in arrivals.unjudged(session) if each.arrived_on >= began]
    senders = {code for arrival in unread for code in run.reference.units_of_sender(arrival.sender, on)}
    # Of a file in a folder only its name says whose it may be, where it still has the name that the form came with.
    named = {found[1] for arrival in unread if (found := _NAMED.search(arrival.file_name))}
    return {code for code in set_aside | senders | named if code is not None}
