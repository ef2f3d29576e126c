"""What is due, by the ledger and the calendar alone: whoever was away for months is told all of it, oldest first."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState
from domain.period import Period
from domain.reminders import Milestones, Rung, milestones
from services.mail.form_mails import plan_forms
from services.mail.reminders import plan_reminders, reminded_today
from services.run import Run
from services.status.looked_after import months_chased, months_looked_after
from storage import editions, report_runs, submissions
from storage.database import Session


class Work(StrEnum):
    """What is to be done for a month, in the order in which it is done."""

    FORMS = "forms"
    REMIND = "remind"
    REPORT = "report"
    SEND = "send"
    WATCH = "watch"

    @property
    def label(self) -> str:
        """The work in Vietnamese."""
        return {
            "forms": "gửi biểu mẫu",
            "remind": "nhắc đơn vị chưa báo cáo",
            "report": "lập báo cáo",
            "send": "gửi báo cáo đã duyệt",
            "watch": "canh hạn gửi",
        }[self]


@dataclass(frozen=True, slots=True)
class Due:
    """One piece of work that is due for a month."""

    work: Work
    period: Period
    edition_id: str = ""
    """What is to be sent."""

    @property
    def key(self) -> str:
        """What it is called where programs read."""
        return f"{self.work}-{self.edition_id or self.period}"

    @property
    def label(self) -> str:
        """What is done, and for which month, in Vietnamese."""
        return f"{self.work.label} kỳ {self.period}{f', bản {self.edition_id}' if self.edition_id else ''}"


def find_due(run: Run) -> list[Due]:
    """What is due today, oldest month first; doing it leaves nothing due, and asking changes nothing.

    Units are reminded before that: of the month that is running or closing first, then of those that are overdue.
    """
    today, reminded = run.today(), reminded_today(run)
    months, chased = months_looked_after(run, today), months_chased(run, today)
    running: list[Due] = []
    overdue: list[Due] = []
    found: list[Due] = []
    watched: list[Due] = []
    for month in months:
        if not run.reference.expected_units(month):
            continue
        days = milestones(run.reference.calendar, month)
        with run.ledger.read() as session:
            known = editions.editions_of(session, str(month))
            is_to_compile = today >= days.compile_by and _is_uncompiled(session, month, known, days)
        # What was superseded has a successor that was sent, unless somebody has withdrawn that one.
        is_open = not any(each.state is EditionState.SENT for each in known)
        if is_open and month in chased:
            planned = plan_reminders(run, month, today, reminded)
            if any(each.is_due for each in planned.units):
                (overdue if planned.rung is Rung.OVERDUE else running).append(Due(Work.REMIND, month))
        if days.send_forms <= today <= days.due and any(each.is_due for each in plan_forms(run, month).units):
            found.append(Due(Work.FORMS, month))
        if is_open and is_to_compile:
            found.append(Due(Work.REPORT, month))
        if is_open and month in chased and today >= days.remind_after:
            watched.append(Due(Work.WATCH, month))
    # One look tells of all that are late, and of none that has just been sent.
    return [*running, *overdue, *found, *_sendings(run, today), *watched[-1:]]


def _sendings(run: Run, today: date) -> list[Due]:
    """What was released, of a month or of longer, has until the day of sending to be looked at, or signed, once more."""
    with run.ledger.read() as session:
        released = [each for each in editions.all_editions(session) if each.state is EditionState.RELEASED]
    due = []
    for each in released:
        period = Period.parse(each.period)
        wanted = [milestones(run.reference.calendar, period).send_by, each.doc_date, each.not_before]
        if today >= max(day for day in wanted if day is not None):
            due.append(Due(Work.SEND, period, each.edition_id))
    return due


def _is_uncompiled(session: Session, month: Period, known: list[EditionRecord], days: Milestones) -> bool:
    """Whether no report was made since the day of compiling, though somebody has reported.

    A draft of before may lack a table or a narrative that was edited since; what a person has checked or released stays.
    """
    if any(each.state in (EditionState.CHECKED, EditionState.RELEASED) for each in known):
        return False
    if not submissions.counting_submissions(session, [str(month)]):
        return False
    is_there = any(each.state is EditionState.DRAFT for each in known)
    last = report_runs.latest_runs(session, [str(month)], None).get(str(month))
    since = datetime.combine(days.compile_by, time.min, VIETNAM)
    return not is_there or last is None or last.finished_at < since
