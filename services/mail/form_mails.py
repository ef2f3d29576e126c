"""Sends each unit its form of a month, once, to its registered mailbox."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from delivery.message import XLSX, Attachment, Letter
from domain.deliveries import DeliveryState
from domain.period import Period
from domain.units import Unit
from services.forms import form_maker, reporting_units
from services.mail.mailboxes import mailbox_for
from services.mail.outbox import Outgoing, deliver_once, outbox
from services.progress import Progress, no_progress
from services.run import Run
from services.steps import apart
from storage import deliveries, submissions


@dataclass(frozen=True, slots=True)
class FormMail:
    """The form of one unit: where it goes, and how its mail stands; null where none was queued yet."""

    unit: Unit
    period: Period
    email: str | None
    state: DeliveryState | None = None
    has_reported: bool = False
    """Whether a report of the month counts already: then the form is not wanted any more."""

    @property
    def subject(self) -> str:
        """What the mail is about, for the outbox: one per unit and month."""
        return f"form-{self.period}-{self.unit.code}"

    @property
    def is_due(self) -> bool:
        """Whether it is still to be sent."""
        return self.email is not None and self.state is None and not self.has_reported

    @property
    def is_unreached(self) -> bool:
        """Whether somebody has to bring the form: no mailbox, or the mail was refused, came back or is uncertain."""
        is_doubtful = self.state is not None and (self.state.is_lost or self.state is DeliveryState.UNCERTAIN)
        return not self.has_reported and (self.email is None or is_doubtful)

    @property
    def line(self) -> str:
        """The unit, its address, and how its mail stands; one that is only planned will be sent."""
        who = f"{self.unit.code:<6} {self.unit.name:<24}"
        if self.has_reported:
            return f"{who} đã có báo cáo, không gửi"
        if self.email is None:
            return f"{who} không có hộp thư được phép gửi"
        return f"{who} {self.email}: {self.state.label if self.state else 'sẽ gửi'}"


@dataclass(frozen=True, slots=True)
class FormMails:
    """The forms of a month."""

    period: Period
    units: Sequence[FormMail]

    @property
    def sentence(self) -> str:
        """How many units there are, and how many have a form under way or with them."""
        sent = sum(each.state is DeliveryState.SENT for each in self.units)
        return f"Biểu mẫu kỳ {self.period}: {len(self.units)} đơn vị, {sent} đã được gửi biểu mẫu qua thư."

    def lines(self) -> list[str]:
        """The sentence, each unit, and who gets none by mail."""
        unreached = [each.unit.name for each in self.units if each.is_unreached]
        told = [f"Thư không đến được, cần giao biểu mẫu cách khác: {', '.join(unreached)}."] if unreached else []
        return [self.sentence, *(f"  {each.line}" for each in self.units), *told]


def plan_forms(run: Run, period: Period, unit_code: str | None = None) -> FormMails:
    """Who is to get the form of the month, and who has it.

    Raises:
        BadPeriod: if the period is not a month; only months are reported.
        UnknownUnit: if the unit does not report in that period.
    """
    units = reporting_units(run, period, unit_code)
    today = run.today()
    with run.ledger.read() as session:
        counting = {record.unit_code for record in submissions.counting_submissions(session, [str(period)])}
        planned = []
        for unit in units:
            found = FormMail(unit, period, mailbox_for(run, unit.code, today), has_reported=unit.code in counting)
            # One that came back was not had: where another address is registered since, it is sent there.
            mails = [
                each
                for each in deliveries.deliveries_of(session, found.subject)
                if each.recipient == found.email or not each.state.is_lost
            ]
            planned.append(replace(found, email=mails[-1].recipient, state=mails[-1].state) if mails else found)
    return FormMails(period, planned)


def send_forms(
    run: Run, period: Period, unit_code: str | None = None, on_progress: Progress = no_progress
) -> FormMails:
    """Send the forms that were not sent yet; doing it again sends nothing. Raises as `plan_forms`."""
    planned = plan_forms(run, period, unit_code)
    due = [each for each in planned.units if each.is_due]
    sent: dict[str, FormMail] = {}
    with outbox(run):
        make = form_maker(run, period)
        for number, mail in enumerate(due, start=1):
            # What is wrong with one form is not the others' trouble; the next run tries it again.
            with apart("form-not-sent", f"{mail.unit.name}: chưa gửi được biểu mẫu", unit=mail.unit.code):
                letter = _letter(run, mail.unit, period, make(mail.unit))
                outcome = deliver_once(run, Outgoing(mail.subject, mail.email or "", letter))
                sent[mail.unit.code] = replace(mail, state=outcome.state)
            on_progress("send-forms", number, len(due))
    return FormMails(period, [sent.get(each.unit.code, each) for each in planned.units])


def form_attachment(unit: Unit, period: Period, content: bytes) -> Attachment:
    """The form as a mail carries it."""
    from reports.form.content import form_file_name

    return Attachment(form_file_name(unit.code, period), XLSX, content)


def _letter(run: Run, unit: Unit, period: Period, content: bytes) -> Letter:
    from reports.mail.form import bodies, subject

    window = run.reference.subperiod_of(unit.code, period)
    written = bodies(unit, period, window, run.reference.calendar.due(period), run.reference)
    return Letter(subject(unit, period), *written, [form_attachment(unit, period, content)])
