"""Close a period from a day on; let what came later count, for a reason that is kept and printed."""

from dataclasses import dataclass
from datetime import datetime

from domain.calendar import VIETNAM
from domain.errors import BadLock
from domain.period import Period
from domain.slips import A_YEAR, refuse_slip
from services.intake.arrivals import one_at_a_time
from services.log import note
from services.run import Run
from services.status.page import write_status_page
from storage import editions, locks, submissions
from storage.arrivals import ask_for_answer


@dataclass(frozen=True, slots=True)
class Locked:
    """A period's lock, and how many sound submissions it keeps from counting."""

    period: Period
    locked_from: datetime
    held: int


def lock_period(run: Run, period: Period, locked_from: datetime, by: str) -> Locked:
    """What arrives for the month from `locked_from` on is kept and judged, but does not count.

    A month that is locked again is held by the new lock alone: what only the old one held back counts from now on.

    Raises:
        BadLock: if the period is not a month, or nobody is named.
        UnlikelyDay: if the month has not begun by then, or that day is more than a year ahead.
    """
    _refuse(period, by)
    begins = run.reference.calendar.window(period).first_day
    day, today = locked_from.astimezone(VIETNAM).date(), run.today()
    refuse_slip("--from", day, begins, max(today, begins) + A_YEAR, today)
    # An answer that is just being written would else be noted over the other one that is asked for here.
    with one_at_a_time(run), run.ledger.write() as session:
        held_before = set(locks.held_submissions(session, str(period)))
        locks.set_lock(session, str(period), locked_from, by.strip(), run.now())
        held = set(locks.held_submissions(session, str(period)))
        for record in submissions.records_of(session, sorted(held_before - held)):
            ask_for_answer(session, record.sha256)
        if held != held_before:
            editions.void_unsent(session, str(period), f"kỳ {period} được khóa từ {locked_from:%Y-%m-%d}")
    note("period-locked", period=str(period), locked_from=locked_from.isoformat(), by=by.strip(), held=len(held))
    write_status_page(run, period)
    return Locked(period, locked_from, len(held))


def unlock_period(run: Run, period: Period, unit_code: str | None, reason: str, by: str) -> int:
    """Let the submissions that a lock holds back count from now on; gives how many.

    Raises:
        BadLock: if the period is not locked, nothing is held back, or reason or name are missing.
    """
    _refuse(period, by)
    if not reason.strip():
        raise BadLock("Phải ghi lý do: --unlock-reason “…”; lý do được in trong báo cáo sau.")
    with one_at_a_time(run), run.ledger.write() as session:
        if locks.lock_of(session, str(period)) is None:
            raise BadLock(f"Kỳ {period} không khóa; không có gì để mở.")
        held = locks.held_submissions(session, str(period), unit_code)
        if not held:
            whose = f" của đơn vị {unit_code}" if unit_code else ""
            raise BadLock(f"Kỳ {period} không có báo cáo nào{whose} đang bị giữ lại vì khóa.")
        locks.unlock(session, held, reason.strip(), by.strip(), run.now())
        for record in submissions.records_of(session, held):
            ask_for_answer(session, record.sha256)
            editions.void_unsent(
                session,
                str(period),
                f"{record.unit_code}: lần nộp {record.revision} được mở khóa sau khi lập bản này",
            )
    note("period-unlocked", period=str(period), unit=unit_code, by=by.strip(), reason=reason.strip(), counted=len(held))
    write_status_page(run, period)
    return len(held)


def _refuse(period: Period, by: str) -> None:
    if not period.is_month:
        raise BadLock(f"Khóa từng tháng; {period} gồm nhiều tháng.")
    if not by.strip():
        raise BadLock("Phải ghi tên người thực hiện: --by “Họ và tên”.")
