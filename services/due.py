"""What is due, by the ledger and the calendar alone: whoever was away for months is told all of it, oldest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from domain.calendar import VIETNAM
from domain.editions import EditionRecord, EditionState
from domain.period import Period, month_range
from domain.reminders import Milestones, milestones
from services.mail.form_mails import plan_forms
from services.mail.reminders import plan_reminders, reminded_today
from services.run import Run
from storage import arrivals, editions, report_runs, submissions
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
    def label(self) -> str:
        """What is done, and for which month, in Vietnamese."""
        return f"{self.work.label} kỳ {self.period}{f', bản {self.edition_id}' if self.edition_id else ''}"


def find_due(run: Run) -> list[Due]:
    """What is due today, oldest month first; doing it leaves nothing due, and asking changes nothing."""
    today, found = run.today(), []
    reminded = reminded_today(run)
    months = _months(run, today)
    for month in months:
        if not run.reference.expected_units(month):
            continue
        days = milestones(run.reference.calendar, month)
        with run.ledger.read() as session:
            known = editions.editions_of(session, str(month))
            is_to_compile = today >= days.compile_by and _is_uncompiled(session, month, known, days)
        is_open = not any(each.state in (EditionState.SENT, EditionState.SUPERSEDED) for each in known)
        if days.send_forms <= today <= days.due and any(each.is_due for each in plan_forms(run, month).units):
            found.append(Due(Work.FORMS, month))
        if is_open and any(each.is_due for each in plan_reminders(run, month, today, reminded).units):
            found.append(Due(Work.REMIND, month))
        if is_open and is_to_compile:
            found.append(Due(Work.REPORT, month))
        found += [Due(Work.SEND, month, each.edition_id) for each in known if _is_to_send(each, days, today)]
    closed = run.reference.calendar.last_closed_on(today)
    return [*found, Due(Work.WATCH, closed)] if closed in months else found


def _months(run: Run, today: date) -> Sequence[Period]:
    """From the month that had closed when the first file came by itself, to the one that is running.

    Of what was imported as history nobody is reminded, and no reports are made by themselves.
    """
    calendar = run.reference.calendar
    with run.ledger.read() as session:
        began = arrivals.first_moment(session)
    current = calendar.month_of(today)
    first = calendar.last_closed(began) if began is not None else current
    return month_range(min(first, current, key=str), current)


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


def _is_to_send(edition: EditionRecord, days: Milestones, today: date) -> bool:
    """What was released has until the day of sending to be looked at, or signed, once more; then it leaves by itself."""
    wanted = [days.send_by, *(day for day in (edition.doc_date, edition.not_before) if day is not None)]
    return edition.state is EditionState.RELEASED and today >= max(wanted)
